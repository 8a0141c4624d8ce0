import { rmSync } from 'node:fs'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isLeftBehind } from './left-behind.ts'

const PREFIX = 'avouch-upload-'
const NAME = /^avouch-upload-(\d{1,10})-/

const open = new Set<string>()
let watched = false

/** A folder for what somebody sends, which nobody else can read. `remove` is to be called in any case. */
export type UploadFolder = { path: string; remove(): Promise<void> }

export async function openUploadFolder(): Promise<UploadFolder> {
  if (!watched) {
    watched = true
    process.once('exit', () => {
      for (const path of open) rmSync(path, { recursive: true, force: true })
    })
  }
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  open.add(path)
  return {
    path,
    remove: async () => {
      await rm(path, { recursive: true, force: true })
      open.delete(path)
    },
  }
}

/** Removes what processes left that were killed, so that nothing of anybody's stays. To be called when a server starts. */
export async function sweepUploads(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = NAME.exec(name)?.[1]
    const path = join(tmpdir(), name)
    if (pid === undefined || open.has(path)) continue
    // one of another user's is not ours to remove
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory() && found.uid === process.getuid?.() && isLeftBehind(Number(pid), found.mtimeMs))
      await rm(path, { recursive: true, force: true })
  }
}
