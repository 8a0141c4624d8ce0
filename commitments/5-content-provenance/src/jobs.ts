import type { Jobs } from '@avouch/core/work'
import { recordCounts } from './mark/counts.ts'

/** Records what was marked since the last time. */
export const COUNT_JOB = 'content-provenance/count'

export const jobs: Jobs = {
  [COUNT_JOB]: async (installation) => {
    await recordCounts(installation)
  },
}
