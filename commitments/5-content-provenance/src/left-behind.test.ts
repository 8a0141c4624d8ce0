import { existsSync, mkdtempSync, rmSync, utimesSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'

it('what another thread of this program uses is not taken for forgotten, and what a program before it left is', async () => {
  const made = (prefix: string) => mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  const [used, left] = [made('avouch-process-'), made('avouch-process-')]
  const [sent, forgotten] = [made('avouch-upload-'), made('avouch-upload-')]
  for (const folder of [left, forgotten]) utimesSync(folder, 1_000, 1_000)
  // as another thread has them
  vi.resetModules()
  const { makeProcessFolder, removeProcessFolder } = await import('./process/folder.ts')
  const { sweepUploads } = await import('./upload-folder.ts')
  removeProcessFolder(makeProcessFolder())
  await sweepUploads()
  expect([used, left, sent, forgotten].map((folder) => existsSync(folder))).toEqual([
    true,
    false,
    true,
    false,
  ])
  for (const folder of [used, sent]) rmSync(folder, { recursive: true })
})
