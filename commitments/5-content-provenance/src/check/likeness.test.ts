import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { packFilm } from '../fingerprint/film.ts'
import { lookOf } from '../fingerprint/look.ts'
import { type Plane, smaller } from '../fingerprint/shrink.ts'
import { soundLookOf, soundViewOf } from '../fingerprint/sound.ts'
import { lumaOf } from '../media/luma.ts'
import { pictureOf } from '../media/sample.ts'
import { music } from '../media/sound-sample.ts'
import { tileSide } from '../watermark/picture/scale.ts'
import { spectraOf } from '../watermark/sound/index.ts'
import { likenessOf } from './likeness.ts'

const WIDTH = 480
const HEIGHT = 320
const SIDE = tileSide(WIDTH, HEIGHT)
const NO_SIZE = { width: undefined, height: undefined, milliseconds: undefined }

async function planeOf(png: Buffer): Promise<Plane> {
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return { luma: lumaOf(data, info.channels), width: info.width, height: info.height }
}

/** A page with a heading that shows a picture at a size, as a browser would; and a part of that page. */
async function pageWith(picture: Buffer, scale: number, cut = 0): Promise<Buffer> {
  const [width, height] = [Math.round(WIDTH * scale), Math.round(HEIGHT * scale)]
  const shown = await sharp(picture).resize(width, height, { fit: 'fill' }).png().toBuffer()
  const page = { width: width + 260, height: height + 140, channels: 3 as const, background: '#f4f4f6' }
  const whole = await sharp({ create: page })
    .composite([{ input: shown, left: 37, top: 91 }])
    .png()
    .toBuffer()
  return sharp(whole)
    .extract({ left: 0, top: cut, width: page.width, height: page.height - cut })
    .png()
    .toBuffer()
}

