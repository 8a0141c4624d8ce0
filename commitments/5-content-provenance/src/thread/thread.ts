import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { AvouchError } from '@avouch/core/errors'
import { unpackError } from './error.ts'
import type { Jobs } from './jobs.ts'
import type { Answer, Question } from './worker.ts'

const THREADS = Math.max(1, Math.min(4, availableParallelism()))
/** Questions that may wait; a further one is refused, so that a flood of uploads fills no memory. */
const WAITING = 16
const SECONDS = 60
/** Of a thread's own heap. Pixels lie outside of it; they are bounded by `media/limits.ts` before any is decoded. */
const HEAP_MIB = 768

type Waiting = { question: Question; settle: (answer: Answer) => void }

const idle: Worker[] = []
const waiting: Waiting[] = []
let threads = 0

/**
 * Has the content thread do a job. Threads are started when they are needed and kept. One that takes longer than a minute,
 * or more memory than it may have, is ended, and with it only its own job. Throws what the job threw; `limit` where it
 * took too long, or too many wait.
 */
export function inThread<J extends keyof Jobs>(
  job: J,
  ...given: Parameters<Jobs[J]>
): Promise<Awaited<ReturnType<Jobs[J]>>> {
  return new Promise((resolve, reject) => {
    if (waiting.length >= WAITING)
      return reject(
        new AvouchError('unavailable', 'too many files are waiting to be read', {
          fix: 'Try again in a while.',
        }),
      )
    waiting.push({
      question: { job, given },
      settle: (answer) =>
        'error' in answer
          ? reject(unpackError(answer.error))
          : resolve(answer.done as Awaited<ReturnType<Jobs[J]>>),
    })
    next()
  })
}

function next(): void {
  if (waiting.length === 0) return
  const worker = idle.pop() ?? (threads < THREADS ? start() : undefined)
  if (worker !== undefined) ask(worker, waiting.shift()!)
}

function start(): Worker {
  threads++
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MIB },
  })
  worker.once('exit', () => {
    threads--
    const at = idle.indexOf(worker)
    if (at >= 0) idle.splice(at, 1)
    next()
  })
  return worker
}

function ask(worker: Worker, { question, settle }: Waiting): void {
  const end = (answer: Answer, reusable: boolean): void => {
    clearTimeout(timer)
    worker.removeAllListeners('message').removeAllListeners('error')
    worker.off('exit', onExit)
    // an idle thread keeps no program from ending
    worker.unref()
    if (reusable) idle.push(worker)
    else {
      worker.on('error', () => {})
      void worker.terminate()
    }
    settle(answer)
    next()
  }
  const failed = (message: string): Answer => ({
    error: { code: 'limit', message, fix: 'Use a smaller or simpler file.' },
  })
  const onExit = (): void => end(failed('reading the file ended the thread that read it'), false)
  const timer = setTimeout(
    () => end(failed(`reading the file took longer than ${SECONDS} s`), false),
    SECONDS * 1000,
  )
  worker.ref()
  worker.on('message', (answer: Answer) => end(answer, true))
  worker.on('error', (error: NodeJS.ErrnoException) =>
    end(
      error.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? failed('reading the file took more memory than it may')
        : { error: { code: undefined, message: error.stack ?? error.message } },
      false,
    ),
  )
  worker.on('exit', onExit)
  worker.postMessage(question)
}
