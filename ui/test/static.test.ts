import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleBrowser, fontFaces, fontFiles, styles } from '../src/static.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avouch-bundle-'))
})
afterAll(() => rm(folder, { recursive: true }))

test('a browser entry becomes one classic script, made anew when any of its files changes', async () => {
  await writeFile(join(folder, 'part.ts'), 'export const answer: number = 41\n')
  await writeFile(
    join(folder, 'entry.ts'),
    "import { answer } from './part.ts'\nglobalThis.found = answer + 1\n",
  )
  const found = async () => {
    const context = createContext({})
    runInContext(await bundleBrowser(join(folder, 'entry.ts')), context)
    return context.found
  }
  expect(await bundleBrowser(join(folder, 'entry.ts'))).not.toMatch(/\bimport\b|\bexport\b/)
  expect(await found()).toBe(42)
  await writeFile(join(folder, 'part.ts'), 'export const answer: number = 99\n')
  expect(await found()).toBe(100)
})

test('an entry that does not build is refused', async () => {
  await writeFile(join(folder, 'broken.ts'), "import './nowhere.ts'\n")
  await expect(bundleBrowser(join(folder, 'broken.ts'))).rejects.toThrow('nowhere')
})

test('fonts are inlined or named, and styles load nothing', async () => {
  const files = await fontFiles()
  const inline = await fontFaces()
  expect(inline.match(/data:font\/woff2;base64,/g)).toHaveLength(files.length)
  expect(inline.length).toBeLessThan(220_000)
  const linked = await fontFaces('/fonts/')
  for (const { name } of files) expect(linked).toContain(`url(/fonts/${name})`)
  expect(await styles()).not.toMatch(/url\(|@import/)
})