describe('likeness to what is registered', () => {
  let png: Buffer
  let original: Parameters<typeof likenessOf>[1]
  beforeAll(async () => {
    png = await pictureOf(1, WIDTH, HEIGHT).png({ compressionLevel: 1 }).toBuffer()
    original = { ...NO_SIZE, family: 'picture', ...lookOf(await planeOf(png)) }
  })

  /** What is said of a picture with a mark of the original, its tiles as many times larger. */
  const likeness = async (
    now: Buffer,
    scale: number,
    more: { rotation?: number; mirrored?: boolean } = {},
  ) => {
    const plane = await planeOf(now)
    const mark = { service: 1, contentId: '0', confidence: 40, bitErrors: 0, rotation: 0, mirrored: false }
    // the scale that is guessed from the page's size may be another
    const seen = { ...mark, scale: 0.2, side: SIDE * scale, ...more }
    return likenessOf({ look: lookOf(plane), mark: seen, view: smaller(plane, 512) }, original, 'picture')
  }

  it('finds a picture within a page, at its scale, and where a part of it lies beyond the edge', async () => {
    for (const [scale, cut] of [
      [1, 0],
      [0.6, 0],
      [1.4, 0],
      [0.8, 190],
    ] as const)
      expect(await likeness(await pageWith(png, scale, cut), scale)).toMatchObject({
        judgement: 'within',
        scale: expect.closeTo(scale, 3),
        shapeKept: false,
      })
    const sideways = await sharp(await pageWith(png, 0.8))
      .rotate(90)
      .png()
      .toBuffer()
    expect(await likeness(sideways, 0.8, { rotation: 90 })).toMatchObject({ judgement: 'within' })
  })

  it('finds no other picture there; what is too small to be told by is not told', async () => {
    for (let seed = 2; seed < 6; seed++) {
      const other = await pictureOf(seed, WIDTH, HEIGHT).png().toBuffer()
      expect(await likeness(other, 1)).toMatchObject({ judgement: 'other' })
      expect((await likeness(await pageWith(other, 0.8), 0.8)).judgement).not.toBe('within')
    }
    expect(await likeness(await pageWith(png, 0.2), 0.05)).toMatchObject({ judgement: 'cannot be told' })
    const aslant = await sharp(await pageWith(png, 0.8))
      .rotate(8)
      .png()
      .toBuffer()
    expect(await likeness(aslant, 0.8, { rotation: 8 })).toMatchObject({ judgement: 'part' })
  })

  it('knows what has alpha on black as well as on white, and takes turned and mirrored wholes for no crops', async () => {
    const other = lookOf(await planeOf(await pictureOf(2, WIDTH, HEIGHT).png().toBuffer()))
    const { layout, ...onWhite } = original
    const both = new Uint8Array(Buffer.concat([other.layout, layout]))
    const plane = await planeOf(png)
    const seen = { look: lookOf(plane), mark: undefined, view: smaller(plane, 512) }
    expect(likenessOf(seen, { ...onWhite, hash: other.hash, layout: both }, 'picture')).toMatchObject({
      judgement: 'same',
      shapeKept: true,
    })
    const turned = await sharp(png).rotate(90).png().toBuffer()
    expect(await likeness(turned, 1, { rotation: 90 })).toMatchObject({ judgement: 'same', shapeKept: false })
    const cut = await sharp(png).extract({ left: 0, top: 0, width: 380, height: 320 }).png().toBuffer()
    expect(await likeness(cut, 1)).toMatchObject({ judgement: 'part' })
  })

  it('knows a picture in a film and a still of one, and sound under a film and that of one', async () => {
    const plane = await planeOf(png)
    const other = lookOf(await planeOf(await pictureOf(2, WIDTH, HEIGHT).png().toBuffer()))
    const look = lookOf(plane)
    const spectra = spectraOf([music(8, 16_000, 3)], 16_000)
    const [heard, unheard] = [soundLookOf(spectra), soundLookOf(spectraOf([music(8, 16_000, 4)], 16_000))]
    const view = soundViewOf(spectra)
    const film = { ...NO_SIZE, family: 'video', ...look, layout: packFilm([other.hash, look.hash], heard) }
    const still = { look, mark: undefined, view: plane }
    expect(likenessOf(still, film, 'picture').judgement).toBe('part')
    expect(
      likenessOf({ ...still, look: other }, { ...film, layout: packFilm([look.hash], heard) }, 'picture')
        .judgement,
    ).toBe('other')
    const sound = { look: heard, mark: undefined, view }
    expect(likenessOf(sound, film, 'sound').judgement).toBe('part')
    expect(likenessOf(sound, { ...film, layout: packFilm([look.hash], unheard) }, 'sound').judgement).toBe(
      'other',
    )
    const shown = { look, mark: undefined, view: { hashes: [other.hash, look.hash], sound: view } }
    expect(likenessOf(shown, original, 'video').judgement).toBe('within')
    expect(likenessOf(shown, { ...NO_SIZE, family: 'sound', ...heard }, 'video').judgement).toBe('within')
    expect(likenessOf(shown, { ...NO_SIZE, family: 'sound', ...unheard }, 'video').judgement).toBe('other')
  })

  it('takes neither silence nor black frames for what was marked, nor our sound under other pictures for a film of ours', async () => {
    const heard = (seed: number, seconds: number) => {
      const samples = new Float32Array(16 * 16_000)
      samples.set(music(seconds, 16_000, seed))
      return spectraOf([samples], 16_000)
    }
    const [one, other, silent] = [heard(3, 5), heard(9, 5), heard(3, 0)]
    const known = { ...NO_SIZE, family: 'sound', ...soundLookOf(one) }
    const judgement = (now: typeof one) =>
      likenessOf({ look: soundLookOf(now), mark: undefined, view: soundViewOf(now) }, known, 'sound')
        .judgement
    expect(judgement(one)).toBe('same')
    expect(judgement(other)).toBe('other')
    expect(judgement(silent)).toBe('other')

    const look = lookOf(await planeOf(png))
    const another = lookOf(await planeOf(await pictureOf(2, WIDTH, HEIGHT).png().toBuffer()))
    const black = new Uint8Array(32)
    const film = {
      ...NO_SIZE,
      family: 'video',
      ...look,
      layout: packFilm([black, look.hash], soundLookOf(one)),
    }
    const shown = (hashes: Uint8Array[], now: typeof one) =>
      likenessOf({ look, mark: undefined, view: { hashes, sound: soundViewOf(now) } }, film, 'video')
        .judgement
    expect(shown([black, look.hash, look.hash, look.hash], one)).toBe('same')
    expect(shown([black, black, black, another.hash], other)).toBe('cannot be told')
    expect(shown([black, another.hash, another.hash, another.hash], other)).toBe('other')
    expect(shown([black, another.hash, another.hash, another.hash], one)).toBe('within')
    expect(
      likenessOf(
        { look: { ...look, hash: black }, mark: undefined, view: await planeOf(png) },
        film,
        'picture',
      ).judgement,
    ).toBe('cannot be told')
  })

  it('tells a longer sound, of which the marked one is a part, from a cut', () => {
    const long = music(14, 16_000, 3)
    const [whole, part] = [spectraOf([long], 16_000), spectraOf([long.subarray(0, 8 * 16_000)], 16_000)]
    const judgement = (now: typeof whole, then: typeof whole) =>
      likenessOf(
        { look: soundLookOf(now), mark: undefined, view: soundViewOf(now) },
        { ...NO_SIZE, family: 'sound', ...soundLookOf(then) },
        'sound',
      ).judgement
    expect(judgement(part, whole)).toBe('part')
    expect(judgement(whole, part)).toBe('within')
    expect(judgement(whole, whole)).toBe('same')
  })
})
