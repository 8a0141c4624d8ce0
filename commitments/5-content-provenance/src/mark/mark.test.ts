import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AvouchError, httpStatus } from '@avouch/core/errors'
import type { OpenInstallation } from '@avouch/core/open'
import Fastify, { type FastifyError, type FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fetchContent } from '../check/fetch.ts'
import { NOTHING_PROVED } from '../check/words.ts'
import { markingEvidence, serviceEvidence } from '../evidence.ts'
import { readSecond } from '../manifest/second-reader.fixture.ts'
import { pictureOf } from '../media/sample.ts'
import { markedDays } from '../register/days.ts'
import { findManifest, removeContent } from '../register/register.ts'
import { watermarkKey } from '../settings.ts'
import { tryResolution } from '../soft-binding/conformance.ts'
import { v1 } from '../v1.ts'
import { pictureMark } from '../watermark/picture/index.ts'
import { countsDue, recordCounts } from './counts.ts'
import type { Marked } from './mark.ts'
import { type Marking, openMarking } from './marking.fixture.ts'

const maker = { service: 'pictures', model: 'example-model@2.0' }

let marking: Marking
let installation: OpenInstallation
let picture: Uint8Array
let marked: Marked

beforeAll(async () => {
  marking = await openMarking()
  installation = marking.installation
  picture = new Uint8Array(await pictureOf(1, 480, 320).jpeg({ quality: 92 }).toBuffer())
})
afterAll(() => marking.close())

const mark = (bytes: Uint8Array) => marking.mark(bytes, maker)
const check = (bytes: Uint8Array) => marking.check(bytes)
/** How many pieces the register holds. */
const contents = async (): Promise<number> => {
  const query = sql<{ n: number }>`select count(*)::int as n from content_provenance.content`
  return (await query.execute(installation.db.kysely)).rows[0]!.n
}

describe('without a certificate', () => {
  it('content is marked by watermark and register, and the missing manifest is told', async () => {
    const { layers } = await mark(picture)
    expect(layers.watermark).toMatchObject({ state: 'embedded' })
    expect(layers.manifest).toMatchObject({
      state: 'missing',
      why: expect.stringContaining('no certificate'),
    })
  })

  it('what is too small for a watermark is refused, and nothing is registered or given out', async () => {
    const tiny = new Uint8Array(await pictureOf(2, 16, 16).png().toBuffer())
    const before = await contents()
    await expect(mark(tiny)).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining('cannot be marked'),
    })
    expect(await contents()).toBe(before)
  })
})

