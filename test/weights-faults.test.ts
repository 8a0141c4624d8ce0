import { execFileSync, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rmSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '@avouch/core/config'
import { discoverCommitments } from '@avouch/core/discover'
import { openInstallation } from '@avouch/core/open'
import { installationDatabase } from '@avouch/core/testing'
import { describe, expect, it } from 'vitest'
import { openKek } from '../commitments/3-weight-security/src/kek/open.ts'
import type { WeightObject } from '../commitments/3-weight-security/src/object/object.ts'
import { openObject } from '../commitments/3-weight-security/src/object/open.ts'
import { openToFile } from '../commitments/3-weight-security/src/object/open-file.ts'
import {
  type SealWeightsOptions,
  sealWeights,
} from '../commitments/3-weight-security/src/object/seal-weights.ts'
import { listObjects, listSealings } from '../commitments/3-weight-security/src/store.ts'
import { ACCESS, BUCKET, startS3 } from '../core/src/blob/s3-server.fixture.ts'

const SEALER = fileURLToPath(new URL('./weights/sealer.ts', import.meta.url))
const MODEL = 'example@1'
const KILLS =
  process.env.AVOUCH_FAULTS === '1' ? [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1] : [0.3, 0.8]

type Place = { dir: string; env: NodeJS.ProcessEnv; blobs: string }

/** A home, a database and a folder of its own, gone afterwards. */
async function inPlace(env: NodeJS.ProcessEnv, work: (place: Place) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'avouch-weights-faults-'))
  const db = await installationDatabase(await discoverCommitments())
  const home = join(dir, 'home')
  try {
    await work({
      dir,
      env: { ...process.env, AVOUCH_LOG: 'silent', AVOUCH_HOME: home, AVOUCH_DATABASE_URL: db.url, ...env },
      blobs: env.AVOUCH_BLOBS ?? join(home, 'blobs'),
    })
  } finally {
    await db.close()
    await rm(dir, { recursive: true, force: true })
  }
}

