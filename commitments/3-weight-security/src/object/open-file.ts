import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync } from 'node:fs'
import { link, readdir, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { BlobConfig } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import { contextOf } from './object.ts'
import type { OpenedObject } from './open.ts'
import type { OpenAnswer, OpenTask } from './open-worker.ts'
import { BATCH_SEGMENTS, bytesOf } from './range.ts'
import { unpackError } from './thread-error.ts'

/**
 * Writes the opened segments to a new file of mode 0600, in `workers` threads. They go to `<path>.<pid>.partial`, each
 * only once it is authenticated; the name is given when all are there. On any failure nothing is left; what a killed
 * process left is removed by the next attempt at the same path. Throws `conflict` where the file exists.
 */
export async function openToFile(
  opened: OpenedObject,
  blobs: BlobConfig,
  path: string,
  options: OpenFileOptions = {},
): Promise<{ bytes: number }> {
  const partial = `${path}.${process.pid}.partial`
  const { start, end } = bytesOf(opened.object, opened.segments)
  try {
    await removeDead(path)
    if (existsSync(path)) throw taken(path)
    const file = openSync(partial, 'wx', 0o600)
    try {
      try {
        ftruncateSync(file, end + 1 - start)
        await inThreads(opened, { blobs, file, start }, options)
        fsyncSync(file)
      } finally {
        closeSync(file)
      }
      // a link, because a rename would replace what stands there
      await link(partial, path)
    } finally {
      await rm(partial, { force: true })
    }
    return { bytes: end + 1 - start }
  } catch (error) {
    throw asOutput(error, path)
  }
}

export type OpenFileOptions = { workers?: number; signal?: AbortSignal; onProgress?: (bytes: number) => void }

/** Plaintext that processes which have ended left at this path. */
async function removeDead(path: string): Promise<void> {
  for (const name of await readdir(dirname(path))) {
    const pid =
      name.startsWith(`${basename(path)}.`) && /^\.(\d+)\.partial$/.exec(name.slice(basename(path).length))
    if (pid && !isAlive(Number(pid[1]))) await rm(join(dirname(path), name), { force: true })
  }
}

/** Whether a process of this number runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

async function inThreads(
  opened: OpenedObject,
  to: Pick<OpenTask, 'blobs' | 'file' | 'start'>,
  { workers = 2, signal, onProgress }: OpenFileOptions,
): Promise<void> {
  const { object, key, segments } = opened
  const [first, last] = segments
  const { blob, header, segmentBytes, bytes } = object
  const task: OpenTask = {
    ...to,
    blob,
    key,
    header,
    segmentBytes,
    bytes,
    aad: Buffer.from(contextOf(object)),
  }
  let next = first
  let done = 0
  let failure: unknown
  const count = Math.min(workers, Math.ceil((last + 1 - first) / BATCH_SEGMENTS))
  const run = (): Promise<void> =>
    new Promise((resolve) => {
      const worker = new Worker(new URL('./open-worker.ts', import.meta.url), { workerData: task })
      const fail = (error: unknown): void => {
        failure ??= error
        void worker.terminate()
      }
      worker.on('error', fail)
      worker.on('exit', () => resolve())
      worker.on('message', async (answer: OpenAnswer) => {
        if ('error' in answer) return fail(unpackError(answer.error))
        done += answer.written
        onProgress?.(done)
        if (signal?.aborted) return fail(signal.reason)
        if (failure !== undefined || next > last) return worker.postMessage(undefined)
        const batch: [number, number] = [next, Math.min(last, next + BATCH_SEGMENTS - 1)]
        next = batch[1] + 1
        try {
          await opened.authorise.read?.(object, batch)
          worker.postMessage(batch)
        } catch (error) {
          fail(error)
        }
      })
    })
  await Promise.all(Array.from({ length: count }, run))
  if (failure !== undefined) throw failure
  if (done !== bytesOf(object, segments).end + 1 - to.start)
    throw new AvouchError('internal', `a thread ended early: ${done} bytes were written`)
}

const CODES: Record<string, [code: 'disk' | 'input', what: string, fix: string]> = {
  ENOENT: ['input', 'the folder is missing', 'Make it first.'],
  ENOTDIR: ['input', 'the folder is none', 'Name another.'],
  EISDIR: ['input', 'this is a folder', 'Name a file.'],
  EACCES: ['disk', 'the file cannot be written', 'Choose a folder this user may write.'],
  ENOSPC: ['disk', 'the disk is full', 'Free space on it, or choose another place. Nothing is left of it.'],
}

/** An error of writing to `path`, in words; any other as it is. */
export function asOutput(error: unknown, path: string): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EEXIST') return taken(path)
  const meaning = CODES[code]
  if (error instanceof AvouchError || meaning === undefined) return error
  return new AvouchError(meaning[0], meaning[1], { where: path, fix: meaning[2], cause: error })
}

export function taken(path: string): AvouchError {
  return new AvouchError('conflict', 'the file exists', {
    where: path,
    fix: 'Name a file that does not; nothing is replaced.',
  })
}
