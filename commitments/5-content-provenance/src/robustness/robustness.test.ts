import { randomUUID } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@avouch/core/config'
import { type EvidenceRecord, fieldAt } from '@avouch/core/evidence'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { clusterRate } from '@avouch/core/stats'
import { installationDatabase } from '@avouch/core/testing'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadAttacks, possibleAttacks } from '../attack/attacks.ts'
import commitment from '../index.ts'
import { drawPicture, pictureOf } from '../media/sample.ts'
import { writeWav } from '../media/sound/wav.ts'
import { music } from '../media/sound-sample.ts'
import { robustnessClaims } from './claims.ts'
import { robustnessPlan, robustnessResult } from './evidence.ts'
import { whileTrying } from './lock.ts'
import { MEDIUM_NAMES } from './medium.ts'
import { qualityOf } from './quality.ts'
import { rivalSystem } from './rival.ts'
import {
  abandonRobustness,
  type RobustnessOptions,
  type RobustnessRun,
  resumeRobustness,
  tryRobustness,
} from './run.ts'
import { sizeOf } from './size.ts'
import { tableLines, tablesOf } from './table.ts'

let installation: OpenInstallation
let images: string
let close: () => Promise<void>

beforeAll(async () => {
  const home = await mkdtemp(join(tmpdir(), 'avouch-robustness-'))
  const db = await installationDatabase([commitment])
  const config = loadConfig({ AVOUCH_DATABASE_URL: db.url }, { home })
  installation = await openInstallation(config, { commitments: [commitment] })
  images = join(home, 'images')
  await mkdir(images)
  for (const seed of [1, 2])
    await writeFile(join(images, `${seed}.png`), await pictureOf(seed, 320, 256).png().toBuffer())
  await writeFile(join(images, 'notes.txt'), 'no picture')
  close = async () => {
    await installation.close()
    await db.close()
    await rm(home, { recursive: true, force: true })
  }
})
afterAll(() => close())

function options(given: Partial<RobustnessOptions>): RobustnessOptions {
  return {
    medium: 'picture',
    folder: images,
    unmarked: undefined,
    limit: 10,
    attacks: undefined,
    seed: 's',
    rival: undefined,
    ...given,
  }
}

const quietly = { signal: new AbortController().signal, onProgress: () => {} }