/** Seals in another process that is killed by its id once it has come so far. */
async function sealAndKill({ env }: Place, path: string, share: number, segmentBytes: number): Promise<void> {
  const child = spawn(process.execPath, [SEALER, path, MODEL, String(share), String(segmentBytes)], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const first = await Promise.race([once(child.stdout, 'data'), ended])
  expect(String(first[0])).toMatch(/^at \d/)
  child.kill('SIGKILL')
  expect((await ended)[1]).toBe('SIGKILL')
}

type Sealing = {
  seal(path: string, options?: Partial<SealWeightsOptions>): ReturnType<typeof sealWeights>
  open(object: WeightObject): Promise<Buffer>
  objects(): Promise<WeightObject[]>
  unfinished(): Promise<{ id: string; header: Buffer }[]>
}

async function sealing(place: Place, work: (sealing: Sealing) => Promise<void>): Promise<void> {
  const installation = await openInstallation(loadConfig(place.env), {
    commitments: await discoverCommitments(),
  })
  const kek = await openKek(installation.config)
  try {
    await work({
      seal: (path, options = {}) => sealWeights(installation, kek, path, { model: MODEL, ...options }),
      async open(object) {
        const out = join(place.dir, 'opened')
        const opened = await openObject(installation, object, { authorise: { open: async () => undefined } })
        await openToFile(opened, installation.config.blobs, out).finally(() => opened.close())
        const bytes = await readFile(out)
        await rm(out)
        return bytes
      },
      objects: () => listObjects(installation.db),
      unfinished: () => listSealings(installation.db),
    })
  } finally {
    await installation.close()
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

describe('sealing that is killed', () => {
  it('in a folder: goes on, keeps what opens, and leaves the plaintext nowhere', async () => {
    await inPlace({}, async (place) => {
      const segmentBytes = 16 * 1024
      const plain = randomBytes(8 * 1024 * 1024)
      const path = join(place.dir, 'weights.bin')
      await writeFile(path, plain)
      const headers = new Set<string>()
      for (const share of KILLS) {
        await sealAndKill(place, path, share, segmentBytes)
        const hidden = await readdir(join(place.blobs, 'weights'))
        expect(hidden.every((name) => name.startsWith('~')) && hidden.length === 1).toBe(true)
        const partial = await readFile(join(place.blobs, 'weights', hidden[0]!))
        for (let at = 0; at < plain.length; at += 1024 * 1024)
          expect(partial.includes(plain.subarray(at, at + 32))).toBe(false)
        await sealing(place, async ({ objects, unfinished }) => {
          expect(await objects()).toEqual([])
          for (const { header } of await unfinished()) headers.add(header.toString('hex'))
        })
      }
      await sealing(place, async ({ seal, open, unfinished }) => {
        const [done] = await seal(path, { segmentBytes })
        expect(done!.object.digest).toBe(sha256(plain))
        expect(done!.keptSegments / done!.object.segments).toBeGreaterThan(KILLS.at(-1)! - 0.1)
        expect([...headers]).toEqual([done!.object.header.toString('hex')])
        expect((await open(done!.object)).equals(plain)).toBe(true)
        expect(await unfinished()).toEqual([])
      })
    })
  })

  it('in S3: sends only the parts that were not sent, and those of a file that changed', async () => {
    const server = await startS3()
    const env = {
      AVOUCH_S3_ENDPOINT: server.url,
      AVOUCH_S3_BUCKET: BUCKET,
      AVOUCH_S3_REGION: ACCESS.region,
      AVOUCH_S3_ACCESS_KEY_ID: ACCESS.accessKeyId,
      AVOUCH_S3_SECRET_ACCESS_KEY: ACCESS.secretAccessKey,
    }
    try {
      await inPlace(env, async (place) => {
        // segments of 1 MiB, five to a part: six parts
        const plain = randomBytes(28 * 1024 * 1024)
        const path = join(place.dir, 'weights.bin')
        await writeFile(path, plain)
        await sealAndKill(place, path, 0.7, 1024 * 1024)
        expect(server.uploads.size).toBe(1)
        const sent = new Map([...server.uploads.values()][0])
        plain.fill(9, 6 * 1024 * 1024, 7 * 1024 * 1024)
        await writeFile(path, plain)
        await sealing(place, async ({ seal, open }) => {
          const [done] = await seal(path)
          expect(done!.object.digest).toBe(sha256(plain))
          expect(done!.keptSegments).toBeGreaterThanOrEqual(10)
          expect(server.uploads.size).toBe(0)
          const stored = server.objects.get(done!.object.blob)!
          expect(stored.includes(sent.get(1)!)).toBe(true)
          expect(stored.includes(sent.get(2)!.subarray(0, 64)), 'the part that changed is another').toBe(
            false,
          )
          expect((await open(done!.object)).equals(plain)).toBe(true)
        })

        // an upload that the store has given up is begun anew
        const other = join(place.dir, 'other.bin')
        await writeFile(other, plain)
        await sealAndKill(place, other, 0.5, 1024 * 1024)
        server.uploads.clear()
        await sealing(place, async ({ seal, open, unfinished }) => {
          const [done] = await seal(other)
          expect(done!.keptSegments).toBe(0)
          expect((await open(done!.object)).equals(plain)).toBe(true)
          expect(await unfinished()).toEqual([])
        })
      })
    } finally {
      await server.close()
    }
  })
})

/** A small disk of its own needs root and Linux; elsewhere this says so by being skipped. */
const disk = await (async () => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return undefined
  const dir = await mkdtemp(join(tmpdir(), 'avouch-weights-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', dir], { stdio: 'ignore' })
    return dir
  } catch {
    await rm(dir, { recursive: true })
    return undefined
  }
})()

describe.runIf(disk !== undefined)('sealing onto a disk that becomes full (needs root and mount)', () => {
  it('says so, records nothing, and goes on once there is room', async () => {
    try {
      await inPlace({ AVOUCH_BLOBS: join(disk!, 'blobs') }, async (place) => {
        const [path, huge] = [join(place.dir, 'weights.bin'), join(place.dir, 'huge.bin')]
        const ballast = join(disk!, 'ballast')
        const plain = randomBytes(5 * 1024 * 1024)
        await writeFile(path, plain)
        await writeFile(huge, Buffer.alloc(9 * 1024 * 1024))
        await sealing(place, async ({ seal, open, objects, unfinished }) => {
          await expect(seal(huge)).rejects.toMatchObject({
            code: 'disk',
            fix: expect.stringMatching(/Free space/),
          })
          expect(await unfinished()).toEqual([])
          const fill = (): void => {
            try {
              writeFileSync(ballast, Buffer.alloc(8 * 1024 * 1024))
            } catch {
              // as much as there is room for
            }
          }
          const small = { segmentBytes: 16 * 1024 }
          await expect(seal(path, { ...small, onProgress: fill })).rejects.toMatchObject({
            code: 'disk',
            message: 'the disk is full',
            fix: expect.stringContaining('goes on from here'),
          })
          expect(await objects()).toEqual([])
          expect(await unfinished()).toHaveLength(1)
          rmSync(ballast)
          const [done] = await seal(path, small)
          expect(done!.keptSegments).toBeGreaterThan(0)
          expect(done!.object.digest).toBe(sha256(plain))
          expect((await open(done!.object)).equals(plain)).toBe(true)
        })
      })
    } finally {
      execFileSync('umount', [disk!])
      await rm(disk!, { recursive: true, force: true })
    }
  })
})