describe('with a certificate', () => {
  beforeAll(async () => {
    await marking.certify()
    marked = await mark(picture)
  })

  it('all layers are there and point at each other', async () => {
    expect(marked.layers).toMatchObject({
      watermark: { state: 'embedded', psnr: expect.closeTo(42.1, 0) },
      manifest: { state: 'signed', stamped: false, parent: false },
      register: { state: 'kept' },
    })
    const checked = await check(marked.bytes)
    expect(checked).toMatchObject({ verdict: 'ours', contentId: marked.contentId, ...maker, copied: false })
    expect(checked.layers.map(({ found }) => found)).toEqual(['ours', 'ours', 'ours'])
    expect(checked.manifest?.softBindings[0]?.value).toBe(marked.contentId)
    expect(readSecond(marked.bytes)).toMatchObject({
      bytesMatch: true,
      signatureHolds: true,
      assertionsMatch: true,
    })
    const { label } = marked.layers.manifest as { label: string }
    expect(await findManifest(installation.db, label)).toBeDefined()
  })

  it('what is too small for a watermark has the other two, and is known by them', async () => {
    const tiny = await mark(new Uint8Array(await pictureOf(2, 16, 16).png().toBuffer()))
    expect(tiny.layers).toMatchObject({ watermark: { state: 'missing' }, manifest: { state: 'signed' } })
    const checked = await check(tiny.bytes)
    expect(checked).toMatchObject({ verdict: 'ours', contentId: tiny.contentId })
    // counted with the others below
    await removeContent(installation.db, tiny.contentId)
  })

  it('a stripped and changed copy is still ours, and told as altered', async () => {
    const compressed = await sharp(marked.bytes).jpeg({ quality: 70 }).toBuffer()
    expect(await check(compressed)).toMatchObject({ verdict: 'ours', contentId: marked.contentId })
    const part = { left: 40, top: 30, width: 400, height: 260 }
    const cropped = await check(await sharp(marked.bytes).extract(part).jpeg({ quality: 80 }).toBuffer())
    expect(cropped).toMatchObject({ verdict: 'ours, altered', contentId: marked.contentId, copied: false })
    expect(cropped.layers[2]).toMatchObject({ found: 'ours', finding: expect.stringContaining('a part of') })
  })

  it('what shows it among other things is ours in part, and its true scale is told', async () => {
    const shown = await sharp(marked.bytes).resize(360, 240).toBuffer()
    const page = { width: 700, height: 420, channels: 3 as const, background: '#f4f4f6' }
    const screenshot = sharp({ create: page })
      .composite([{ input: shown, left: 37, top: 91 }])
      .jpeg({ quality: 85 })
    const checked = await check(await screenshot.toBuffer())
    expect(checked).toMatchObject({ verdict: 'ours, altered', contentId: marked.contentId, within: true })
    expect(checked.words).toMatch(
      /^A part of this picture was made by AI .* Of the rest of it the mark says nothing\.$/,
    )
    expect(checked.layers[0]!.finding).toContain('scaled to 75 %, put into a larger picture since')
    expect(checked.layers[2]).toMatchObject({
      found: 'ours',
      finding: expect.stringMatching(/^A part of it/),
    })
  })

  it('unmarked content is never said not to be AI’s, and a look-alike is a hint only', async () => {
    const other = await check(await pictureOf(5, 480, 320).jpeg().toBuffer())
    expect(other).toMatchObject({ verdict: 'no mark found', contentId: undefined, lookalike: undefined })
    expect(other.words).toBe(NOTHING_PROVED)
    const original = await check(picture)
    expect(original).toMatchObject({ verdict: 'no mark found', contentId: undefined })
    expect(original.lookalike).toMatch(/^[0-9a-f]{12}$/)
    expect(original.words).toContain('looks alone are no proof')
    expect(JSON.stringify([other, original])).not.toMatch(/not (made by )?(an )?AI\b/i)
  })

  it('many markings of one picture, averaged, leave a trace, which with its looks tells what it was', async () => {
    const key = await watermarkKey(installation.config)
    const averaged = async (seed: number) => {
      const { data, info } = await pictureOf(seed, 480, 320).raw().toBuffer({ resolveWithObject: true })
      const sum = new Float32Array(data.length)
      for (let copy = 0; copy < 6; copy++) {
        const payload = { service: 1, contentId: `00000000000${copy}` }
        const { pixels } = pictureMark.embed(data, info.width, info.height, 3, payload, key)
        for (let at = 0; at < sum.length; at++) sum[at]! += pixels[at]! / 6
      }
      const raw = { width: info.width, height: info.height, channels: 3 as const }
      return check(await sharp(Uint8Array.from(sum, Math.round), { raw }).png().toBuffer())
    }
    const known = await averaged(1)
    expect(known).toMatchObject({ verdict: 'ours, altered', traced: true, copied: false })
    expect(known.contentId).toMatch(/^[0-9a-f]{12}$/)
    expect(known.layers.map(({ found }) => found)).toEqual(['unreadable', 'nothing', 'alike'])
    // a trace alone can be copied, and proves nothing
    const unknown = await averaged(11)
    expect(unknown).toMatchObject({ verdict: 'no mark found', traced: true, contentId: undefined })
    expect(unknown.words).toContain('alone it proves neither')
  })

  it('a mark that was copied to another picture is told', async () => {
    const key = await watermarkKey(installation.config)
    const { data, info } = await pictureOf(9, 480, 320).raw().toBuffer({ resolveWithObject: true })
    const payload = { service: 1, contentId: marked.contentId }
    const { pixels } = pictureMark.embed(data, info.width, info.height, 3, payload, key)
    const raw = { width: info.width, height: info.height, channels: 3 as const }
    const forged = await check(await sharp(pixels, { raw }).png({ compressionLevel: 1 }).toBuffer())
    expect(forged).toMatchObject({ verdict: 'no mark found', copied: true, contentId: undefined })
    expect(forged.words).toContain('may have been copied here')
    expect(forged.layers[0]).toMatchObject({ found: 'ours, of other content' })
    // turned, so that its shape tells nothing at once
    const aslant = await check(
      await sharp(pixels, { raw }).rotate(10).png({ compressionLevel: 1 }).toBuffer(),
    )
    expect(aslant).toMatchObject({ verdict: 'no mark found', copied: true })
    const own = await check(await sharp(marked.bytes).rotate(10).png({ compressionLevel: 1 }).toBuffer())
    expect(own).toMatchObject({ verdict: 'ours, altered', copied: false, unconfirmed: false })
  })

  it('counts stand in evidence by batches, once each; the service is told once', async () => {
    expect(await countsDue(installation.db, new Date())).toBe(false)
    expect(await countsDue(installation.db, new Date(Date.now() + 2 * 3_600_000))).toBe(true)
    const counted = await markedDays(installation)
    expect(counted).toMatchObject({
      days: [{ service: 1, day: counted.to, marked: 2, withoutWatermark: 0, withoutManifest: 1 }],
      losses: [{ service: 1, refused: 1, failed: 0 }],
    })
    const [recorded, ...more] = await recordCounts(installation)
    // what was refused stands in the evidence now, and in no other place
    expect(await markedDays(installation)).toEqual(counted)
    expect(more).toEqual([])
    const record = (await installation.evidence.get(recorded!.id))!
    expect(record.about).toEqual({ release: 'example-model@2.0' })
    expect(installation.evidence.read(markingEvidence, record)).toMatchObject({
      marked: 2,
      layers: { watermark: 2, manifest: 1, register: 2 },
      kinds: { jpeg: 2 },
      refused: 1,
      failed: 0,
    })
    expect(await recordCounts(installation)).toEqual([])
    const services = await installation.evidence.list({ type: serviceEvidence })
    // before the certificate, and after it
    expect(services.map(({ fields }) => (fields.layers as { manifest: unknown }).manifest !== null)).toEqual([
      false,
      true,
    ])
    expect(services[1]!.fields).toMatchObject({ number: 1, ...maker })
  })
})

