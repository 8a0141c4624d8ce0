import { type FileHandle, open } from 'node:fs/promises'
import { unreadable } from './process.ts'

/** Boxes that hold others on the way to a track's header. */
const WAY = ['moov', 'trak']
/** The largest header of a track, and the boxes looked at in one file. */
const HEADER = 92
const MOST_BOXES = 100_000

/** Bytes of the matrix: nine numbers that say how a track is turned (ISO/IEC 14496-12, 8.3.2). */
const MATRIX = 36

/** Writes into the second film how the first is turned by its header; both are MP4 or MOV. Their bytes stay as many. */
export async function keepTurn(from: string, to: string): Promise<void> {
  const matrix = await withFile(from, 'r', async (file) => {
    const at = await matrixAt(file)
    return read(file, at, MATRIX)
  })
  await withFile(to, 'r+', async (file) => {
    await file.write(matrix, 0, MATRIX, await matrixAt(file))
  })
}

async function withFile<T>(path: string, flags: string, act: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, flags)
  try {
    return await act(file)
  } finally {
    await file.close()
  }
}

async function read(file: FileHandle, at: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(bytes), 0, bytes, at)
  if (bytesRead < bytes) throw unreadable()
  return buffer
}

/** Where the matrix of the picture's track lies: the one track whose header gives it a size. */
async function matrixAt(file: FileHandle): Promise<number> {
  const { size } = await file.stat()
  const found: number[] = []
  let left = MOST_BOXES
  const walk = async (from: number, end: number): Promise<void> => {
    for (let at = from; at + 8 <= end; ) {
      if (left-- === 0) throw unreadable()
      const head = await read(file, at, at + 16 <= size ? 16 : 8)
      const short = head.readUInt32BE(0)
      const name = head.toString('latin1', 4, 8)
      const length =
        short === 1 && head.length === 16 ? Number(head.readBigUInt64BE(8)) : short === 0 ? end - at : short
      if (length < 8 || at + length > end) throw unreadable()
      const inner = at + (short === 1 ? 16 : 8)
      if (WAY.includes(name)) await walk(inner, at + length)
      if (name === 'tkhd' && length <= HEADER + 16) {
        const header = await read(file, inner, length - (inner - at))
        const matrix = header[0] === 1 ? 52 : 40
        if (header.length >= matrix + MATRIX + 8 && header.readUInt32BE(matrix + MATRIX) > 0)
          found.push(inner + matrix)
      }
      at += length
    }
  }
  await walk(0, size)
  const [only] = found
  if (only === undefined || found.length > 1) throw unreadable()
  return only
}
