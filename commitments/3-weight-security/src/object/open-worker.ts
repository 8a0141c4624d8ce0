import { writevSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { openBlobParts } from '@avouch/core/blob'
import type { BlobConfig } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import { Floe } from '../floe/floe.ts'
import { layoutOf } from '../floe/parameters.ts'
import type { SegmentRange } from './authorise.ts'
import { parametersOf } from './object.ts'
import { decryptSegment } from './range.ts'
import { releaseAll } from './release.ts'
import { packError, type ThreadError } from './thread-error.ts'

/** What a thread that opens is told. It decrypts the batches it is sent, until it is sent `undefined`. */
export type OpenTask = {
  blobs: BlobConfig
  blob: string
  key: Uint8Array
  aad: Uint8Array
  header: Uint8Array
  segmentBytes: number
  bytes: number
  /** The file to write to, by number; the byte of plaintext that is its first. */
  file: number
  start: number
}

/** What it answers: a batch is written, and it is ready for the next; first of all, that it is ready. */
export type OpenAnswer = { written: number } | { error: ThreadError }

if (parentPort) {
  const port = parentPort
  const answer = (message: OpenAnswer): void => port.postMessage(message)
  try {
    const task = workerData as OpenTask
    const parameters = parametersOf(task.segmentBytes)
    const layout = layoutOf(parameters, task.bytes)
    const floe = Floe.open(task.key, task.aad, task.header, parameters)
    const place = Buffer.allocUnsafeSlow(task.segmentBytes)
    const reader = await openBlobParts(task.blobs).reader(task.blob)
    if (reader === undefined) throw new AvouchError('not-found', 'the encrypted object is gone')
    port.on('message', async (batch: SegmentRange | undefined) => {
      if (batch === undefined) {
        await reader.close()
        return port.close()
      }
      try {
        let written = 0
        for (let segment = batch[0]; segment <= batch[1]; segment++) {
          const pieces = await decryptSegment({ floe, layout, reader }, segment, place)
          writeAll(task.file, pieces, layout.at(segment).plainOffset - task.start)
          releaseAll(pieces)
          written += layout.at(segment).plainLength
        }
        answer({ written })
      } catch (error) {
        answer({ error: packError(error) })
      }
    })
    answer({ written: 0 })
  } catch (error) {
    answer({ error: packError(error) })
  }
}

function writeAll(file: number, pieces: readonly Buffer[], offset: number): void {
  const left = pieces.filter((piece) => piece.length > 0)
  for (let at = offset; left.length > 0; ) {
    let written: number
    try {
      written = writevSync(file, left, at)
    } catch (cause) {
      throw new AvouchError('disk', `the weights cannot be written: ${(cause as Error).message}`, {
        fix: 'Free space where they are to go, or choose another place. What was written is removed.',
        cause,
      })
    }
    at += written
    while (left.length > 0 && written >= left[0]!.length) written -= left.shift()!.length
    if (written > 0) left[0] = left[0]!.subarray(written)
  }
}
