import { setImmediate } from 'node:timers/promises'

/** Tells whoever runs this process how much of a long job is done, from 0 to 1. */
type Tell = (done: number) => void

let tell: Tell | undefined

/** In a content process. */
export function tellProgressBy(given: Tell): void {
  tell = given
}

/** Milliseconds between two times that something is told. */
const EVERY = 500

/**
 * What is done of a job, from 0 to 1, told now and then. To be awaited after each piece of work: it lets the process hear
 * that nobody waits for the job any more, which computing on would keep from it.
 */
export function progressTeller(): (done: number) => Promise<void> {
  let last = Date.now()
  return async (done) => {
    const now = Date.now()
    if (now - last < EVERY) return
    last = now
    tell?.(Math.max(0, Math.min(1, done)))
    await setImmediate()
  }
}
