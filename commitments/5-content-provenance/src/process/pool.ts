import type { ChildProcess } from 'node:child_process'
import type { Socket } from 'node:net'
import { AvouchError } from '@avouch/core/errors'
import { packError, unpackError } from './error.ts'
import { reload, unload } from './parcels.ts'
import { PIPE, receive } from './pipe.ts'
import type { Answer, FromProcess, ToProcess } from './serve.ts'
import { sharedRoom } from './shared-room.ts'
import { killProcess, type StartOptions, startProcess } from './start.ts'

export type PoolOptions = StartOptions & {
  /** Processes at most. They are started when they are needed and kept. */
  processes: number
  /** Questions that may wait; a further one is refused, so that a flood of uploads fills no memory. */
  waiting: number
  /** A job that takes longer is ended, where nothing else is said of it. Waiting for room does not count. */
  seconds: number
  /** For all processes together, outside of their heaps: what jobs ask for before they decode. */
  roomBytes: number
}

/** What a job may ask of the program that gave it: each once, for whoever took a decoder over would ask for more. */
export type Calls = Record<string, (...given: never[]) => Promise<unknown>>

/** How a job is done: within so many seconds, and with what it may ask for. */
export type How = Watch & { seconds?: number | undefined; calls?: Calls | undefined }

/** How whoever waits for a long job watches and stops it. */
export type Watch = {
  /** Told now and then how much of a long job is done, from 0 to 1. */
  onProgress?: ((done: number) => void) | undefined
  /** Ends the job where it is, and its process. */
  signal?: AbortSignal | undefined
}

type Waiting = {
  job: string
  given: unknown[]
  seconds: number
  calls: Calls
  how: How
  settle: (answer: Answer) => void
}

/** A process whose job was stopped has so many milliseconds to remove its files. */
const LEAVING = 5_000

/** Processes that do jobs. */
export type Pool = {
  /** Rejects with what the job threw; with `limit` where its process was ended; with `unavailable` where too many wait or it was stopped. */
  ask(job: string, given: unknown[], how?: How): Promise<unknown>
}

/**
 * Processes for work on bytes of strangers, who may crash a decoder or fill its memory: in a thread, either would end the
 * whole program. One that takes too long, or too much, is ended and replaced, and with it only its own job.
 */
