import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

/** The smallest evidence there is, for tests of faults. */
export const faultNote = defineEvidence('test/note/v1', {
  title: 'Note',
  schema: z.object({ n: z.number() }),
})
