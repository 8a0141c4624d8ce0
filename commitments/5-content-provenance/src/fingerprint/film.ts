import type { Look } from '../media/family.ts'
import { HASH_BITS, hashDistance, hashOf } from './hash.ts'
import { SIDE } from './layout.ts'
import { type Plane, shrink } from './shrink.ts'
import type { SoundView } from './sound.ts'
import { type SoundAgreement, soundAgreement } from './sound-agreement.ts'

/** What film is compared by: how its frames look, one after another, and how its sound runs. */
export type FilmView = { hashes: Uint8Array[]; sound: SoundView | undefined }

/** Gathers how a film looks while its frames pass by. */
export type FilmGlance = {
  add(frame: Plane): void
  view(): Uint8Array[]
  hash(): { hash: Uint8Array; quality: number }
}

/** Frames kept of a film at most, which is one a second of the longest. */
const MOST_FRAMES = 1_200
const HASH_BYTES = HASH_BITS / 8
/** A frame with less detail, such as a black one, looks like that of any film. */
const DETAIL = 2
/** So many that can be told from others must be there, of films that have as many. */
const FEWEST = 3
const PLAIN = new Uint8Array(HASH_BYTES)

/** Whether a frame can be told from others; hashes have as many ones as zeros else. */
export function isTelling(hash: Uint8Array): boolean {
  return hash.some((byte) => byte !== 0)
}

export function filmGlance(): FilmGlance {
  const sum = new Float64Array(SIDE * SIDE)
  const hashes: Uint8Array[] = []
  return {
    add(frame) {
      const { values } = shrink(frame, SIDE, SIDE)
      for (let at = 0; at < sum.length; at++) sum[at]! += values[at]!
      if (hashes.length >= MOST_FRAMES) return
      const { hash, quality } = hashOf(values, SIDE)
      hashes.push(quality < DETAIL ? PLAIN : hash)
    },
    view: () => hashes,
    // the mean of all frames, by which a film is searched for
    hash: () =>
      hashOf(
        sum.map((value) => value / Math.max(1, hashes.length)),
        SIDE,
      ),
  }
}

/** Frames' hashes and the rows of sound as one blob: the number of frames in two bytes, 32 bytes for each, the rows. */
export function packFilm(hashes: readonly Uint8Array[], sound: Pick<Look, 'layout'> | undefined): Uint8Array {
  const head = Buffer.alloc(2)
  head.writeUInt16BE(hashes.length)
  return new Uint8Array(Buffer.concat([head, ...hashes, ...(sound ? [sound.layout] : [])]))
}

/** What `packFilm` packed. */
export function unpackFilm(layout: Uint8Array): { hashes: Uint8Array[]; rows: Uint8Array } {
  const count = ((layout[0] ?? 0) << 8) | (layout[1] ?? 0)
  const from = 2 + count * HASH_BYTES
  if (layout.length < from) return { hashes: [], rows: new Uint8Array() }
  return {
    hashes: Array.from({ length: count }, (_, at) =>
      layout.subarray(2 + at * HASH_BYTES, 2 + (at + 1) * HASH_BYTES),
    ),
    rows: layout.subarray(from),
  }
}

/** A frame looks like one of those registered within so many bits: half a second of movement lies between them. */
export const FRAME_ALIKE = 56

/** How film agrees with what was registered. */
export type FilmAgreement = {
  /** The share of its frames that look like one that was registered; undefined where too few are more than plain. */
  frames: number | undefined
  /** Undefined where one of the two has no sound, or too little of it. */
  sound: SoundAgreement | undefined
}

export function filmAgreement(registered: Uint8Array, { hashes, sound }: FilmView): FilmAgreement {
  const kept = unpackFilm(registered)
  const telling = hashes.filter(isTelling)
  const alike = telling.filter((hash) =>
    kept.hashes.some((other) => isTelling(other) && hashDistance(hash, other) <= FRAME_ALIKE),
  )
  return {
    frames:
      telling.length < Math.max(1, Math.min(FEWEST, hashes.length))
        ? undefined
        : alike.length / telling.length,
    sound: sound && kept.rows.length > 0 ? soundAgreement(kept.rows, sound) : undefined,
  }
}
