import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { Readable } from 'node:stream'
import { open, SEAL_BYTES, seal } from '@avouch/core/crypto'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { Source } from './imported.ts'

/** Plain bytes sealed at a time. */
const CHUNK = 1024 * 1024

/** A file on disk. Throws `input` where it cannot be read or is no file. */
export async function fileSource(path: string): Promise<Source> {
  const found = await stat(path).catch((cause: Error) => {
    throw new AvouchError('input', `${path} cannot be read`, {
      where: path,
      fix: 'Give the path of a file.',
      cause,
    })
  })
  if (!found.isFile())
    throw new AvouchError('input', `${path} is no file`, { where: path, fix: 'Give the path of a file.' })
  return {
    name: basename(path),
    size: found.size,
    stream: (start = 0, end = found.size) =>
      end <= start
        ? Readable.from([])
        : createReadStream(path, { start, end: end - 1, highWaterMark: CHUNK }),
  }
}

/** Seals a source under `key`, a chunk at a time, each in its own place. Returns what was sealed. */
export async function sealSource(
  { blobs }: Pick<Installation, 'blobs'>,
  blob: string,
  key: Uint8Array,
  source: Source,
): Promise<{ size: number; sha256: string }> {
  const hash = createHash('sha256')
  let size = 0
  async function* sealed(): AsyncGenerator<Buffer> {
    let number = 0
    for await (const chunk of chunks(source.stream())) {
      hash.update(chunk)
      size += chunk.length
      yield seal(key, chunk, `${blob}/${number++}`)
    }
  }
  await blobs.putStream(blob, Readable.from(sealed()))
  return { size, sha256: hash.digest('hex') }
}

/** The plain bytes of a sealed source, from anywhere in it. Reading throws `proof` where a byte was changed. */
export function sealedSource(
  { blobs }: Pick<Installation, 'blobs'>,
  blob: string,
  key: Uint8Array,
  about: { name: string; size: number },
): Source {
  return {
    ...about,
    stream(start = 0, end = about.size) {
      async function* plain(): AsyncGenerator<Buffer> {
        if (end <= start) return
        let number = Math.floor(start / CHUNK)
        const last = Math.floor((end - 1) / CHUNK)
        const length = (n: number): number => Math.min(CHUNK, about.size - n * CHUNK) + SEAL_BYTES
        const from = number * (CHUNK + SEAL_BYTES)
        const stream = await blobs.getStream(blob, {
          start: from,
          end: last * (CHUNK + SEAL_BYTES) + length(last) - 1,
        })
        if (!stream) throw new AvouchError('proof', 'the sealed file is missing', { where: blob })
        for await (const box of chunks(stream, CHUNK + SEAL_BYTES)) {
          const offset = number * CHUNK
          const chunk = open(key, box, `${blob}/${number++}`)
          yield chunk.subarray(Math.max(0, start - offset), Math.min(chunk.length, end - offset))
        }
        if (number !== last + 1) throw new AvouchError('proof', 'the sealed file is cut off', { where: blob })
      }
      return Readable.from(plain(), { objectMode: false, highWaterMark: CHUNK })
    },
  }
}

/** SHA-256 (hex) of all of a source. */
export async function digestOf(source: Source): Promise<string> {
  const hash: Hash = createHash('sha256')
  for await (const chunk of source.stream() as AsyncIterable<Buffer>) hash.update(chunk)
  return hash.digest('hex')
}

async function* chunks(stream: Readable, size = CHUNK): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let length = 0
  for await (const part of stream as AsyncIterable<Buffer>) {
    held.push(part)
    length += part.length
    if (length < size) continue
    const all = Buffer.concat(held)
    let at = 0
    for (; at + size <= all.length; at += size) yield all.subarray(at, at + size)
    held = [all.subarray(at)]
    length = all.length - at
  }
  if (length > 0) yield Buffer.concat(held)
}
