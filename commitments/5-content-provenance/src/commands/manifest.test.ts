import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@avouch/core/config'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { manifestCommand } from './manifest.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'avouch-manifest-'))
})
afterAll(() => rm(home, { recursive: true, force: true }))

it('where a kind has no place for a manifest, none is said to be there', async () => {
  const file = join(home, 'film.webm')
  await writeFile(file, Buffer.from('\x1aE\xdf\xa3\x01\0\0\0\0\0\0\x1fB\x82\x84webm', 'latin1'))
  const said: string[] = []
  const results: unknown[] = []
  const terminal = {
    say: (line: string) => said.push(line),
    result: (result: unknown) => results.push(result),
  }
  const status = await manifestCommand.run({
    config: loadConfig({}, { home }),
    terminal,
    args: { FILE: file },
    options: {},
  } as never)
  expect(status).toBe(1)
  expect(said).toEqual(['The file carries no C2PA manifest. Many programs strip it.'])
  expect(results).toEqual([{ state: 'absent', words: said }])
})
