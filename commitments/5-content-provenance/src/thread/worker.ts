import { parentPort } from 'node:worker_threads'
import { packError, type ThreadError } from './error.ts'
import { type Jobs, jobs } from './jobs.ts'

/** A question to the content thread, and its answer. */
export type Question = { job: keyof Jobs; given: unknown[] }
export type Answer = { done: unknown } | { error: ThreadError }

if (parentPort) {
  const port = parentPort
  port.on('message', async ({ job, given }: Question) => {
    try {
      const run = jobs[job] as (...given: unknown[]) => Promise<unknown>
      port.postMessage({ done: await run(...given) } satisfies Answer)
    } catch (error) {
      port.postMessage({ error: packError(error) } satisfies Answer)
    }
  })
}