export function openPool(options: PoolOptions): Pool {
  const idle: ChildProcess[] = []
  const waiting: Waiting[] = []
  const room = sharedRoom(options.roomBytes)
  let processes = 0

  function next(): void {
    while (waiting[0]?.how.signal?.aborted) waiting.shift()!.settle({ error: STOPPED })
    if (waiting.length === 0) return
    const child = idle.pop() ?? (processes < options.processes ? start() : undefined)
    if (child instanceof Error) {
      waiting.shift()!.settle(notStarted(child))
      next()
    } else if (child !== undefined) give(child, waiting.shift()!)
  }

  /** A new process; an error where none can be started, as on a full disk, and no other is there to wait for. */
  function start(): ChildProcess | Error | undefined {
    let child: ChildProcess
    try {
      child = startProcess(options)
    } catch (error) {
      return processes > 0 ? undefined : (error as Error)
    }
    processes++
    const gone = (): void => {
      child.removeAllListeners('exit').removeAllListeners('error')
      child.on('error', () => {})
      processes--
      const at = idle.indexOf(child)
      if (at >= 0) idle.splice(at, 1)
      next()
    }
    child.once('exit', gone).once('error', gone)
    // whose other end is gone; that its process has ended is told by itself
    pipeOf(child)?.on('error', () => {})
    return child
  }

  function give(child: ChildProcess, { job, given, seconds, calls, how, settle }: Waiting): void {
    let timer: NodeJS.Timeout | undefined
    let stop = (): void => {}
    const pipe = pipeOf(child)
    const guest = room.guest()
    const end = (answer: Answer, reusable: boolean | 'leaves'): void => {
      clearTimeout(timer)
      stop()
      guest.leave()
      child.off('message', onMessage).off('exit', onExit).off('error', onError)
      how.signal?.removeEventListener('abort', onAbort)
      if (reusable === true) {
        keepFromHolding(child)
        idle.push(child)
      } else if (!reusable) killProcess(child)
      settle(answer)
      next()
    }
    const failed = (message: string): Answer => ({
      error: { code: 'limit', message, fix: 'Use a smaller or simpler file.' },
    })
    const onExit = (code: number | null, signal: NodeJS.Signals | null): void =>
      end(failed(`reading the file ended the process that read it (${signal ?? code})`), false)
    const onError = (error: Error): void => end(notStarted(error), false)
    const onAbort = (): void => {
      // it ends when its channel closes, and removes what it wrote
      const leaving = setTimeout(() => killProcess(child), LEAVING).unref()
      child.once('exit', () => clearTimeout(leaving))
      if (child.connected) child.disconnect()
      pipe?.destroy()
      keepFromHolding(child)
      end({ error: STOPPED }, 'leaves')
    }
    let left = seconds * 1000
    let since = 0
    let asks = false
    const watch = (): void => {
      since = performance.now()
      timer = setTimeout(() => end(failed(`reading the file took longer than ${seconds} s`), false), left)
    }
    const pause = (): void => {
      clearTimeout(timer)
      left = Math.max(0, left - (performance.now() - since))
    }
    const allowed = { ...calls }
    const tell = (message: ToProcess): void => {
      // one that has just ended tells so by itself
      child.send(message, () => {})
    }
    const onMessage = (message: FromProcess): void => {
      if ('progress' in message) {
        how.onProgress?.(message.progress)
        return
      }
      if ('call' in message) {
        const does = Object.hasOwn(allowed, message.call) ? allowed[message.call] : undefined
        delete allowed[message.call]
        void answerCall(does, message).then((called) => tell({ called }))
        return
      }
      if ('error' in message) {
        end(message, true)
        return
      }
      if ('done' in message) {
        const { done, parcels } = message
        stop = receive(pipe, parcels, (loads) => {
          const whole = loads && reload(done, parcels, loads)
          if (whole) end({ done: whole.value }, true)
          else end(failed('the process that read the file gave no answer that can be taken'), false)
        })
        return
      }
      if (asks || !(message.room >= 0 && message.room < Number.POSITIVE_INFINITY)) {
        end(failed('reading the file asked for memory as none may'), false)
        return
      }
      pause()
      asks = true
      guest.enter(message.room, () => {
        asks = false
        watch()
        tell({ granted: message.room })
      })
    }
    child.ref()
    child.channel?.ref()
    pipe?.ref()
    // before the listener that counts processes, so that a job whose process ended is settled first
    child.prependListener('exit', onExit).prependListener('error', onError).on('message', onMessage)
    how.signal?.addEventListener('abort', onAbort, { once: true })
    watch()
    const { rest, parcels, loads } = unload(given)
    tell({ job, given: rest, parcels })
    for (const load of loads) pipe?.write(load)
  }

  return {
    ask: (job, given, how = {}) =>
      new Promise((resolve, reject) => {
        const { seconds = options.seconds, calls = {}, signal } = how
        if (signal?.aborted) return reject(unpackError(STOPPED))
        if (waiting.length >= options.waiting)
          return reject(
            new AvouchError('unavailable', 'too many files are waiting to be read', {
              fix: 'Try again in a while.',
            }),
          )
        waiting.push({
          job,
          given,
          seconds,
          calls,
          how,
          settle: (answer) => ('error' in answer ? reject(unpackError(answer.error)) : resolve(answer.done)),
        })
        next()
      }),
  }
}

/** What a system says of it names its folders, which are nobody's business but the log's. */
function notStarted(error: NodeJS.ErrnoException): Answer {
  const message = `no process can be started to read the file (${error.code ?? 'for an unknown reason'})`
  return { error: { code: 'unavailable', message, fix: 'Make room where temporary files are kept.' } }
}

const STOPPED = { code: 'unavailable', message: 'it was stopped before it was done' } as const

async function answerCall(
  found: Calls[string] | undefined,
  asked: { call: string; given: unknown[] },
): Promise<Answer> {
  try {
    const does = found as ((...given: unknown[]) => Promise<unknown>) | undefined
    if (does === undefined) throw new Error(`a job asked for ${asked.call}`)
    return { done: await does(...asked.given) }
  } catch (error) {
    return { error: packError(error) }
  }
}

/** An idle process keeps no program from ending; it ends when its channel closes. */
function keepFromHolding(child: ChildProcess): void {
  child.unref()
  child.channel?.unref()
  pipeOf(child)?.unref()
}

/** See `pipe.ts`; undefined where the process could not be started. */
function pipeOf(child: ChildProcess): Socket | undefined {
  return child.stdio?.[PIPE] as Socket | undefined
}
