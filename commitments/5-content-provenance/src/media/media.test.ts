import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { kindOf } from './families.ts'
import type { Kind } from './family.ts'
import { withinLimits } from './limits.ts'
import { encodePicture } from './picture-encode.ts'
import { decodePicture } from './picture-file.ts'
import { inksFor } from './picture-inks.ts'

type Format = 'jpeg' | 'png' | 'webp' | 'avif' | 'tiff'

const WIDTH = 40
const HEIGHT = 24
const samples = (channels: number) =>
  Buffer.from(
    Array.from({ length: WIDTH * HEIGHT * channels }, (_, at) => 128 + Math.round(90 * Math.sin(at / 11))),
  )
const raw = (channels: 1 | 2 | 3 | 4) =>
  sharp(samples(channels), { raw: { width: WIDTH, height: HEIGHT, channels } })
const dressed = (channels: 3 | 4, format: Format) =>
  raw(channels)
    .withMetadata({ orientation: 6, icc: 'p3' })
    .toFormat(format, format === 'webp' || format === 'avif' ? { lossless: true } : {})
    .toBuffer()
const kind = async (bytes: Uint8Array): Promise<Kind> => (await kindOf(bytes)).kind

describe('the kind of a file', () => {
  it.each<Format>(['jpeg', 'png', 'webp', 'avif', 'tiff'])('%s is told from its bytes', async (format) => {
    expect((await kind(await raw(3).toFormat(format).toBuffer())).name).toBe(format)
  })

  it('is refused where it is none that is known', async () => {
    await expect(kindOf(new Uint8Array(0))).rejects.toMatchObject({
      code: 'input',
      message: 'the file is empty',
    })
    await expect(kindOf(Buffer.from('a text'))).rejects.toMatchObject({
      code: 'input',
      message: 'the file is of no kind known here',
    })
  })

  it.each<[string, string | Buffer]>([
    ['a drawing in SVG', '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a web page', '<!DOCTYPE html><title>Example</title>'],
    ['a HEIC picture', '\0\0\0\x18ftypheic'],
    ['a Matroska film', '\x1aE\xdf\xa3\x01\0\0\0\0\0\0#B\x82\x88matroska'],
    ['an AVI film', 'RIFF\0\0\0\0AVI LIST'],
    ['an AIFF sound', 'FORM\0\0\0\0AIFFCOMM'],
  ])('is told by name where it is known and not taken: %s', async (name, bytes) => {
    await expect(
      kindOf(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes),
    ).rejects.toMatchObject({
      code: 'input',
      message: expect.stringContaining(name),
      fix: expect.stringMatching(/^(Save|Open)/),
    })
  })

  it('is told to be a GIF where it is one', async () => {
    await expect(kindOf(await raw(3).gif().toBuffer())).rejects.toMatchObject({
      message: 'this is a GIF, which is not taken here',
    })
  })
})

describe('a picture written again', () => {
  it.each<[Format, 3 | 4]>([
    ['jpeg', 3],
    ['png', 3],
    ['png', 4],
    ['webp', 4],
    ['tiff', 3],
  ])('keeps size, ICC profile, turn and alpha: %s with %i channels', async (format, channels) => {
    const bytes = await dressed(channels, format)
    const its = await kind(bytes)
    const picture = await decodePicture(bytes, its)
    expect(picture).toMatchObject({ width: WIDTH, height: HEIGHT, channels })
    const pixels = Uint8Array.from(picture.pixels, (value, at) =>
      channels === 4 && at % 4 === 3 ? value : value ^ 4,
    )
    const written = await encodePicture(bytes, its, picture, { pixels })
    const metadata = await sharp(written).metadata()
    expect(metadata).toMatchObject({ format, width: WIDTH, height: HEIGHT, channels, orientation: 6 })
    expect(metadata.icc?.equals((await sharp(bytes).metadata()).icc!)).toBe(true)
    const again = await decodePicture(written, its)
    const furthest = Math.max(...again.pixels.map((value, at) => Math.abs(value - pixels[at]!)))
    expect(furthest).toBeLessThanOrEqual(format === 'jpeg' ? 40 : 1)
  })

  it('in grey stays grey', async () => {
    const bytes = await raw(1).toColourspace('b-w').png().toBuffer()
    const its = await kind(bytes)
    const picture = await decodePicture(bytes, its)
    expect(picture.channels).toBe(1)
    const written = await encodePicture(bytes, its, picture)
    expect(await sharp(written).metadata()).toMatchObject({ channels: 1, space: 'b-w' })
  })
})

