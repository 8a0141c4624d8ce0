import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { testBlobs } from '../testing/index.ts'
import { openFolderBlobs } from './folder.ts'
import { checkKey, isKey } from './key.ts'
import { openBlobs } from './open.ts'
import { ACCESS, BUCKET, type S3Server, startS3 } from './s3-server.fixture.ts'
import type { BlobStore } from './store.ts'

const all = async (keys: AsyncIterable<string>): Promise<string[]> => {
  const found: string[] = []
  for await (const key of keys) found.push(key)
  return found
}
const bytes = (text: string): Buffer => Buffer.from(text)
const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex')

function contract(open: () => { blobs: BlobStore }): void {
  it('gives back what was put, and undefined for nothing', async () => {
    const { blobs } = open()
    await blobs.put('a/b.bin', bytes('one'))
    expect(Buffer.from((await blobs.get('a/b.bin'))!).toString()).toBe('one')
    expect(await blobs.get('a/none')).toBeUndefined()
    expect(await blobs.getStream('a/none')).toBeUndefined()
  })

  it('takes the same bytes again and refuses others', async () => {
    const { blobs } = open()
    await blobs.put('same', bytes('one'))
    await blobs.put('same', bytes('one'))
    await expect(blobs.put('same', bytes('two'))).rejects.toMatchObject({ code: 'conflict', where: 'same' })
    await expect(blobs.putStream('same', Readable.from([bytes('two')]))).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await blobs.putStream('same', Readable.from([bytes('o'), bytes('ne')]))).toMatchObject({ size: 3 })
    await blobs.replace('same', bytes('two'))
    expect(Buffer.from((await blobs.get('same'))!).toString()).toBe('two')
  })

  it('lets one of many writers win and tells the others', async () => {
    const { blobs } = open()
    const outcomes = await Promise.allSettled(
      ['x', 'y', 'z', 'x'].map((text) => blobs.put('raced', bytes(text))),
    )
    const won = Buffer.from((await blobs.get('raced'))!).toString()
    expect(outcomes.map(({ status }) => status)).toEqual(
      [...'xyzx'].map((text) => (text === won ? 'fulfilled' : 'rejected')),
    )
  })

  it('streams more than a part, with size and digest, and ranges of it', async () => {
    const { blobs } = open()
    const data = randomBytes(17 * 1024 * 1024 + 5)
    const pieces = Array.from({ length: 35 }, (_, i) => data.subarray(i * 524_287, (i + 1) * 524_287))
    expect(Buffer.concat(pieces).length).toBe(data.length)
    expect(await blobs.putStream('big', Readable.from(pieces))).toEqual({
      size: data.length,
      sha256: sha256(data),
    })
    expect((await buffer((await blobs.getStream('big'))!)).equals(data)).toBe(true)
    const range = await buffer((await blobs.getStream('big', { start: 9_000_000, end: 9_000_009 }))!)
    expect(range.equals(data.subarray(9_000_000, 9_000_010))).toBe(true)
    expect(
      await buffer((await blobs.getStream('big', { start: data.length, end: data.length + 9 }))!),
    ).toHaveLength(0)
  })

  it('leaves nothing of a stream that breaks', async () => {
    const { blobs } = open()
    const source = Readable.from(
      (async function* () {
        yield randomBytes(9 * 1024 * 1024)
        throw new Error('the source broke')
      })(),
    )
    await expect(blobs.putStream('broken/one', source)).rejects.toThrow('the source broke')
    expect(await all(blobs.list('broken/'))).toEqual([])
  })

  it('lists by prefix, over pages, and deletes', async () => {
    const { blobs } = open()
    const keys = ['list/a', 'list/b/1', 'list/b/2', 'list/b/3', 'list/b/4', 'list/bc', 'list/d', 'lists/x']
    for (const key of keys) await blobs.put(key, bytes(key))
    expect((await all(blobs.list('list/'))).sort()).toEqual(keys.slice(0, 7))
    expect((await all(blobs.list('list/b'))).sort()).toEqual(keys.slice(1, 6))
    expect(await all(blobs.list('none/'))).toEqual([])
    await blobs.delete('list/a')
    await blobs.delete('list/a')
    expect(await blobs.get('list/a')).toBeUndefined()
  })

  it('refuses keys that could lead elsewhere', async () => {
    const { blobs } = open()
    for (const key of [
      '',
      '/',
      'a//b',
      '../x',
      'a/../b',
      './a',
      'A',
      'a\\b',
      'a b',
      'ä',
      'a\0',
      `${'a/'.repeat(500)}a`,
    ])
      await expect(blobs.get(key)).rejects.toMatchObject({ code: 'input' })
  })
}

