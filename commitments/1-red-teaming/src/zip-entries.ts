import { PassThrough, type Readable } from 'node:stream'
import { crc32, createInflateRaw, createZstdDecompress } from 'node:zlib'
import yauzl from 'yauzl'
import { brokenAt, checkPart, MAX_PART } from './import-bytes.ts'
import type { Source } from './imported.ts'

/** Entries of an archive at most. */
const MAX_ENTRIES = 2_000_000
const STORED = 0
const DEFLATE = 8
/** Zstandard, APPNOTE.TXT 6.3.7 section 4.4.5. */
const ZSTD = 93

/** One file of an archive; `read` gives its bytes, checked against their CRC-32. */
export type ZipEntry = { name: string; size: number; read(): Promise<Buffer> }

class SourceReader extends yauzl.RandomAccessReader {
  readonly #source: Source
  constructor(source: Source) {
    super()
    this.#source = source
  }
  override _readStreamForRange(start: number, end: number): Readable {
    const through = new PassThrough()
    const stream = this.#source.stream(start, end)
    stream.on('error', (error) => through.destroy(error))
    return stream.pipe(through)
  }
}

/**
 * The entries of a zip archive in the order of its directory, read one at a time; stored, deflated and Zstandard ones.
 * An entry that unpacks to more than `MAX_PART`, or to more than its directory says, is refused while unpacking.
 * Throws `input` with the entry where the archive is corrupt or packed in another way.
 */
export async function* zipEntries(source: Source): AsyncGenerator<ZipEntry> {
  const zip = await yauzl
    .fromRandomAccessReaderPromise(new SourceReader(source), source.size, { validateEntrySizes: true })
    .catch((cause: Error) => {
      throw brokenAt(source.name, `this is no whole zip archive: ${cause.message}`, cause)
    })
  if (zip.entryCount > MAX_ENTRIES) throw brokenAt(source.name, 'the archive has too many entries')
  const entries = zip.eachEntry()[Symbol.asyncIterator]()
  for (;;) {
    const next = await entries.next().catch((cause: Error) => {
      throw brokenAt(source.name, `the directory of the archive is broken: ${cause.message}`, cause)
    })
    if (next.done) return
    const entry = next.value
    yield {
      name: entry.fileName,
      size: entry.uncompressedSize,
      read: () => unpack(zip, entry, `${source.name}, entry ${entry.fileName}`),
    }
  }
}

async function unpack(zip: yauzl.ZipFile, entry: yauzl.Entry, where: string): Promise<Buffer> {
  checkPart(entry.uncompressedSize, where, 'the entry')
  if ((entry.generalPurposeBitFlag & 1) !== 0) throw brokenAt(where, 'the entry is encrypted')
  const parts: Buffer[] = []
  let size = 0
  let sum = 0
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
    const raw = await packedBytes(zip, fileDataStart, entry.compressedSize)
    const plain = decoded(raw, entry.compressionMethod, where)
    for await (const part of plain as AsyncIterable<Buffer>) {
      size += part.length
      if (size > entry.uncompressedSize || size > MAX_PART) {
        plain.destroy()
        raw.destroy()
        throw brokenAt(where, 'the entry unpacks to more than its directory says')
      }
      sum = crc32(part, sum)
      parts.push(part)
    }
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'AvouchError') throw cause
    throw brokenAt(where, 'the entry does not unpack', cause)
  }
  if (size !== entry.uncompressedSize || sum !== entry.crc32 >>> 0)
    throw brokenAt(where, 'the entry is not what its checksum says')
  return Buffer.concat(parts)
}

/** Bytes as they are packed. The library's own promise of this goes by way of unpacking, which knows no Zstandard. */
function packedBytes(zip: yauzl.ZipFile, start: number, size: number): Promise<Readable> {
  return new Promise((resolve, reject) => {
    zip.openReadStreamLowLevel(start, size, 0, size, false, null, (error, stream) =>
      error ? reject(error) : resolve(stream),
    )
  })
}

function decoded(raw: Readable, method: number, where: string): Readable {
  if (method === STORED) return raw
  if (method !== DEFLATE && method !== ZSTD)
    throw brokenAt(where, `the entry is packed by method ${method}; stored, deflate and zstd are known`)
  const decoder = method === DEFLATE ? createInflateRaw() : createZstdDecompress()
  raw.on('error', (error) => decoder.destroy(error))
  return raw.pipe(decoder)
}
