import { availableParallelism } from 'node:os'
import type { Jobs } from './jobs.ts'
import { openPool } from './pool.ts'

const pool = openPool({
  module: new URL('./content.ts', import.meta.url),
  processes: Math.max(1, Math.min(4, availableParallelism())),
  waiting: 16,
  seconds: 60,
  heapMib: 768,
  // a whole job's room, the heap, and what libraries hold besides
  memoryMib: 4_096,
  roomBytes: 2 * 2 ** 30,
})

/**
 * Has a content process do a job. One that takes longer than a minute, or more memory than it may have, is ended, and with
 * it only its own job. Throws what the job threw; `limit` where it was ended; `unavailable` where too many wait.
 */
export async function inThread<J extends keyof Jobs>(
  job: J,
  ...given: Parameters<Jobs[J]>
): Promise<Awaited<ReturnType<Jobs[J]>>> {
  return (await pool.ask(job, given)) as Awaited<ReturnType<Jobs[J]>>
}
