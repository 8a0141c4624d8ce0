import { chmod, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { whileUnchanged } from './unchanged.ts'

let folder: string
let file: string
let reads = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avouch-unchanged-'))
  file = join(folder, 'file')
  reads = 0
})
afterEach(async () => {
  vi.useRealTimers()
  await rm(folder, { recursive: true })
})

/** As it is after so many seconds in which nobody touched the files. */
const later = (seconds: number) =>
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(Date.now() + seconds * 1_000) })
const read = () => whileUnchanged('test', [file], async () => ++reads)

it('reads what stands still once, and again when it is written, replaced, removed or has another mode', async () => {
  await writeFile(file, 'one')
  later(60)
  expect([await read(), await read(), await read()]).toEqual([1, 1, 1])
  await writeFile(file, 'two')
  expect([await read(), await read()]).toEqual([2, 2])
  await chmod(file, 0o600)
  expect([await read(), await read()]).toEqual([3, 3])
  await writeFile(`${file}.new`, 'two')
  await rename(`${file}.new`, file)
  expect([await read(), await read()]).toEqual([4, 4])
  await rm(file)
  expect([await read(), await read()]).toEqual([5, 5])
})

it('reads each time what was changed a moment ago, and what cannot be read', async () => {
  await writeFile(file, 'one')
  expect([await read(), await read()]).toEqual([1, 2])
  later(60)
  const fails = () => whileUnchanged('fails', [file], () => Promise.reject(new Error(`${++reads}`)))
  await expect(fails()).rejects.toThrow('3')
  await expect(fails()).rejects.toThrow('4')
})
