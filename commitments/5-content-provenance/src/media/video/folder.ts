import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const PREFIX = 'avouch-video-'
/** No work on one film takes as long: what is older was left by a process that was killed. */
const FORGOTTEN = 2 * 3_600_000

/**
 * Does something with bytes as a file, in a folder of its own that nobody else can read and that is removed. What killed
 * processes left behind is removed too, so that no film of anybody's stays.
 */
export async function withFolder<T>(
  bytes: Uint8Array,
  act: (file: string, folder: string) => Promise<T>,
): Promise<T> {
  await removeForgotten()
  const folder = await mkdtemp(join(tmpdir(), PREFIX))
  try {
    const file = join(folder, 'in')
    await writeFile(file, bytes, { mode: 0o600 })
    return await act(file, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
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
