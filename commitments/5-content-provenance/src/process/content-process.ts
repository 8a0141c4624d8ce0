import { availableParallelism } from 'node:os'
import type { Jobs } from './jobs.ts'
import { type How, openPool } from './pool.ts'

const LIMITS = {
  module: new URL('./main.ts', import.meta.url),
  seconds: 60,
  heapMib: 768,
  // a whole job's room, the heap, and what libraries hold besides
  memoryMib: 4_096,
}
const QUICK = {
  ...LIMITS,
  processes: Math.max(1, Math.min(4, availableParallelism())),
  waiting: 16,
  roomBytes: 2 * 2 ** 30,
}
// anyone may check, and whoever floods that must not keep the company's services from marking
const marks = openPool(QUICK)
const short = openPool({ ...QUICK, yields: true })
// marking a film may take as long as the film, and checks by everyone do not wait for it
const long = openPool({ ...LIMITS, processes: 1, waiting: 8, roomBytes: 2 ** 30 })
const slow = openPool({ ...LIMITS, processes: 2, waiting: 8, roomBytes: 2 ** 30, yields: true })

/**
 * Has a content process do a job. One that takes longer than a minute, or more memory than it may have, is ended, and with
 * it only its own job. Throws what the job threw; `limit` where it was ended; `unavailable` where too many wait.
 */
export async function inContentProcess<J extends keyof Jobs>(
  job: J,
  ...given: Parameters<Jobs[J]>
): Promise<Awaited<ReturnType<Jobs[J]>>> {
  return (await short.ask(job, given)) as Awaited<ReturnType<Jobs[J]>>
}

/** The same for what may take so many seconds, such as films: in processes beside the others, marking one at a time. */
export async function inContentProcessFor<J extends keyof Jobs>(
  seconds: number | undefined,
  job: J,
  ...given: Parameters<Jobs[J]>
): Promise<Awaited<ReturnType<Jobs[J]>>> {
  return inContentProcessWith({ seconds }, job, ...given)
}

/** The same for a job that has some of its work done here: by the functions that it asks for by name. */
export async function inContentProcessWith<J extends keyof Jobs>(
  how: How & { seconds: number | undefined },
  job: J,
  ...given: Parameters<Jobs[J]>
): Promise<Awaited<ReturnType<Jobs[J]>>> {
  const marking = job === 'mark' || job === 'markFile' || job === 'sign'
  const pool = how.seconds === undefined ? (marking ? marks : short) : marking ? long : slow
  return (await pool.ask(job, given, how)) as Awaited<ReturnType<Jobs[J]>>
}
