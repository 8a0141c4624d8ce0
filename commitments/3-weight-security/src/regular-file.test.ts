import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPolicyFiles } from './access/policy/files.ts'
import { readSmallFile } from './commands/given.ts'
import { digestOfFile } from './intake/file-digest.ts'
import { bytesOf } from './intake/lines.ts'
import { openSource } from './object/source.ts'
import { readRegular } from './regular-file.ts'
import { readMapping } from './taking/mapping.ts'

let dir: string
let pipe: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'avouch-regular-'))
  pipe = join(dir, 'pipe')
  execFileSync('mkfifo', [pipe])
})
afterAll(() => rm(dir, { recursive: true, force: true }))

const all = async (chunks: AsyncIterable<Buffer>): Promise<number> => {
  let total = 0
  for await (const chunk of chunks) total += chunk.length
  return total
}

describe('files that are named by whoever configures', () => {
  it('are read whole up to their limit', async () => {
    const path = join(dir, 'file')
    await writeFile(path, 'x'.repeat(1000))
    expect((await readRegular(path, 1000)).length).toBe(1000)
    await expect(readRegular(path, 999)).rejects.toMatchObject({ code: 'limit' })
    await truncate(path, 2 ** 40)
    await expect(readSmallFile(path, '--file')).rejects.toMatchObject({ code: 'input' })
  })

  it('are never pipes nor devices, which nobody might ever end', async () => {
    const folder = join(dir, 'policy')
    await mkdir(folder)
    for (const path of [pipe, '/dev/zero', dir]) {
      const refused = { code: 'input' }
      await expect(readSmallFile(path, '--file'), path).rejects.toMatchObject(refused)
      await expect(readMapping(path), path).rejects.toMatchObject(refused)
      await expect(digestOfFile(path), path).rejects.toMatchObject(refused)
      await expect(all(bytesOf(path)), path).rejects.toMatchObject(refused)
      expect(() => openSource(path), path).toThrow(expect.objectContaining(refused))
    }
    execFileSync('mkfifo', [join(folder, 'a.cedar')])
    await expect(readPolicyFiles(folder)).rejects.toMatchObject({ code: 'input' })
  })
})
