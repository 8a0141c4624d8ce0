import type { Jobs } from '@avouch/core/work'
import { accessJobs } from './access/jobs.ts'
import { DETECT_JOB, detectJob } from './alerts/live.ts'
import { READS_JOB } from './serve/record.ts'
import { sealReadsJob } from './serve/seal-reads.ts'

/** Work handlers of weight security. */
export const jobs: Jobs = { [READS_JOB]: sealReadsJob, [DETECT_JOB]: detectJob, ...accessJobs }
