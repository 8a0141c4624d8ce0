import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AvouchError } from '../errors.ts'

/** The mark that a restore leaves; it is taken away once the log was compared with the last published heads. */
export const restoredMark = (home: string): string => join(home, 'restored.json')

/** Why the installation may not be written to, or undefined when it may. */
export async function readOnlyReason(home: string): Promise<AvouchError | undefined> {
  try {
    await readFile(restoredMark(home))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return new AvouchError('locked', 'this installation was restored from a backup and is read-only', {
    where: restoredMark(home),
    fix: 'Compare it with the last witnessed and published heads: `avouch restore compare CHECKPOINT` (a file or address).',
  })
}
