import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLeftBehind } from '../left-behind.ts'

/** Folders of content processes; the number of the program that started them stands behind it. */
const PREFIX = 'avouch-process-'

const own = new Set<string>()

/**
 * A folder that nobody else can read, for one content process. It goes with that process, with this program, or, where this
 * program is killed, when the next one makes its first: what people sent must not stay.
 */
export function makeProcessFolder(): string {
  if (own.size === 0) {
    removeForgotten()
    process.once('exit', removeOwn)
  }
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`))
  own.add(folder)
  return folder
}

export function removeProcessFolder(folder: string): void {
  remove(folder)
  own.delete(folder)
  if (own.size === 0) process.off('exit', removeOwn)
}

function removeOwn(): void {
  for (const folder of own) remove(folder)
}

/** What killed programs left. */
function removeForgotten(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(/^avouch-process-(\d+)-/.exec(name)?.[1])
    if (Number.isNaN(pid)) continue
    const folder = join(tmpdir(), name)
    // one of another user's is not ours to remove, and another program may have removed it meanwhile
    const found = statSync(folder, { throwIfNoEntry: false })
    if (found?.uid === process.getuid?.() && isLeftBehind(pid, found!.mtimeMs)) remove(folder)
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 2 })
  } catch {
    // something that it started writes there still; the next program removes it
  }
}