describe('over HTTP', () => {
  let app: FastifyInstance
  beforeAll(async () => {
    app = Fastify()
    // the server reads short forms itself
    app.addContentTypeParser('application/x-www-form-urlencoded', async () => ({}))
    await app.register(v1(installation), { prefix: '/v1/content' })
  })
  afterAll(() => app.close())
  const ask = (method: 'GET' | 'POST', path: string, type?: string, body?: Uint8Array) =>
    app.inject({
      method,
      url: `/v1/content${path}`,
      ...(type && { headers: { 'content-type': type }, payload: Buffer.from(body!) }),
    })

  it('marks a body and gives it back, and knows it in a form', async () => {
    const answer = await ask('POST', '/mark?model=pictures/example-model@2.0', 'image/jpeg', picture)
    expect(answer).toMatchObject({ statusCode: 200, headers: { 'content-type': 'image/jpeg' } })
    const mark = JSON.parse(String(answer.headers['avouch-mark']))
    expect(mark).toMatchObject({ ...maker, contentId: answer.headers['avouch-content-id'] })
    const form = Buffer.concat([
      Buffer.from(
        '--xyz\r\ncontent-disposition: form-data; name="file"; filename="a.gif"\r\ncontent-type: text/plain\r\n\r\n',
      ),
      answer.rawPayload,
      Buffer.from('\r\n--xyz--\r\n'),
    ])
    const checked = await ask('POST', '/check', 'multipart/form-data; boundary=xyz', form)
    expect(checked.json()).toMatchObject({ verdict: 'ours', contentId: mark.contentId })
    expect((await ask('POST', '/check', 'image/png', Buffer.from('no picture'))).statusCode).toBeGreaterThan(
      399,
    )
    // as curl --data-binary sends it
    const plain = await ask('POST', '/check', 'application/x-www-form-urlencoded', answer.rawPayload)
    expect(plain.json()).toMatchObject({ verdict: 'ours', contentId: mark.contentId })
    const large = await ask('POST', '/check', 'image/png', Buffer.alloc(2 ** 26 + 1))
    expect(large).toMatchObject({ statusCode: 413, body: expect.stringContaining('more than the 64 MiB') })
    expect((await ask('POST', '/mark?model=nothing', 'image/jpeg', picture)).statusCode).toBeGreaterThan(399)
  })

  it('gives others what they need to recover a stripped manifest', async () => {
    const algorithms = (await ask('GET', '/services/supportedAlgorithms')).json()
    expect(algorithms.watermarks).toEqual([
      { alg: 'dev.avouch.watermark.picture.1' },
      { alg: 'dev.avouch.watermark.sound.1' },
      { alg: 'dev.avouch.watermark.video.1' },
    ])
    const { label } = marked.layers.manifest as { label: string }
    const value = encodeURIComponent(Buffer.from(marked.contentId).toString('base64'))
    const found = await ask('GET', `/matches/byBinding?alg=${algorithms.watermarks[0].alg}&value=${value}`)
    expect(found.json()).toEqual({ matches: [{ manifestId: label, similarityScore: 100 }] })
    const stripped = await sharp(marked.bytes).resize(420).jpeg({ quality: 85 }).toBuffer()
    const matched = await ask('POST', '/matches/byContent', 'image/jpeg', stripped)
    expect(matched.json()).toEqual(found.json())
    const manifest = await ask('GET', `/manifests/${encodeURIComponent(label)}`)
    expect(manifest.headers['content-type']).toBe('application/c2pa')
    const { db } = installation
    expect(manifest.rawPayload.equals(Buffer.from((await findManifest(db, label))!))).toBe(true)
    const byLooks = await ask(
      'POST',
      '/matches/byContent?alg=dev.avouch.fingerprint.picture.1',
      'image/jpeg',
      stripped,
    )
    expect(byLooks.json().matches.map(({ manifestId }: { manifestId: string }) => manifestId)).toContain(
      label,
    )
    expect((await ask('GET', '/manifests/urn:c2pa:none')).statusCode).toBeGreaterThan(399)
    expect((await ask('GET', '/matches/byBinding?alg=other&value=abcd')).statusCode).toBeGreaterThan(399)
  })
})

