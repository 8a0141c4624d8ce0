import { constants } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'

/** Opens a regular file for reading; a pipe, which nobody might ever write to, or a device is refused with `input`. */
export async function openRegular(path: string): Promise<FileHandle> {
  // without O_NONBLOCK opening a pipe waits for a writer, for ever; Windows has neither
  const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  const kind = await file.stat()
  if (kind.isFile()) return file
  await file.close()
  throw new AvouchError('input', 'this is no regular file', {
    where: path,
    fix: 'Name a file; a pipe is read from standard input, where a dash is taken for it.',
  })
}

/**
 * The bytes of a regular file of `most` at most, whatever its size is said to be. Throws `input` for anything but a file,
 * `limit` where it is larger; errors of the system as they are.
 */
export async function readRegular(path: string, most: number): Promise<Buffer> {
  const file = await openRegular(path)
  try {
    const chunks: Buffer[] = []
    let total = 0
    // some files of the system say they are empty, and never end
    for await (const chunk of file.createReadStream({ end: most, autoClose: false })) {
      chunks.push(chunk as Buffer)
      total += (chunk as Buffer).length
    }
    if (total > most) throw new AvouchError('limit', `it has more than ${most} bytes`, { where: path })
    return Buffer.concat(chunks)
  } finally {
    await file.close()
  }
}
