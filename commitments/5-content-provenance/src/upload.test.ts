import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { bytesOf } from './media/on-disk.ts'
import { asOurs, readFiles, withUpload } from './upload.ts'
import { openUploadFolder } from './upload-folder.ts'

const MIB = 2 ** 20
/** So many milliseconds a connection may be silent. */
const SILENCE = 150
let home: string
let app: FastifyInstance

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'avouch-upload-test-'))
  for (const folder of ['content', 'temporary']) mkdirSync(join(home, folder))
  vi.stubEnv('TMPDIR', join(home, 'temporary'))
  writeFileSync(join(home, 'content', 'settings.json'), '{"uploads":{"mark":2,"check":1}}')
  app = Fastify({ connectionTimeout: SILENCE })
  await readFiles(app, { home })
  const handler = (path: string, permission: 'public' | 'content-provenance:mark') =>
    app.post(path, { config: { permission } }, (request) =>
      withUpload(request, async ({ file, fields }) => {
        if (fields.has('slow')) await new Promise((resolve) => setTimeout(resolve, 4 * SILENCE))
        if (fields.has('fail')) throw new Error('as it happens')
        const bytes = file && (await bytesOf(file))
        return { size: file?.size ?? null, last: bytes?.at(-1) ?? null, url: fields.get('url') ?? null }
      }),
    )
  handler('/mark', 'content-provenance:mark')
  handler('/check', 'public')
})
afterAll(async () => {
  await app.close()
  vi.unstubAllEnvs()
  rmSync(home, { recursive: true })
})

function* inPieces(bytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes; at += 65_536) yield Buffer.alloc(65_536)
}

const left = () => readdirSync(join(home, 'temporary')).filter((name) => name.startsWith('avouch-upload-'))
const send = (url: string, payload: Buffer | Readable, type = 'video/mp4') =>
  app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload })
const form = (...parts: [string, Buffer][]) =>
  Buffer.concat([
    ...parts.flatMap(([name, bytes]) => [
      Buffer.from(`--b\r\nContent-Disposition: form-data; name="${name}"; filename="x"\r\n\r\n`),
      bytes,
      Buffer.from('\r\n'),
    ]),
    Buffer.from('--b--'),
  ])
const FORM = 'multipart/form-data; boundary=b'

describe('what is sent', () => {
  it('is taken up to what is set, more where one may mark, and removed', async () => {
    const large = Buffer.alloc(1.5 * MIB, 7)
    expect((await send('/mark', large)).json()).toEqual({ size: large.length, last: 7, url: null })
    expect((await send('/check', large.subarray(0, MIB))).json()).toMatchObject({ size: MIB })
    const inPieces = () => Readable.from([large.subarray(0, 100), large.subarray(100, 70_000), large])
    // told beforehand, and found while it comes
    for (const body of [large, inPieces()])
      expect((await send('/check', body)).json()).toMatchObject({ message: expect.stringContaining('1 MiB') })
    expect((await send('/mark', Buffer.alloc(2 * MIB + 1))).json()).toMatchObject({
      message: expect.stringContaining('2 MiB'),
    })
    expect(left()).toEqual([])
  })

  it('may be a form, with what is typed beside the file; what fails leaves nothing either', async () => {
    const body = form(['url', Buffer.from('https://exämple.org')], ['file', Buffer.alloc(MIB, 9)])
    expect((await send('/check', body, FORM)).json()).toEqual({
      size: MIB,
      last: 9,
      url: 'https://exämple.org',
    })
    expect((await send('/check', form(['file', Buffer.alloc(0)]), FORM)).json()).toMatchObject({ size: null })
    for (const broken of [
      form(['file', Buffer.alloc(MIB + 1)]),
      body.subarray(0, 5_000),
      form(['file', Buffer.of(1)], ['file', Buffer.of(2)]),
      form(['url', Buffer.alloc(20_000, 'x')]),
      form(['file', Buffer.of(1)], ['fail', Buffer.of(1)]),
    ])
      expect((await send('/check', broken, FORM)).statusCode).toBeGreaterThanOrEqual(400)
    expect(left()).toEqual([])
  })

  it('is worked with for longer than a connection may be silent, and the answer still comes', async () => {
    const address = await app.listen({ port: 0, host: '127.0.0.1' })
    const body = form(['slow', Buffer.of(49)], ['file', Buffer.of(5)])
    const answer = await fetch(`${address}/check`, {
      method: 'POST',
      headers: { 'content-type': FORM },
      body,
    })
    expect(await answer.json()).toMatchObject({ size: 1, last: 5 })
    // refused midway, while more is still coming
    const large = await fetch(`${address}/check`, {
      method: 'POST',
      headers: { 'content-type': 'video/mp4' },
      body: Readable.toWeb(Readable.from(inPieces(4 * MIB))) as ReadableStream,
      duplex: 'half',
    } as RequestInit)
    expect(await large.json()).toMatchObject({ message: expect.stringContaining('1 MiB') })
    expect(left()).toEqual([])
  })

  it('is no document that names a file of its own', async () => {
    const document = { file: { file: '/etc/hostname', size: 9 }, fields: {}, folder: {} }
    const answer = await app.inject({ method: 'POST', url: '/check', payload: document })
    expect(answer.json()).toEqual({ size: null, last: null, url: null })
  })

  it('is removed at the next start where a process was killed, and nobody else’s is', async () => {
    const ours = await openUploadFolder()
    // no process has so high a number
    const dead = mkdtempSync(join(home, 'temporary', 'avouch-upload-4194999-'))
    const former = mkdtempSync(join(home, 'temporary', `avouch-upload-${process.pid}-`))
    const living = mkdtempSync(join(home, 'temporary', `avouch-upload-${process.ppid}-`))
    writeFileSync(join(dead, 'in'), 'somebody’s')
    utimesSync(former, 1_000, 1_000)
    const again = Fastify()
    await readFiles(again, { home })
    expect([ours.path, dead, former, living].map((path) => existsSync(path))).toEqual([
      true,
      false,
      false,
      true,
    ])
    await ours.remove()
    rmSync(living, { recursive: true })
    await again.close()
  })
})

it('a full disk is told as such, and neither that nor who hangs up as a defect', () => {
  const failed = (code: string) => asOurs(Object.assign(new Error('as it happens'), { code }))
  expect(failed('ENOSPC')).toMatchObject({ code: 'unavailable', message: expect.stringContaining('no room') })
  expect(failed('ECONNRESET')).toMatchObject({ code: 'input' })
  expect(failed('EIO')).toMatchObject({ message: 'as it happens' })
})
