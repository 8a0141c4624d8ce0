import { open, readFile } from 'node:fs/promises'

/** Content that lies in a private file, for it may be too large to be held. */
export type OnDisk = { file: string; size: number }

/** So many leading bytes tell what nearly every file is. */
const HEAD = 65_536

/** The leading bytes of a file, as many as tell what it is. */
export async function headOf({ file }: OnDisk): Promise<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(HEAD), 0, HEAD, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** All of it. */
export async function bytesOf({ file }: OnDisk): Promise<Uint8Array> {
  const { buffer, byteOffset, length } = await readFile(file)
  return new Uint8Array(buffer, byteOffset, length)
}

/** A file in pieces, each of which begins with the last bytes of the one before: so many, for what lies across two. */
export async function* piecesOf({ file }: OnDisk, overlap: number): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r')
  try {
    const piece = new Uint8Array(2 ** 20)
    for (let at = 0; ; ) {
      const { bytesRead } = await handle.read(piece, 0, piece.length, at)
      if (bytesRead > 0) yield piece.subarray(0, bytesRead)
      if (bytesRead < piece.length) return
      at += bytesRead - overlap
    }
  } finally {
    await handle.close()
  }
}
