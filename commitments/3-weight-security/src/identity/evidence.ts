import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

/** Somebody said whom a name in events stands for; `person` is null where it no longer stands for anybody. */
export const identityEvidence = defineEvidence('weight-security/identity/v1', {
  title: 'Name in events linked to a person',
  schema: z.object({
    name: z.string().min(1).max(200),
    person: z.uuid().nullable(),
    /** A person's id, or `local` for the command line. */
    by: z.string().min(1).max(200),
  }),
})
