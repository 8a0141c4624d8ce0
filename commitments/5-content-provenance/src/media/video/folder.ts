import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Does something with bytes as a file, in a folder of its own that nobody else can read and that is removed. */
export async function withFolder<T>(
  bytes: Uint8Array,
  act: (file: string, folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'avouch-video-'))
  try {
    const file = join(folder, 'in')
    await writeFile(file, bytes, { mode: 0o600 })
    return await act(file, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
