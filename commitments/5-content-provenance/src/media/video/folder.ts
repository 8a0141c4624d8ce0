import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'avouch-media-'
/** No work on one file takes as long: what is older was left by a process that was killed. */
const FORGOTTEN = 2 * 3_600_000

/** A file in a folder of its own that nobody else can read. */
export type OwnFolder = {
  file: string
  folder: string
  /** To be called in any case; a process that ends before removes it too, but not one that is killed. */
  close(): Promise<void>
}

const open = new Set<string>()
let watched = false

/** Puts bytes there. What killed processes left behind is removed, so that no film or sound of anybody's stays. */
export async function openFolder(bytes: Uint8Array): Promise<OwnFolder> {
  await removeForgotten()
  if (!watched) {
    watched = true
    process.once('exit', () => {
      for (const folder of open) rmSync(folder, { recursive: true, force: true })
    })
  }
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  open.add(folder)
  const close = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true })
    open.delete(folder)
  }
  const file = join(folder, 'in')
  try {
    await writeFile(file, bytes, { mode: 0o600 })
  } catch (error) {
    await close()
    throw error
  }
  return { file, folder, close }
}

/** Does something with bytes as a file, in such a folder. */
export async function withFolder<T>(
  bytes: Uint8Array,
  act: (file: string, folder: string) => Promise<T>,
): Promise<T> {
  const { file, folder, close } = await openFolder(bytes)
  try {
    return await act(file, folder)
  } finally {
    await close()
  }
}

async function removeForgotten(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(PREFIX))
  for (const name of names) {
    const folder = join(tmpdir(), name)
    // another process may have removed it meanwhile, and one of another user's is not ours to remove
    const found = await stat(folder).catch(() => undefined)
    if (found?.isDirectory() && found.uid === process.getuid?.() && Date.now() - found.mtimeMs > FORGOTTEN)
      await rm(folder, { recursive: true, force: true })
  }
}
