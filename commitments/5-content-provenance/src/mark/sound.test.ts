import { spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OpenInstallation } from '@avouch/core/open'
import Fastify from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeSound } from '../media/sound/decode.ts'
import { runFfmpeg } from '../media/sound/ffmpeg.ts'
import { readWav, writeWav } from '../media/sound/wav.ts'
import { SOUND_KINDS } from '../media/sound-kinds.ts'
import { music } from '../media/sound-sample.ts'
import { watermarkKey } from '../settings.ts'
import { matchesByContent } from '../soft-binding/resolve.ts'
import { v1 } from '../v1.ts'
import { embedInSound } from '../watermark/sound/index.ts'
import { type Marked, markFile } from './mark.ts'
import { type Marking, openMarking } from './marking.fixture.ts'

const RATE = 16_000
const maker = { service: 'voices', model: 'example-model@2.0' }
const wav = (channels: Float32Array[]) => writeWav({ channels, rate: RATE }, { depth: 16, float: false })

let marking: Marking
let installation: OpenInstallation
let marked: Marked
let samples: Float32Array

beforeAll(async () => {
  marking = await openMarking()
  installation = marking.installation
  await marking.certify()
  marked = await marking.mark(wav([music(12, RATE)]), maker)
  samples = (await decodeSound(marked.bytes, SOUND_KINDS[0]!)).channels[0]!
})
afterAll(() => marking.close())

const check = (bytes: Uint8Array) => marking.check(bytes)

describe('sound that was marked', () => {
  it('carries all layers, and is known by each', async () => {
    expect(marked).toMatchObject({ kind: 'wav', mediaType: 'audio/wav' })
    expect(marked.layers).toMatchObject({
      watermark: { state: 'embedded', snr: expect.closeTo(30.2, 0) },
      manifest: { state: 'signed' },
    })
    const checked = await check(marked.bytes)
    expect(checked).toMatchObject({ verdict: 'ours', contentId: marked.contentId, ...maker })
    expect(checked.layers.map(({ found }) => found)).toEqual(['ours', 'ours', 'ours'])
    expect(checked.manifest?.softBindings[0]).toEqual({
      alg: 'dev.avouch.watermark.sound.1',
      value: marked.contentId,
    })
    expect(readWav(marked.bytes)).toMatchObject({ depth: 16, rate: RATE })
  })

  it('is not kept in the register where it cannot be written down', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'avouch-sound-'))
    try {
      const [file, bytes] = [join(folder, 'in'), wav([music(6, RATE, 8)])]
      await writeFile(file, bytes)
      const marking = markFile(installation, { file, size: bytes.length }, join(folder, 'none', 'out'), maker)
      await expect(marking).rejects.toThrow('ENOENT')
      const query = sql<{ n: number }>`select count(*)::int as n from content_provenance.content`
      expect((await query.execute(installation.db.kysely)).rows[0]!.n).toBe(1)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('is ours without its manifest, and altered where it was cut or spliced', async () => {
    const stripped = wav([samples])
    expect(await check(stripped)).toMatchObject({ verdict: 'ours', contentId: marked.contentId })
    const { label } = marked.layers.manifest as { label: string }
    expect(await matchesByContent(installation, stripped, { alg: undefined, most: 10 })).toEqual([
      { manifestId: label, similarityScore: 100 },
    ])
    const cut = await check(wav([samples.slice(1.3 * RATE, 10.3 * RATE)]))
    expect(cut).toMatchObject({ verdict: 'ours, altered', contentId: marked.contentId })
    expect(cut.layers[0]!.finding).toContain('the content was cut since')
    expect(cut.layers[2]).toMatchObject({
      found: 'ours',
      finding: expect.stringContaining('sounds like a part'),
    })
    const spliced = samples.slice()
    spliced.set(music(4, RATE, 77), 5 * RATE)
    expect(await check(wav([spliced]))).toMatchObject({
      verdict: 'ours, altered',
      contentId: marked.contentId,
    })
  })

  it('is marked and checked over HTTP', async () => {
    const app = Fastify()
    await app.register(v1(installation), { prefix: '/v1/content' })
    const send = (url: string, payload: Uint8Array) =>
      app.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'audio/wav' },
        payload: Buffer.from(payload),
      })
    const given = await send('/v1/content/mark?model=voices/example-model@2.0', wav([music(6, RATE, 3)]))
    expect(given).toMatchObject({ statusCode: 200, headers: { 'content-type': 'audio/wav' } })
    const checked = await send('/v1/content/check', given.rawPayload)
    expect(checked.json()).toMatchObject({ verdict: 'ours', contentId: given.headers['avouch-content-id'] })
    await app.close()
  })

  it('gives its mark to no other sound', async () => {
    const key = await watermarkKey(installation.config)
    const { channels } = embedInSound(
      [music(12, RATE, 5)],
      RATE,
      { service: 1, contentId: marked.contentId },
      key,
    )
    const forged = await check(wav(channels))
    expect(forged).toMatchObject({ verdict: 'no mark found', copied: true, contentId: undefined })
    expect(forged.layers[2]!.finding).toContain('does NOT sound like')
  })
})

describe.skipIf(spawnSync('ffmpeg', ['-version']).status !== 0)('where ffmpeg is there', () => {
  const [mp3, flac, m4a, opus] = [
    { to: 'mp3', encoder: ['-c:a', 'libmp3lame', '-b:a', '96k'] },
    { to: 'flac', encoder: ['-c:a', 'flac', '-sample_fmt', 's16'] },
    { to: 'ipod', encoder: ['-c:a', 'aac', '-b:a', '96k'] },
    { to: 'opus', encoder: ['-c:a', 'libopus', '-b:a', '64k'] },
  ] as const

  it.each([mp3, flac, m4a])('$to carries a manifest too, and keeps its tags', async ({ to, encoder }) => {
    const tagged = [...encoder, '-metadata', 'title=Example Title']
    const bytes = await runFfmpeg({ input: wav([music(7, RATE)]), from: 'wav', to, encoder: tagged })
    const made = await marking.mark(bytes, maker)
    expect(made.layers).toMatchObject({ watermark: { state: 'embedded' }, manifest: { state: 'signed' } })
    expect(Buffer.from(made.bytes).includes('Example Title')).toBe(true)
    const checked = await check(made.bytes)
    expect(checked).toMatchObject({ verdict: 'ours', contentId: made.contentId, kind: made.kind })
    expect(checked.layers.map(({ found }) => found)).toEqual(['ours', 'ours', 'ours'])
  })

  it('Ogg can carry none, which is told; the watermark is there all the same', async () => {
    const bytes = await runFfmpeg({ input: wav([music(7, RATE)]), from: 'wav', ...opus })
    const made = await marking.mark(bytes, maker)
    expect(made.layers).toMatchObject({
      watermark: { state: 'embedded' },
      manifest: { state: 'missing', why: expect.stringContaining('Ogg') },
    })
    expect(await check(made.bytes)).toMatchObject({ verdict: 'ours', contentId: made.contentId })
    const silent = { input: wav([new Float32Array(5 * RATE)]), from: 'wav', ...opus } as const
    await expect(marking.mark(await runFfmpeg(silent), maker)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringMatching(/silent|too quiet/),
    })
  })
})
