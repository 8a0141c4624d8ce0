import type { OpenInstallation } from '@avouch/core/open'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readForeign } from '../manifest/foreign.fixture.ts'
import { clip, ffmpeg, hasFfmpeg } from '../media/video/clip.fixture.ts'
import { markVideo } from '../media/video.ts'
import { VIDEO_KINDS } from '../media/video-kinds.ts'
import { watermarkKey } from '../settings.ts'
import { v1 } from '../v1.ts'
import type { Marked } from './mark.ts'
import { type Marking, openMarking } from './marking.fixture.ts'

const maker = { service: 'films', model: 'example-model@2.0' }

// what reads and writes films is not part of this house: where there is none, marking says so (see `media/video/video.test.ts`)
describe.skipIf(!hasFfmpeg)('a film that was marked (needs ffmpeg)', () => {
  let marking: Marking
  let installation: OpenInstallation
  let marked: Marked

  beforeAll(async () => {
    marking = await openMarking()
    installation = marking.installation
    await marking.certify()
    marked = await marking.mark(clip(), maker)
  })
  afterAll(() => marking.close())

  const check = (bytes: Uint8Array) => marking.check(bytes)

  it('carries the mark in frames and sound, a manifest, and is in the register', async () => {
    expect(marked).toMatchObject({ kind: 'mp4', mediaType: 'video/mp4' })
    expect(marked.layers).toMatchObject({
      watermark: { state: 'embedded', psnr: expect.closeTo(42.1, 0), sound: { state: 'embedded' } },
      manifest: { state: 'signed' },
    })
    const checked = await check(marked.bytes)
    expect(checked).toMatchObject({ verdict: 'ours', contentId: marked.contentId, ...maker })
    expect(checked.layers.map(({ found }) => found)).toEqual(['ours', 'ours', 'ours'])
    expect(checked.layers[0]!.finding).toContain('in its frames and, the same one, in its sound')
    expect(checked.manifest?.softBindings[0]).toEqual({
      alg: 'dev.avouch.watermark.video.1',
      value: marked.contentId,
    })
    expect(await readForeign(marked.bytes)).toMatchObject({
      valid: true,
      codes: expect.arrayContaining(['claimSignature.validated', 'assertion.bmffHash.match']),
    })
  })

  it('is known without its manifest, compressed, cut and silenced', async () => {
    const bare = ffmpeg(
      ['-i', 'in.mp4', '-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '28', '-c:a', 'aac', 'out.mp4'],
      { 'in.mp4': marked.bytes },
    )
    expect(await check(bare)).toMatchObject({ verdict: 'ours', contentId: marked.contentId })
    const cut = ffmpeg(['-ss', '2', '-i', 'in.mp4', '-an', '-c:v', 'libx264', '-t', '3', 'out.mp4'], {
      'in.mp4': marked.bytes,
    })
    const checked = await check(cut)
    expect(checked).toMatchObject({ verdict: 'ours, altered', contentId: marked.contentId })
    expect(checked.layers[0]!.finding).toContain('in its frames; the content was cut since')
  })

  it('is known by a still, and by its sound alone', async () => {
    const still = await check(
      ffmpeg(['-ss', '2.4', '-i', 'in.mp4', '-frames:v', '1', '-q:v', '3', 'out.jpg'], {
        'in.mp4': marked.bytes,
      }),
    )
    expect(still).toMatchObject({ verdict: 'ours, altered', contentId: marked.contentId, copied: false })
    expect(still.layers[0]!.finding).toContain('taken out of a film')
    const sound = await check(ffmpeg(['-i', 'in.mp4', '-vn', 'out.wav'], { 'in.mp4': marked.bytes }))
    expect(sound).toMatchObject({ verdict: 'ours, altered', contentId: marked.contentId, copied: false })
    expect(sound.layers[2]!.finding).toBe('It sounds like a part of what the register holds under this mark.')
  })

  it('is marked and checked over HTTP; WebM holds no manifest, which is told', async () => {
    const app = Fastify({ bodyLimit: 2 ** 25 })
    await app.register(v1(installation), { prefix: '/v1/content' })
    const send = (url: string, payload: Uint8Array) =>
      app.inject({
        method: 'POST',
        url,
        headers: { 'content-type': 'video/webm' },
        payload: Buffer.from(payload),
      })
    const webm = ffmpeg([
      ...['-f', 'lavfi', '-i', 'mandelbrot=s=352x256:r=5', '-t', '0.8', '-pix_fmt', 'yuv420p'],
      ...['-c:v', 'libvpx', '-b:v', '2M', '-deadline', 'realtime', 'out.webm'],
    ])
    const given = await send('/v1/content/mark?model=films/example-model@2.0', webm)
    expect(given).toMatchObject({ statusCode: 200, headers: { 'content-type': 'video/webm' } })
    expect(JSON.parse(String(given.headers['avouch-mark'])).layers).toMatchObject({
      watermark: { state: 'embedded', sound: { state: 'missing', why: 'the film has no sound' } },
      manifest: { state: 'missing', why: expect.stringContaining('WebM') },
    })
    const checked = await send('/v1/content/check', given.rawPayload)
    expect(checked.json()).toMatchObject({ verdict: 'ours', contentId: given.headers['avouch-content-id'] })
    const signed = (await send('/v1/content/check', marked.bytes)).json()
    expect(signed).toMatchObject({ verdict: 'ours', contentId: marked.contentId })
    expect(signed.manifest).toMatchObject({ own: true, bytesMatch: true })
    await app.close()
  })

  it('gives its mark to no other film', async () => {
    const other = ffmpeg([
      ...['-f', 'lavfi', '-i', 'testsrc2=s=480x320:r=5:d=1', '-c:v', 'libx264', '-preset', 'ultrafast'],
      ...['-pix_fmt', 'yuv420p', 'out.mp4'],
    ])
    const key = await watermarkKey(installation.config)
    const payload = { service: 1, contentId: marked.contentId }
    const { bytes } = await markVideo(other, VIDEO_KINDS[0]!, { payload, key })
    const forged = await check(bytes)
    expect(forged).toMatchObject({ verdict: 'no mark found', copied: true, contentId: undefined })
  })
})
