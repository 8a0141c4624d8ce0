import { AvouchError } from '@avouch/core/errors'
import type { Terminal } from '@avouch/core/verb'
import { readRegular } from '../regular-file.ts'
import { shown } from '../signing/resource-name.ts'

/** The bytes of a file named by an option, 1 MiB at most by default. Throws `input` where it cannot be read. */
export async function readSmallFile(path: string, option: string, most = 2 ** 20): Promise<Buffer> {
  try {
    return await readRegular(path, most)
  } catch (cause) {
    if (cause instanceof AvouchError)
      throw new AvouchError('input', `${shown(path)} is no file, or larger than ${most} bytes`, {
        where: option,
        cause,
      })
    throw new AvouchError(
      'input',
      `${shown(path)} cannot be read: ${(cause as NodeJS.ErrnoException).code}`,
      {
        where: option,
        fix: 'Name a file that is there and may be read.',
        cause,
      },
    )
  }
}

/** Shows how far hashing has come, in MiB. */
export function progressBytes(
  terminal: Terminal,
  task: string,
): (done: number, total: number, name?: string) => void {
  const mebibytes = (bytes: number): number => Math.ceil(bytes / 2 ** 20)
  return (done, total, name) => {
    // small models are done before anybody could read a line
    if (total > 2 ** 28)
      terminal.progress({
        ...{ task, done: mebibytes(done), total: mebibytes(total) },
        note: name === undefined ? 'MiB' : `MiB of ${name}`,
      })
  }
}
