import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { hashDistance } from '../fingerprint/hash.ts'
import { isTranslucent, onGround } from './ground.ts'
import { inspectPicture, markPicture } from './picture.ts'
import { PICTURE_KINDS } from './picture-kinds.ts'
import { drawPicture } from './sample.ts'

const WIDTH = 480
const HEIGHT = 320
const png = PICTURE_KINDS.find(({ name }) => name === 'png')!
const request = { payload: { service: 1, contentId: '0123456789ab' }, key: randomBytes(32) }

/** A round sticker: nothing shows outside of the circle, whose radius is this share of the height. */
function sticker(radius: number): Promise<Buffer> {
  const drawn = drawPicture(3, WIDTH, HEIGHT)
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 4)
  for (let at = 0; at < WIDTH * HEIGHT; at++) {
    const [x, y] = [(at % WIDTH) - WIDTH / 2, Math.floor(at / WIDTH) - HEIGHT / 2]
    drawn.copy(pixels, at * 4, at * 3, at * 3 + 3)
    pixels[at * 4 + 3] = Math.hypot(x, y) < radius * HEIGHT ? 255 : 0
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 4 } })
    .png()
    .toBuffer()
}

describe('a picture through which something shows', () => {
  it('is seen on its ground: half of each where it is half transparent, the ground alone where it is wholly so', () => {
    const pixels = Uint8Array.of(10, 20, 30, 255, 10, 20, 30, 0, 100, 0, 200, 128)
    const picture = { pixels, channels: 4, width: 3, height: 1 }
    expect(isTranslucent(picture)).toBe(true)
    expect([...onGround(picture, 255).pixels]).toEqual([10, 20, 30, 255, 255, 255, 177, 127, 227])
    expect([...onGround(picture, 0).pixels]).toEqual([10, 20, 30, 0, 0, 0, 50, 0, 100])
    expect(
      isTranslucent({ ...picture, pixels: pixels.map((value, at) => (at % 4 === 3 ? 255 : value)) }),
    ).toBe(false)
    expect([
      ...onGround({ pixels: Uint8Array.of(8, 0), channels: 2, width: 1, height: 1 }, 255).pixels,
    ]).toEqual([255])
  })

  it('keeps its mark and its look on white, and its layout on black is kept too', async () => {
    const { bytes, watermark, look } = await markPicture(await sticker(0.48), png, request)
    expect(watermark).toMatchObject({ state: 'embedded' })
    expect(look.layout).toHaveLength(2 * 512)
    const onWhite = await sharp(bytes).flatten({ background: 'white' }).png().toBuffer()
    const seen = await inspectPicture(onWhite, png, { key: request.key })
    expect(seen.mark).toMatchObject(request.payload)
    expect(hashDistance(seen.look.hash, look.hash)).toBeLessThanOrEqual(4)
    expect((await inspectPicture(bytes, png, { key: request.key })).look.hash).toEqual(look.hash)
  })

  it('is not said to carry a mark that stands in colours which nobody sees', async () => {
    const { watermark } = await markPicture(await sticker(0.02), png, request)
    expect(watermark).toMatchObject({ state: 'missing', why: expect.stringContaining('too transparent') })
  })
})
