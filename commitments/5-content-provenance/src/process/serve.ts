import { tellProgressBy } from '../media/progress.ts'
import { askRoomBy } from '../media/room.ts'
import { askBackBy } from './ask-back.ts'
import { type PackedError, packError, unpackError } from './error.ts'
import { type Parcel, reload, unload } from './parcels.ts'
import { giveParcels, takeParcels } from './pipe.ts'

/** A question to a content process and its answer; and what it asks for in between: room, and things it has done for it. */
export type Question = { job: string; given: unknown; parcels: Parcel[] }
export type Answer = { done: unknown } | { error: PackedError }
export type FromProcess =
  | { done: unknown; parcels: Parcel[] }
  | { error: PackedError }
  | { room: number }
  | { progress: number }
  | { call: string; given: unknown[] }
export type ToProcess = Question | { granted: number } | { called: Answer }

type Work = (...given: never[]) => unknown

/** Answers questions of the program that started this process with these jobs, until that program is gone. */
export function serve(jobs: Record<string, Work>): void {
  const tell = (message: FromProcess, loads: Uint8Array[] = []): void => {
    process.send?.(message, () => giveParcels(loads))
  }
  let granted: (() => void) | undefined
  // one after the other, for a job may read several files at once, and only one grant is waited for at a time
  let asked = Promise.resolve()
  askRoomBy((room) => {
    asked = asked.then(
      () =>
        new Promise((resolve) => {
          granted = resolve
          tell({ room })
        }),
    )
    return asked
  })
  tellProgressBy((progress) => tell({ progress }))
  // answers come in the order of asking
  const calls: ((answer: Answer) => void)[] = []
  askBackBy(
    (call, given) =>
      new Promise((resolve, reject) => {
        calls.push((answer) => ('error' in answer ? reject(unpackError(answer.error)) : resolve(answer.done)))
        tell({ call, given })
      }),
  )
  process.on('message', async (message: ToProcess) => {
    if ('granted' in message) return granted?.()
    if ('called' in message) return calls.shift()?.(message.called)
    try {
      const run = jobs[message.job] as (...given: unknown[]) => unknown
      const given = reload(message.given, message.parcels, takeParcels(message.parcels))!.value as unknown[]
      const { rest, parcels, loads } = unload(await run(...given))
      tell({ done: rest, parcels }, loads)
    } catch (error) {
      tell({ error: packError(error) })
    }
  })
  process.once('disconnect', () => process.exit())
}
