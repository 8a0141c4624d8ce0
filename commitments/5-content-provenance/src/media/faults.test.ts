import { crc32, deflateSync } from 'node:zlib'
import { AvouchError } from '@avouch/core/errors'
import { random } from '@avouch/core/stats'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { inContentProcess } from '../process/content-process.ts'
import { pictureOf } from './sample.ts'

const payload = { service: 7, contentId: '0123456789ab' }
const key = new Uint8Array(32).fill(5)
const mark = (bytes: Uint8Array) => inContentProcess('mark', new Uint8Array(bytes), { payload, key })
const refusal = (bytes: Uint8Array) => mark(bytes).catch((error: unknown) => error)

function chunk(name: string, data: Uint8Array): Buffer {
  const whole = Buffer.concat([Buffer.alloc(4), Buffer.from(name), data, Buffer.alloc(4)])
  whole.writeUInt32BE(data.length, 0)
  whole.writeUInt32BE(crc32(whole.subarray(4, -4)), whole.length - 4)
  return whole
}

/** A grey PNG with whatever in its header and between it and the pixels. */
function png(width: number, height: number, pixels: Uint8Array, between: Buffer[] = [], depth = 8): Buffer {
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header[8] = depth
  const start = Buffer.from('89504e470d0a1a0a', 'hex')
  const end = chunk('IEND', Buffer.alloc(0))
  return Buffer.concat([start, chunk('IHDR', header), ...between, chunk('IDAT', deflateSync(pixels)), end])
}

describe('a bomb', () => {
  it('of pixels is refused by its header: in a side, in area, against its bytes', async () => {
    const wide = png(100_000, 8, new Uint8Array(100_001 * 8))
    expect(await refusal(wide)).toMatchObject({ code: 'limit', message: expect.stringContaining('a side') })
    // 3.6 thousand million pixels of one bit
    const area = png(60_000, 60_000, new Uint8Array(1_000), [], 1)
    expect(await refusal(area)).toMatchObject({ message: expect.stringMatching(/pixel/) })
    const dense = png(7_000, 7_000, new Uint8Array(100))
    expect(await refusal(dense)).toMatchObject({ code: 'limit', message: expect.stringContaining('bytes') })
  })

  it('in what stands beside the pixels is not unpacked', async () => {
    const zeros = deflateSync(new Uint8Array(2 ** 26))
    const profile = chunk('iCCP', Buffer.concat([Buffer.from('x\0\0', 'latin1'), zeros]))
    const text = chunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0', 'latin1'), zeros]))
    const small = png(64, 64, new Uint8Array(65 * 64), [profile, text])
    const marked = await mark(small)
    expect(marked.watermark.state).toBe('missing')
    expect(marked.bytes.length).toBeLessThan(2_000)
  })

  it('of frames is refused before any is read', async () => {
    const frames = await sharp(Buffer.from(Uint8Array.from({ length: 8 * 16 * 3 }, (_, at) => at * 37)), {
      raw: { width: 8, height: 16, channels: 3, pageHeight: 8 },
    })
      .webp({ loop: 0, lossless: true })
      .toBuffer()
    const first = frames.indexOf('ANMF')
    const frame = frames.subarray(first, first + 8 + frames.readUInt32LE(first + 4))
    const many = Buffer.concat([frames.subarray(0, first), ...new Array<Buffer>(10_000).fill(frame)])
    many.writeUInt32LE(many.length - 8, 4)
    const control = chunk('acTL', Buffer.from('0000271000000000', 'hex'))
    // far behind the header, where a hasty reader would not look
    const late = png(64, 64, new Uint8Array(65 * 64), [chunk('tEXt', Buffer.alloc(2 ** 20, 65)), control])
    const pages = await sharp(Buffer.alloc(8 * 16_000 * 3), {
      raw: { width: 8, height: 16_000, channels: 3, pageHeight: 8 },
    })
      .tiff({ compression: 'none' })
      .toBuffer()
    for (const bomb of [many, late, pages])
      expect(await refusal(bomb)).toMatchObject({
        code: 'input',
        message: expect.stringContaining('animations and series'),
      })
  })
})

describe('a file that is damaged', () => {
  it.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)(
    '%s: cut off it is refused, and changed anywhere it is refused or truly marked',
    async (format) => {
      const whole = await pictureOf(11, 256, 224).toFormat(format, { quality: 90 }).toBuffer()
      for (const share of [0.03, 0.5, 0.97])
        expect(await refusal(whole.subarray(0, whole.length * share))).toMatchObject({ code: 'input' })
      let embedded = 0
      const draw = random(`faults/${format}`)
      for (let one = 0; one < 8; one++) {
        const broken = Uint8Array.from(whole)
        for (let times = 0; times < 3; times++)
          broken[8 + draw.below(one % 2 === 0 ? 200 : whole.length - 8)]! ^= 1 << (times * 2)
        const marked = await mark(broken).catch((error: unknown) => {
          if (error instanceof AvouchError) return undefined
          throw error
        })
        if (marked?.watermark.state !== 'embedded') continue
        embedded++
        const seen = await inContentProcess('inspect', marked.bytes, { key, geometry: 'intact' })
        expect(seen.mark).toMatchObject(payload)
      }
      // what keeps checksums refuses every change
      if (format !== 'png' && format !== 'avif') expect(embedded).toBeGreaterThan(0)
    },
  )

  it('or is another kind than it begins as, is refused', async () => {
    const body = await pictureOf(1, 64, 64).png().toBuffer()
    const heads = { jpeg: 'ffd8ffe0', png: '89504e470d0a1a0a', webp: '52494646100000005745425056503820' }
    for (const head of Object.values(heads))
      expect(await refusal(Buffer.concat([Buffer.from(head, 'hex'), body.subarray(40)]))).toMatchObject({
        code: 'input',
      })
    expect(await refusal(Buffer.concat([Buffer.from('PK\x03\x04'), body]))).toMatchObject({ code: 'input' })
  })
})
