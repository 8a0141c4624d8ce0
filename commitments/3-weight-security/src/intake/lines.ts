import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { AvouchError } from '@avouch/core/errors'
import { openRegular } from '../regular-file.ts'

/** Longer lines are malformed, whatever they hold. */
export const LONGEST_LINE = 65_536
const CHUNK = 1_048_576
/** What a compressed file may unpack to: a terabyte of text is no log. */
const MOST_UNPACKED = 2 ** 40

/**
 * The bytes of a file, of one compressed by gzip (`.gz`), or of standard input (`-`). `packed` is given them as they
 * stand in the file. Throws `input` or `disk`.
 */
export async function* bytesOf(
  path: string,
  signal?: AbortSignal,
  packed?: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  const raw = path === '-' ? process.stdin : await openStream(path)
  const unpacked = path.endsWith('.gz') ? unzipped(raw) : raw
  if (packed && unpacked !== raw) raw.on('data', packed)
  let total = 0
  try {
    for await (const chunk of unpacked) {
      signal?.throwIfAborted()
      if (packed && unpacked === raw) packed(chunk as Buffer)
      total += (chunk as Buffer).length
      if (total > MOST_UNPACKED)
        throw new AvouchError('limit', 'it unpacks to more than a terabyte', { where: path })
      yield chunk as Buffer
    }
  } catch (error) {
    throw asAvouch(error, path)
  } finally {
    if (path !== '-') raw.destroy()
  }
}

async function openStream(path: string): Promise<Readable> {
  try {
    return (await openRegular(path)).createReadStream({ highWaterMark: CHUNK })
  } catch (error) {
    throw asAvouch(error, path)
  }
}

/** An error of the source ends the reading of what is unpacked from it. */
function unzipped(raw: Readable): Readable {
  const gunzip = createGunzip({ chunkSize: CHUNK })
  raw.on('error', (error) => gunzip.destroy(error))
  return raw.pipe(gunzip)
}

/**
 * Lines of a stream of bytes, a batch for each chunk, decoded as UTF-8 (what is no UTF-8 becomes replacement characters
 * and fails as JSON or as itself). A line that is too long comes as an empty text, which is no event.
 */
export async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string[]> {
  let rest: Buffer[] = []
  let held = 0
  /** Whether the line under way has grown too long already. */
  let over = false
  for await (const chunk of chunks) {
    const last = chunk.lastIndexOf(10)
    if (last < 0) {
      if (!over) rest.push(chunk)
      held += chunk.length
      if (held > LONGEST_LINE) {
        over = true
        rest = []
      }
      continue
    }
    const first = over ? chunk.indexOf(10) : 0
    const head = over ? chunk.subarray(first, last) : Buffer.concat([...rest, chunk.subarray(0, last)])
    const lines: string[] = over ? [''] : []
    over = false
    split(head.toString('utf8'), lines)
    rest = [chunk.subarray(last + 1)]
    held = chunk.length - last - 1
    yield lines
  }
  if (over) yield ['']
  else if (held > 0) yield split(Buffer.concat(rest).toString('utf8'), [])
}

/** Empty lines are none; one that is too long becomes an empty text. */
function split(text: string, lines: string[]): string[] {
  let from = 0
  while (from < text.length) {
    let to = text.indexOf('\n', from)
    if (to < 0) to = text.length
    if (to - from > LONGEST_LINE) lines.push('')
    else if (to > from && !(to - from === 1 && text.charCodeAt(from) === 13)) lines.push(text.slice(from, to))
    from = to + 1
  }
  return lines
}

export function asAvouch(error: unknown, path: string): unknown {
  if (error instanceof AvouchError) return error
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT' || code === 'EISDIR' || code === 'EACCES')
    return new AvouchError('input', `it cannot be read: ${message}`, {
      where: path,
      fix: 'Give a file of JSON Lines, one compressed with gzip (.gz), or - for standard input.',
      cause: error,
    })
  if (code?.startsWith('Z_'))
    return new AvouchError('input', `it is not whole gzip: ${message}`, {
      where: path,
      fix: 'Compress it again, or give it unpacked.',
      cause: error,
    })
  if (code?.startsWith('E')) return new AvouchError('disk', message, { where: path, cause: error })
  return error
}
