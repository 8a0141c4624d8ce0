import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { AvouchError } from '@avouch/core/errors'

/** A file of plaintext, open for reading. Its number may be handed to other threads of this process. */
export type Source = { path: string; file: number; size: number }

/** Opens a regular file; links are not followed. Throws `input` where there is none. */
export function openSource(path: string): Source {
  try {
    const file = openSync(
      path,
      constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
    )
    const found = fstatSync(file)
    if (found.isFile()) return { path, file, size: found.size }
    closeSync(file)
  } catch (cause) {
    throw new AvouchError('input', `the file cannot be read: ${(cause as Error).message}`, {
      where: path,
      fix: 'Name a file that this user may read; links are not followed.',
      cause,
    })
  }
  throw new AvouchError('input', 'this is no regular file', { where: path })
}

export function closeSource({ file }: Source): void {
  closeSync(file)
}

/** Fills `into` from the file. Throws `conflict` where the file has become shorter, `disk` where it cannot be read. */
export function readSource(source: Source, into: Buffer, offset: number): void {
  for (let done = 0; done < into.length; ) {
    let read: number
    try {
      read = readSync(source.file, into, done, into.length - done, offset + done)
    } catch (cause) {
      throw new AvouchError('disk', `the file cannot be read: ${(cause as Error).message}`, {
        where: source.path,
        fix: 'Check the disk it lies on.',
        cause,
      })
    }
    if (read === 0) throw changed(source)
    done += read
  }
}

/** Throws `conflict` where the file is longer now than when it was opened. */
export function checkLength(source: Source): void {
  if (fstatSync(source.file).size !== source.size) throw changed(source)
}

function changed({ path }: Source): AvouchError {
  return new AvouchError('conflict', 'the file changed while it was being sealed', {
    where: path,
    fix: 'Seal it again when nothing writes to it any more.',
  })
}
