import sharp, { type Sharp } from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { lumaOf } from '../media/luma.ts'
import { pictureOf } from '../media/sample.ts'
import { ALIKE, hashDistance } from './hash.ts'
import { isAslant, layoutAgreement, SAME_LAYOUT, sameLayoutFrom } from './layout.ts'
import { lookOf } from './look.ts'
import { type Plane, smaller } from './shrink.ts'
import { turnedAgreement } from './turned.ts'

const WIDTH = 360
const HEIGHT = 240

async function planeOf(picture: Sharp): Promise<Plane> {
  const { data, info } = await sharp(await picture.png({ compressionLevel: 1 }).toBuffer())
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { luma: lumaOf(data, info.channels), width: info.width, height: info.height }
}

describe('the fingerprint of a picture', () => {
  let png: Buffer
  let plane: Plane
  const changed = (change: (picture: Sharp) => Sharp) => planeOf(change(sharp(png)))
  const distance = async (change: (picture: Sharp) => Sharp) =>
    hashDistance(lookOf(await changed(change)).hash, lookOf(plane).hash)

  beforeAll(async () => {
    png = await pictureOf(1, WIDTH, HEIGHT).png({ compressionLevel: 1 }).toBuffer()
    plane = await planeOf(sharp(png))
  })

  it('hardly changes with compression, size and brightness', async () => {
    const jpeg = await sharp(png).jpeg({ quality: 40 }).toBuffer()
    expect(hashDistance(lookOf(await planeOf(sharp(jpeg))).hash, lookOf(plane).hash)).toBeLessThanOrEqual(10)
    expect(await distance((picture) => picture.resize(150))).toBeLessThanOrEqual(20)
    expect(await distance((picture) => picture.resize(720, 480))).toBeLessThanOrEqual(10)
    expect(await distance((picture) => picture.linear(0.8, 20))).toBeLessThanOrEqual(20)
  })

  it('is far from that of any other picture, and has no detail where there is none', async () => {
    const own = lookOf(plane)
    expect(own.quality).toBeGreaterThan(20)
    for (let seed = 2; seed < 12; seed++) {
      const other = lookOf(await planeOf(pictureOf(seed, 180, 120)))
      expect(hashDistance(other.hash, own.hash)).toBeGreaterThan(2 * ALIKE)
    }
    expect(lookOf({ luma: new Uint8Array(900).fill(77), width: 30, height: 30 }).quality).toBe(0)
    expect(lookOf({ luma: Uint8Array.of(3), width: 1, height: 1 }).quality).toBe(0)
  })

  it('is not led astray by cells that noise alone sets apart', async () => {
    // a shape in the middle of a plain ground, whose cells are as the noise has them
    const grained = async (seed: number) => {
      const ground = Buffer.alloc(WIDTH * HEIGHT * 3)
      let state = seed
      for (let at = 0; at < ground.length; at += 3) {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
        ground.fill(120 + (state >>> 30), at, at + 3)
      }
      const shape = await pictureOf(3, 150, 100).png().toBuffer()
      const raw = { width: WIDTH, height: HEIGHT, channels: 3 as const }
      return planeOf(sharp(ground, { raw }).composite([{ input: shape, left: 105, top: 70 }]))
    }
    const { layout } = lookOf(await grained(1))
    const now = await grained(2)
    const shape = { width: WIDTH, height: HEIGHT, scale: 1, rotation: 0, mirrored: false }
    const found = layoutAgreement(layout, shape, { ...now, view: smaller(now, 200) })
    expect(found?.share).toBeGreaterThan(0.8)
    expect(found?.cells).toBeLessThan(3000)
  })

  it('finds a part again by its layout, turned, mirrored and scaled; and no part of another picture', async () => {
    const { layout } = lookOf(plane)
    const shape = { width: WIDTH, height: HEIGHT, scale: 1, rotation: 0, mirrored: false }
    const agreement = (now: Plane, more: Partial<typeof shape> = {}) => {
      const then = { ...shape, ...more }
      const how = isAslant(then) ? turnedAgreement : layoutAgreement
      return how(layout, then, { ...now, view: smaller(now, 200) })?.share
    }
    const part = { left: 70, top: 60, width: 180, height: 120 }
    expect(agreement(plane)).toBeGreaterThan(0.9)
    expect(agreement(await changed((picture) => picture.extract(part)))).toBeGreaterThan(SAME_LAYOUT + 0.05)
    expect(
      agreement(await changed((picture) => picture.extract(part).resize(90)), { scale: 0.5 }),
    ).toBeGreaterThan(SAME_LAYOUT + 0.05)
    const turned = await changed((picture) => picture.rotate(90))
    expect(agreement(turned, { rotation: 90 })).toBeGreaterThan(0.85)
    const mirrored = await changed((picture) => picture.flop())
    expect(agreement(mirrored, { mirrored: true })).toBeGreaterThan(0.85)
    const aslant = await planeOf(sharp(await sharp(png).rotate(-20).png().toBuffer()).flop())
    expect(agreement(aslant, { rotation: -20, mirrored: true })).toBeGreaterThan(SAME_LAYOUT + 0.02)
    expect(agreement(aslant, { rotation: 20, mirrored: true })).toBeLessThan(SAME_LAYOUT - 0.03)
    for (let seed = 2; seed < 8; seed++) {
      const other = await planeOf(pictureOf(seed, WIDTH / 2, HEIGHT / 2))
      expect(agreement(other)).toBeLessThan(SAME_LAYOUT - 0.03)
      expect(agreement(other, { scale: 0.5 })).toBeLessThan(SAME_LAYOUT - 0.03)
      if (seed < 4) expect(agreement(other, { scale: 0.5, rotation: 30 })).toBeLessThan(SAME_LAYOUT - 0.03)
    }
    // plain surfaces agree with each other, which tells nothing; and of few cells more must agree
    const plain = { luma: new Uint8Array(90 * 60).fill(9), width: 90, height: 60 }
    expect(agreement(plain)).toBeUndefined()
    expect(agreement(plain, { rotation: 9 })).toBeUndefined()
    expect(sameLayoutFrom(4_096)).toBe(SAME_LAYOUT)
    expect(sameLayoutFrom(150)).toBeGreaterThan(0.85)
  })
})