describe('the robustness of marks', () => {
  it('is tried as planned, beside another marker, and recorded', async () => {
    const rival = rivalSystem(
      { marker: 'cat', detector: 'echo {"found":false}' },
      { medium: 'picture', allowPrivate: false },
    )
    const attacks = ['jpeg-75', 'flip', 'regeneration', 'guessing', 'averaging-forgery']
    const run = await tryRobustness(installation, options({ attacks, rival }), quietly)
    expect(run).toMatchObject({ state: 'completed', sizes: { small: 2 }, unreadable: 1 })

    const row = (system: string, change: string) =>
      run.rows.find((one) => one.system === system && one.change === change && one.size === 'all')!
    const all = { planned: 2, executed: 2, errored: 0 }
    for (const change of ['jpeg-75', 'flip'])
      expect(row('ours', change)).toMatchObject({
        marked: { ...all, found: 2, rate: { value: 1, clusters: 2 } },
        unmarked: { ...all, accepted: 0, rate: { value: 0 } },
        misread: 0,
      })
    expect(row('ours', 'expected').marked).toMatchObject({ planned: 4, found: 4, counts: [[2, 2, 2]] })
    expect(row('ours', 'regeneration')).toMatchObject({
      notRun: expect.stringContaining('image model'),
      marked: { executed: 0, rate: null },
    })
    expect(row('rival', 'flip').marked).toMatchObject({ ...all, found: 0 })
    expect(run.quality.find(({ system }) => system === 'ours')!.psnr!.least).toBeGreaterThan(41.5)
    // the other marker marks nothing, and says so by changing nothing
    expect(run.quality.find(({ system }) => system === 'rival')).toMatchObject({ psnr: { least: 99 } })
    expect(run.schemesTried).toMatchObject([
      { scheme: 'guessing', planned: 2, executed: 2, read: 0, succeeded: 0 },
      { scheme: 'averaging-forgery', planned: 0, rate: null, notRun: expect.stringContaining('9 pictures') },
    ])

    const plan = (await installation.evidence.get(run.plan))!
    const result = (await installation.evidence.get(run.result!))!
    expect(plan.recordedAt.getTime()).toBeLessThanOrEqual(result.recordedAt.getTime())
    expect(installation.evidence.read(robustnessPlan, plan).seed).toBe('s')
    expect(installation.evidence.read(robustnessResult, result).rows).toHaveLength(run.rows.length)
    const lines = (await tablesOf(run)).flatMap(tableLines).join('\n')
    // some attacks, picked, make no figure of the report
    expect(robustnessClaims([result])).toEqual([])
    const whole: EvidenceRecord = { ...result, fields: { ...result.fields, whole: true } }
    const [claim] = robustnessClaims([whole])
    expect(claim!.figures).toContainEqual(
      expect.objectContaining({ id: 'content-marked-flip-all', value: 1, n: 2, clusters: 2 }),
    )
    for (const figure of claim!.figures) {
      const counts = figure.inputs.map(
        (pointer) => fieldAt(whole.fields, pointer) as [number, number, number][],
      )
      const { value, low, high } = clusterRate(counts[0]!)
      expect([value, low, high]).toEqual([figure.value, figure.interval!.low, figure.interval!.high])
    }
    const words = [...claim!.prose, ...claim!.figures.map(({ label }) => label)].join(' ')
    expect(words.replace(/`[^`]*`|\{\{[^}]*\}\}/g, '')).not.toMatch(/\d/)

    expect(lines).toMatch(/Mirrored +survives +100 % \[34.2 %, 100 %\], 2\/2/)
  })

  it('is tried in sounds, which have a table of their own', async () => {
    const folder = join(images, '..', 'sounds')
    await mkdir(folder)
    const samples = { channels: [music(7, 16_000)], rate: 16_000 }
    await writeFile(join(folder, '1.wav'), writeWav(samples, { depth: 16, float: false }))
    const attacks = ['none', 'regeneration', 'guessing']
    const run = await tryRobustness(installation, options({ medium: 'sound', folder, attacks }), quietly)
    expect(run).toMatchObject({ state: 'completed', medium: 'sound', sizes: { short: 1, long: 0 } })
    const row = run.rows.find(({ change, size }) => change === 'none' && size === 'short')!
    expect(row).toMatchObject({
      marked: { planned: 1, found: 1, rate: { value: 1 } },
      unmarked: { planned: 1, executed: 1, accepted: 0 },
    })
    expect(run.schemesTried).toMatchObject([{ scheme: 'guessing', executed: 1, succeeded: 0 }])
    expect(run.quality.find(({ size }) => size === 'all')).toMatchObject({
      snr: { least: expect.closeTo(30.2, 0) },
      psnr: null,
    })
    const result = (await installation.evidence.get(run.result!))!
    const lines = (await tablesOf(run)).flatMap(tableLines).join('\n')
    expect(lines).toMatch(/marker +size +marked +refused +errors +SNR, mean/)
    const [claim, ...others] = robustnessClaims([{ ...result, fields: { ...result.fields, whole: true } }])
    expect(others).toEqual([])
    expect(claim).toMatchObject({ title: 'How well marks in sounds survive' })
    expect(claim!.figures[0]!.id).toBe('content-marked-sound-none-all')
    expect(claim!.prose.join(' ').replace(/`[^`]*`|\{\{[^}]*\}\}/g, '')).not.toMatch(/\d/)
  })

  it('stopped or killed, goes on from what was executed, on the same files only', async () => {
    const attacks = ['flip', 'none', 'guessing']
    const stop = new AbortController()
    const stopped = await tryRobustness(installation, options({ attacks, limit: 1 }), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    expect(stopped).toMatchObject({ state: 'stopped', result: undefined })
    const expected = (run: RobustnessRun) =>
      run.rows.find(({ change, size }) => change === 'expected' && size === 'all')!
    expect(expected(stopped).marked.planned).toBe(2)
    const before = expected(stopped).marked.executed + expected(stopped).unmarked.executed
    expect(before).toBeGreaterThan(0)
    expect(before).toBeLessThan(4)
    const kept = async () => {
      const rows = await sql<{ n: number }>`select count(*)::int as n
        from content_provenance.robustness_try where plan = ${stopped.plan}`.execute(installation.db.kysely)
      return rows.rows[0]!.n
    }
    expect(await kept()).toBeGreaterThanOrEqual(before)

    const folder = join(images, 'others')
    await mkdir(folder)
    await writeFile(join(folder, '7.png'), await pictureOf(7, 320, 256).png().toBuffer())
    const same = { medium: 'picture' as const, folder: images, unmarked: undefined, rival: undefined }
    const resume = (given: Partial<typeof same>) =>
      resumeRobustness(installation, stopped.plan, { ...same, ...given }, quietly)
    await expect(resume({ folder })).rejects.toMatchObject({ code: 'conflict' })
    await whileTrying(installation.db, stopped.plan, async () => {
      await expect(resume({})).rejects.toMatchObject({ code: 'locked' })
      await expect(abandonRobustness(installation, stopped.plan)).rejects.toMatchObject({ code: 'locked' })
    })
    const steps: string[] = []
    const done = await resumeRobustness(installation, stopped.plan, same, {
      ...quietly,
      onProgress: (_done, _total, note) => steps.push(note),
    })
    expect(done).toMatchObject({ state: 'completed', plan: stopped.plan, exercise: stopped.exercise })
    expect(expected(done)).toMatchObject({ marked: { executed: 2, found: 2 }, unmarked: { executed: 2 } })
    expect(done.schemesTried).toMatchObject([{ scheme: 'guessing', executed: 1 }])
    // what was executed before was not done again
    expect(steps.filter((note) => note === 'flip' || note === 'none')).toHaveLength(4 - before)
    expect((await installation.evidence.get(done.result!))!.fields).toMatchObject({ plan: stopped.plan })
    expect(await kept()).toBe(0)
    await expect(resume({})).rejects.toMatchObject({ code: 'not-found' })
  })

  it('abandoned, records what was executed and no more', async () => {
    const stop = new AbortController()
    const { plan } = await tryRobustness(installation, options({ attacks: ['flip', 'none'], limit: 1 }), {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    })
    await expect(abandonRobustness(installation, randomUUID())).rejects.toMatchObject({
      code: 'not-found',
      fix: expect.stringContaining(plan),
    })
    const run = await abandonRobustness(installation, plan)
    expect(run.state).toBe('abandoned')
    const { fields } = (await installation.evidence.get(run.result!))!
    expect(fields).toMatchObject({ state: 'abandoned', plan })
    const { planned, executed } = run.rows.find(
      ({ change, size }) => change === 'expected' && size === 'all',
    )!.marked
    expect(planned).toBe(2)
    expect(executed).toBeLessThan(planned)
  })

  it('counts what fails neither way', async () => {
    const rival = rivalSystem(
      { marker: 'cat', detector: 'false' },
      { medium: 'picture', allowPrivate: false },
    )
    const run = await tryRobustness(installation, options({ attacks: ['none'], limit: 1, rival }), quietly)
    const failed = run.rows.find(({ system, size }) => system === 'rival' && size === 'all')!
    expect(failed.marked).toMatchObject({ planned: 1, executed: 0, errored: 1, rate: null })
    expect(failed.unmarked).toMatchObject({ planned: 1, executed: 0, errored: 1, rate: null })
  })

  it('asks another marker by address, and believes no answer of another form', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/mark') request.pipe(response)
      else
        request
          .resume()
          .on('end', () => response.end(request.url === '/find' ? '{"found":true}' : '{"ok":1}'))
    })
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const near = (detector: string) =>
      rivalSystem(
        { marker: `${base}/mark`, detector: `${base}${detector}` },
        { medium: 'picture', allowPrivate: true },
      )
    const png = new Uint8Array(await pictureOf(4, 32, 32).png().toBuffer())
    const asked = { medium: 'picture' as const, attack: 'none', seed: 's' }
    expect(await near('/find').mark(png, quietly.signal)).toEqual({ bytes: png })
    expect(await near('/find').find(png, asked, quietly.signal)).toEqual({ found: true })
    await expect(near('/other').find(png, asked, quietly.signal)).rejects.toMatchObject({ code: 'input' })
    server.close()
  })

  it('refuses attacks that are not there, and addresses inside the network', async () => {
    await expect(tryRobustness(installation, options({ attacks: ['magic'] }), quietly)).rejects.toMatchObject(
      { code: 'usage' },
    )
    const url = 'http://127.0.0.1:9/mark'
    const inside = rivalSystem({ marker: url, detector: url }, { medium: 'picture', allowPrivate: false })
    await expect(inside.mark(new Uint8Array(8), quietly.signal)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('its parts', () => {
  it('attacks have names of their own', async () => {
    for (const medium of MEDIUM_NAMES) {
      const names = (await loadAttacks(medium)).map(({ name }) => name)
      expect(new Set(names).size).toBe(names.length)
      expect(names.every((name) => /^[a-z0-9-]{1,60}$/.test(name))).toBe(true)
    }
  })

  it('what takes ffmpeg is not run where it is not there, and says so', async () => {
    const attacks = await loadAttacks('sound')
    const without = await possibleAttacks(attacks, async () => false)
    const notRun = without.filter((one) => 'notRun' in one).map(({ name }) => name)
    expect(notRun).toEqual(expect.arrayContaining(['mp3-64', 'opus-32', 'aac-64', 'regeneration']))
    expect(without.find(({ name }) => name === 'opus-32')).toMatchObject({ notRun: 'ffmpeg is not there' })
    expect(notRun).not.toContain('noise-30')
    expect(await possibleAttacks(attacks, async () => true)).toEqual(attacks)
  })

  it('sizes are told by hundredths of a megapixel', () => {
    expect([sizeOf(707, 707), sizeOf(577, 433), sizeOf(400, 320)]).toEqual(['large', 'quarter', 'small'])
  })

  it('likeness falls with what was changed', () => {
    const picture = { pixels: new Uint8Array(drawPicture(3, 40, 30)), width: 40, height: 30 }
    const moved = {
      ...picture,
      pixels: picture.pixels.map((value) => (value > 127 ? value - 10 : value + 10)),
    }
    expect(qualityOf(picture, picture)).toEqual({ psnr: 99, ssim: expect.closeTo(1, 9) })
    expect(qualityOf(picture, moved).psnr).toBeCloseTo(20 * Math.log10(25.5), 6)
    expect(qualityOf(picture, moved).ssim).toBeLessThan(1)
  })
})
