import { open } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'

/** The largest file that is taken from the command line; each family has a limit of its own. */
export const MOST_BYTES = 256 * 2 ** 20

/** The bytes of a file that a person named, at most `most`. Throws `input` where it cannot be read, `limit` where it is larger. */
export async function readGiven(path: string, most: number): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((cause: NodeJS.ErrnoException) => {
    throw new AvouchError('input', `the file cannot be read: ${cause.code}`, {
      where: path,
      fix: 'Name a file that is there and may be read.',
      cause,
    })
  })
  try {
    const found = await file.stat()
    if (!found.isFile()) throw new AvouchError('input', 'this is no file', { where: path })
    if (found.size > most)
      throw new AvouchError('limit', `the file has more than ${most} bytes`, { where: path })
    return new Uint8Array(await file.readFile())
  } finally {
    await file.close()
  }
}