describe('keys', () => {
  it('are taken or refused alike by both checks, and never leave a folder', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '.', '/', '-', 'B', '~', '\\'), maxLength: 12 }),
        (text) => {
          expect(isKey(text)).toBe(
            (() => {
              try {
                return checkKey(text) === text
              } catch {
                return false
              }
            })(),
          )
          if (isKey(text)) expect(join('/base', text)).toBe(`/base/${text}`)
        },
      ),
    )
  })
})

describe('the folder store', () => {
  let store: Awaited<ReturnType<typeof testBlobs>>
  beforeAll(async () => {
    store = await testBlobs()
  })
  afterAll(() => store.close())

  contract(() => ({ blobs: store }))

  it('leaves no unfinished file behind', async () => {
    const files = await readdir(store.dir, { recursive: true })
    expect(files.filter((name) => name.includes('~'))).toEqual([])
  })
})

/** A small file system of its own needs root and the right to mount; containers often lack it. */
const tiny = await (async () => {
  if (process.getuid?.() !== 0 || process.platform !== 'linux') return undefined
  const dir = await mkdtemp(join(tmpdir(), 'avouch-tiny-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir], { stdio: 'ignore' })
    return dir
  } catch {
    await rm(dir, { recursive: true })
    return undefined
  }
})()

describe.runIf(tiny !== undefined)('the folder store on a full disk (needs root and mount)', () => {
  afterAll(async () => {
    execFileSync('umount', [tiny!])
    await rm(tiny!, { recursive: true })
  })

  it('says so, and leaves what stood as it was', async () => {
    const blobs = openFolderBlobs(tiny!)
    await blobs.put('kept', bytes('kept'))
    const large = randomBytes(512 * 1024)
    await expect(blobs.put('large', large)).rejects.toMatchObject({
      code: 'disk',
      fix: expect.stringContaining('full'),
    })
    await expect(blobs.putStream('large', Readable.from([large]))).rejects.toMatchObject({ code: 'disk' })
    await expect(blobs.replace('kept', large)).rejects.toMatchObject({ code: 'disk' })
    expect(await readdir(tiny!)).toEqual(['kept'])
    expect(Buffer.from((await blobs.get('kept'))!).toString()).toBe('kept')
  })
})

describe('the S3 store', () => {
  let server: S3Server
  let blobs: BlobStore
  const at = (changes: object = {}) =>
    openBlobs({ kind: 's3', endpoint: server.url, bucket: BUCKET, ...ACCESS, ...changes })
  beforeAll(async () => {
    server = await startS3()
    blobs = await at()
  })
  afterAll(() => server.close())

  contract(() => ({ blobs }))

  it('leaves no unfinished upload behind', () => {
    expect(server.uploads.size).toBe(0)
  })

  it('notices other bytes that came between asking and writing', async () => {
    server.ways.race = { key: 'between', bytes: bytes('theirs') }
    await expect(blobs.put('between', bytes('ours'))).rejects.toMatchObject({ code: 'conflict' })
    await blobs.delete('between')
    await expect(
      blobs.putStream('between', Readable.from([randomBytes(9 * 1024 * 1024)])),
    ).rejects.toMatchObject({ code: 'conflict' })
    expect(server.objects.get('between')).toEqual(bytes('theirs'))
    expect(server.uploads.size).toBe(0)
    delete server.ways.race
  })

  it('does without conditions where the store knows none', async () => {
    server.ways.conditions = false
    await blobs.put('plain', bytes('one'))
    await expect(blobs.put('plain', bytes('two'))).rejects.toMatchObject({ code: 'conflict' })
    await blobs.putStream('plain-big', Readable.from([randomBytes(9 * 1024 * 1024)]))
    server.ways.conditions = true
    expect(server.objects.get('plain')).toEqual(bytes('one'))
    expect(server.objects.get('plain-big')).toHaveLength(9 * 1024 * 1024)
  })

  it('tries again after a passing failure, and says what a lasting one means', async () => {
    server.ways.failNext = 2
    await blobs.put('again', bytes('one'))
    await expect((await at({ secretAccessKey: 'wrong' })).get('again')).rejects.toMatchObject({
      code: 'config',
    })
    await expect((await at({ bucket: 'nowhere' })).get('again')).rejects.toMatchObject({
      code: 'config',
      fix: expect.stringContaining('bucket'),
    })
    const closed = await startS3()
    await closed.close()
    await expect((await at({ endpoint: closed.url })).get('again')).rejects.toMatchObject({ code: 'network' })
  })
})