describe('a picture of other samples than eight bits', () => {
  it.each([
    ['png', 'rgb16', 3],
    ['png', 'rgb16', 4],
    ['tiff', 'rgb16', 3],
    ['png', 'grey16', 1],
  ] as const)('of 16 bits keeps its lower bits: %s, %s, %i channels', async (format, space, channels) => {
    const deep = Uint16Array.from({ length: WIDTH * HEIGHT * channels }, (_, at) => 9_000 + at * 7)
    const size = { width: WIDTH, height: HEIGHT, channels }
    const made = sharp(deep, { raw: size }).toColourspace(space).withIccProfile('p3')
    const bytes = await (format === 'png' ? made.png() : made.tiff({ compression: 'lzw' })).toBuffer()
    const its = await kind(bytes)
    const picture = await decodePicture(bytes, its)
    const pixels = picture.pixels.map((value, at) => (channels === 4 && at % 4 === 3 ? value : value + 2))
    const written = await encodePicture(bytes, its, picture, { pixels })
    expect((await decodePicture(written, its)).pixels).toEqual(pixels)
    const read = await sharp(written)
      .pipelineColourspace(space)
      .toColourspace(space)
      .raw({ depth: 'ushort' })
      .toBuffer({ resolveWithObject: true })
    const stored = new Uint16Array(Uint8Array.from(read.data).buffer)
    expect(stored).toEqual(
      deep.map((value, at) => (channels === 4 && at % 4 === 3 ? value : value + 2 * 256)),
    )
    expect((await sharp(written).metadata()).depth).toBe('ushort')
  })

  it.each(['jpeg', 'tiff'] as const)('of ink stays ink, with its profile: %s', async (format) => {
    const made = raw(3).toColourspace('cmyk').withIccProfile('cmyk')
    const bytes = await (format === 'jpeg'
      ? made.jpeg({ quality: 97 })
      : made.tiff({ compression: 'lzw' })
    ).toBuffer()
    const its = await kind(bytes)
    const picture = await decodePicture(bytes, its)
    expect(picture.channels).toBe(3)
    const pixels = picture.pixels.map((value, at) => value + (at % 2 === 0 ? 3 : -3))
    const { inks, psnr } = await inksFor(bytes, picture, pixels)
    // as much is seen through the profile as was asked for: 3 in 255
    expect(psnr).toBeGreaterThan(36)
    expect(psnr).toBeLessThan(41)
    const written = await encodePicture(bytes, its, picture, { inks })
    const metadata = await sharp(written).metadata()
    expect(metadata).toMatchObject({ space: 'cmyk', channels: 4 })
    expect(metadata.icc?.equals((await sharp(bytes).metadata()).icc!)).toBe(true)
    const again = await decodePicture(written, its)
    const agree = again.pixels.filter((value, at) => value > picture.pixels[at]! === (at % 2 === 0)).length
    expect(agree / again.pixels.length).toBeGreaterThan(format === 'jpeg' ? 0.6 : 0.7)
  })
})

describe('a picture is refused with its reason', () => {
  const refused = async (bytes: Uint8Array) => {
    return decodePicture(bytes, await kind(bytes)).catch((thrown: unknown) => thrown)
  }

  it('where it is animated', async () => {
    const frames = Buffer.concat([samples(3), samples(3).reverse()])
    const webp = await sharp(frames, {
      raw: { width: WIDTH, height: HEIGHT * 2, channels: 3, pageHeight: HEIGHT },
    })
      .webp({ loop: 0 })
      .toBuffer()
    expect(await refused(webp)).toMatchObject({
      code: 'input',
      message: expect.stringContaining('animations'),
    })
    const png = await raw(3).png().toBuffer()
    const control = Buffer.from('000000086163544c0000000200000000f38d9370', 'hex')
    const apng = Buffer.concat([png.subarray(0, 33), control, png.subarray(33)])
    expect(await refused(apng)).toMatchObject({
      code: 'input',
      message: expect.stringContaining('animations'),
    })
  })

  it('where it has other samples than whole numbers, or other colours', async () => {
    const floats = await raw(3).toColourspace('scrgb').tiff({ compression: 'none' }).toBuffer()
    expect(await refused(floats)).toMatchObject({ code: 'input', message: expect.stringContaining('float') })
    const deepInk = await raw(3).toColourspace('cmyk').tiff({ compression: 'none' }).toBuffer()
    // a fifth sample to each pixel
    const field = deepInk.indexOf(Buffer.from('15010300010000000400', 'hex'))
    deepInk[field + 8] = 5
    expect(await refused(deepInk)).toMatchObject({ code: 'input' })
  })

  it('where it is cut off or mislabelled', async () => {
    const whole = await raw(3).png().toBuffer()
    expect(await refused(whole.subarray(0, whole.length - 40))).toMatchObject({ code: 'input' })
    const head = Buffer.concat([whole.subarray(0, 8), Buffer.alloc(100, 7)])
    expect(await refused(head)).toMatchObject({ code: 'input' })
  })

  it('where it is a bomb, before it is decoded', async () => {
    // a picture of a hundred thousand pixels a side, which is only a header
    const small = await raw(3).png().toBuffer()
    const large = Buffer.from(small)
    large.writeUInt32BE(100_000, 16)
    large.writeUInt32BE(crc32(large.subarray(12, 29)), 29)
    expect(await refused(large)).toMatchObject({ code: 'limit', message: expect.stringContaining('a side') })
    expect(() => withinLimits(12_000, 12_000, 200_000)).toThrow('million pixels')
    expect(() => withinLimits(100_000, 1, 5_000)).toThrow('a side')
    expect(() => withinLimits(5_000, 5_000, 1_000)).toThrow('than its bytes can hold')
    expect(() => withinLimits(0, 5, 1_000)).toThrow('no size')
    expect(() => withinLimits(1, 1, 70)).not.toThrow()
  })
})
