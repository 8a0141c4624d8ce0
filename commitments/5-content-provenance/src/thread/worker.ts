import { askRoomBy } from '../media/room.ts'
import { packError, type ThreadError } from './error.ts'

/** A question to a content process, its answer, and the room it asks for in between. */
export type Question = { job: string; given: unknown[] }
export type Answer = { done: unknown } | { error: ThreadError }
export type FromWorker = Answer | { room: number }
export type ToWorker = Question | { granted: number }

type Work = (...given: never[]) => unknown

/** Answers questions of the program that started this process with these jobs, until that program is gone. */
export function serve(jobs: Record<string, Work>): void {
  const tell = (message: FromWorker): void => {
    process.send?.(message)
  }
  let granted: (() => void) | undefined
  askRoomBy(
    (room) =>
      new Promise((resolve) => {
        granted = resolve
        tell({ room })
      }),
  )
  process.on('message', async (message: ToWorker) => {
    if ('granted' in message) return granted?.()
    try {
      const run = jobs[message.job] as (...given: unknown[]) => unknown
      tell({ done: await run(...message.given) })
    } catch (error) {
      tell({ error: packError(error) })
    }
  })
  process.once('disconnect', () => process.exit())
}