describe('the resolution API, held to the standard over HTTP', () => {
  it('departs from it in nothing', async () => {
    const app = Fastify()
    // as the server answers errors
    app.setErrorHandler((error, _request, reply) =>
      reply
        .code(error instanceof AvouchError ? httpStatus(error) : ((error as FastifyError).statusCode ?? 500))
        .send({}),
    )
    await app.register(v1(installation), { prefix: '/v1/content' })
    const url = await app.listen({ port: 0, host: '127.0.0.1' })
    try {
      const before = await contents()
      const tried = await tryResolution(installation, maker, { url })
      expect(tried.checks.filter(({ holds }) => !holds)).toEqual([])
      expect(tried.agreed).toBe(14)
      expect(await contents()).toBe(before)
    } finally {
      await app.close()
    }
  })

  it('nothing agrees where everything is answered alike, or nothing is', async () => {
    const server = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"matches":[]}'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const alike = await tryResolution(installation, maker, { url })
    // no match at all is no more than was asked
    expect(alike.checks.filter(({ holds }) => holds).map(({ name }) => name)).toEqual([
      'keeps to the most that is asked',
    ])
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    expect(await tryResolution(installation, maker, { url })).toMatchObject({
      agreed: 0,
      checks: expect.arrayContaining([{ name: 'finds by watermark', holds: false, answered: 'nothing' }]),
    })
  })
})

describe('a link', () => {
  it('into a private network is refused, at once and after a redirect', async () => {
    const server = createServer((request, response) => {
      if (request.url === '/away')
        response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()
      else if (request.url === '/around') response.writeHead(302, { location: '/around' }).end()
      else response.end('a file')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      await expect(fetchContent(`${at}/file`)).rejects.toMatchObject({ code: 'forbidden' })
      const allowed = { allowPrivate: true }
      expect(Buffer.from(await fetchContent(`${at}/file`, allowed)).toString()).toBe('a file')
      await expect(fetchContent(`${at}/away`, allowed)).rejects.toMatchObject({ code: 'forbidden' })
      await expect(fetchContent(`${at}/around`, allowed)).rejects.toMatchObject({ code: 'network' })
      await expect(fetchContent('file:///etc/passwd')).rejects.toMatchObject({ code: 'usage' })
      await expect(fetchContent('https://name:word@example.com/')).rejects.toMatchObject({ code: 'usage' })
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })
})
