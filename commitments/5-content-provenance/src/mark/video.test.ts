import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '@avouch/core/config'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { testDatabase } from '@avouch/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkContent } from '../check/check.ts'
import commitment from '../index.ts'
import { makeAuthority } from '../manifest/authority.ts'
import { clip, ffmpeg, hasFfmpeg } from '../media/video/clip.fixture.ts'
import { type Marked, markContent } from './mark.ts'

const maker = { service: 'films', model: 'example-model@2.0' }

// what reads and writes films is not part of this house: where there is none, marking says so (see the last test)
describe.skipIf(!hasFfmpeg)('a film that was marked (needs ffmpeg)', () => {
  let installation: OpenInstallation
  let close: () => Promise<void>
  let marked: Marked

  beforeAll(async () => {
    const home = await mkdtemp(join(tmpdir(), 'avouch-video-test-'))
    const db = await testDatabase()
    const config = loadConfig({ AVOUCH_DATABASE_URL: db.url }, { home })
    installation = await openInstallation(config, { commitments: [commitment] })
    close = async () => {
      await installation.close()
      await db.close()
      await rm(home, { recursive: true, force: true })
    }
    await makeAuthority(config, { organisation: 'Example Company', now: new Date(), replace: false })
    marked = await markContent(installation, clip(), maker)
  })
  afterAll(() => close())

  const check = (bytes: Uint8Array) => checkContent(installation, bytes)

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
})
