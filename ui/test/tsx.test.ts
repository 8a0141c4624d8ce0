import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { transformTsx } from '../src/tsx.ts'

const run = promisify(execFile)
const here = (path: string) => JSON.stringify(new URL(path, import.meta.url).href)

/** Runs a module in a Node of its own: the hook is process-wide and Vitest has its own way with `.tsx`. */
async function inNode(source: string): Promise<string> {
  const folder = fileURLToPath(new URL('..', import.meta.url))
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', source], { cwd: folder })
  return stdout
}

test('plain Node imports components once the hook is registered, however often that is done', async () => {
  const out = await inNode(`
    await import(${here('../src/tsx.ts')})
    await import(${here('../src/tsx.ts')} + '?again')
    const { StatusMark } = await import(${here('../src/index.ts')})
    const { renderPage } = await import(${here('../src/static.ts')})
    const { createElement } = await import('react')
    console.log(renderPage(createElement(StatusMark, { status: 'partly' })))
  `)
  expect(out).toMatch(/^<!doctype html>\n<span class="av-status" data-status="partly">.*Partly met<\/span>/)
})

test('a .tsx file that does not parse is named', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'avouch-tsx-'))
  try {
    const path = join(folder, 'broken.tsx')
    await writeFile(path, 'export const x = <div>')
    const url = JSON.stringify(pathToFileURL(path).href)
    await expect(inNode(`await import(${here('../src/tsx.ts')}); await import(${url})`)).rejects.toThrow(
      'broken.tsx',
    )
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('the source map leads back to the file', () => {
  const code = transformTsx('/x/page.tsx', 'export const page = (n: number) => <b>{n}</b>\n')
  const [, map] = /sourceMappingURL=data:application\/json;base64,(\S+)/.exec(code) ?? []
  expect(JSON.parse(Buffer.from(map!, 'base64').toString())).toMatchObject({ sources: ['/x/page.tsx'] })
  expect(code).toContain('react/jsx-runtime')
})
