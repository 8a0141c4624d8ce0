import { type FilmView, filmAgreement } from '../fingerprint/film.ts'
import { ALIKE, hashDistance } from '../fingerprint/hash.ts'
import {
  type Agreement,
  extentOf,
  isAslant,
  LAYOUT_BYTES,
  layoutAgreement,
  type Now,
  type Shape,
  SIDE,
  sameLayoutFrom,
} from '../fingerprint/layout.ts'
import { soundAgreement } from '../fingerprint/sound-agreement.ts'
import { turnedAgreement } from '../fingerprint/turned.ts'
import { agreementWithin } from '../fingerprint/within.ts'
import type { Extent, FoundMark, InspectedMedia } from '../media/family.ts'
import type { Registered } from '../register/register.ts'
import { scaleFrom } from '../watermark/picture/scale.ts'
import { likenessAcross } from './across.ts'
import { PADDING, SAME_SOUND, STRETCH_KEPT, soundLikeness, UNLIKE_SOUND } from './sound-likeness.ts'

/** How content compares with what the register holds under the id that its mark names. */
export type Likeness = {
  /** Of 256 bits of the hash, how many differ; of a still of a film, or a film that shows a picture, in the nearest frame. */
  distance: number
  /** Share of the layout map, or of a film's frames, that agrees at the best place; undefined where that cannot be told. */
  agreement: number | undefined
  /** A picture: the same size and way up as when it was marked; sound: the same length and speed, and none of it replaced; film: both. */
  shapeKept: boolean
  /** `part`: it is a part of what was marked, such as a crop, a cut or a still; `within`: what was marked is a part of it. */
  judgement: 'same' | 'part' | 'within' | 'other' | 'cannot be told'
  /** How many times larger a picture is than when it was marked, by the size that is registered. */
  scale?: number
}

/**
 * Below this share of a layout, and with more bits of difference than this, two pictures are plainly not one. Of 5,886 pairs
 * of unlike pictures none differed in less than 88; pictures seen aslant differed in up to 82 from themselves.
 */
const UNLIKE_LAYOUT = 0.66
const UNLIKE_HASH = 87
/**
 * The same where the one may show the other somewhere, which is looked for at more places; and from where on it does. Of
 * pictures in pages, none of 40 agreed in less than 0.67 and nine in ten in 0.74; of others one in thirty in 0.71.
 */
const UNLIKE_WITHIN = 0.64
const SAME_WITHIN = 0.72
/** Where less of a layout agrees, the same look is doubted. */
const CONTRADICTS = 0.6

/** What was registered, as far as it is compared. */
export type Original = Pick<Registered, 'family' | 'hash' | 'layout'> & {
  [size in keyof Extent]: number | undefined
}

export function likenessOf(inspected: InspectedMedia, registered: Original, family: string): Likeness {
  const { look, view } = inspected
  if (registered.family !== family) return likenessAcross(inspected, registered)
  if ('hashes' in view) return filmLikeness(inspected, view, registered)
  if ('rows' in view) return soundLikeness(inspected, soundAgreement(registered.layout, view), registered)
  const { width = 0, height = 0 } = registered
  const mark = inspected.mark && rescaled(inspected.mark, { width, height })
  const shape = mark ?? { scale: 1, rotation: 0, mirrored: false }
  const then = { width, height, ...shape }
  const now = { width: look.width ?? 0, height: look.height ?? 0, view }
  const distance = hashDistance(registered.hash, look.hash)
  const layouts = layoutsOf(registered.layout)
  const part = best(
    layouts.map((layout) => (isAslant(then) ? turnedAgreement : layoutAgreement)(layout, then, now)),
  )
  const within = isSame(part) ? undefined : best(layouts.map((layout) => agreementWithin(layout, then, now)))
  return {
    distance,
    agreement: (part === undefined || isWithin(within) ? within : part)?.share,
    shapeKept: look.width === width && look.height === height && (mark === undefined || isUpright(mark)),
    judgement: judge(distance, { part, within, whole: isWhole(then, now) }),
    ...(mark && { scale: mark.scale }),
  }
}

function judge(
  distance: number,
  { part, within, whole }: { part: Agreement | undefined; within: Agreement | undefined; whole: boolean },
): Likeness['judgement'] {
  // hashes can be brought near on purpose, by a change that few see; the layout is another thing to change besides
  if (distance <= ALIKE) return part && part.share < CONTRADICTS ? 'cannot be told' : 'same'
  if (isSame(part)) return whole ? 'same' : 'part'
  if (isWithin(within)) return 'within'
  if (part === undefined && within === undefined) return 'cannot be told'
  return (part?.share ?? 0) < UNLIKE_LAYOUT && (within?.share ?? 0) < UNLIKE_WITHIN && distance > UNLIKE_HASH
    ? 'other'
    : 'cannot be told'
}

function isSame(found: Agreement | undefined): boolean {
  return found !== undefined && found.share >= sameLayoutFrom(found.cells)
}

function isWithin(found: Agreement | undefined): boolean {
  return isSame(found) && (found?.share ?? 0) >= SAME_WITHIN
}

/** The layout on white, and of what has alpha that on black: see `media/picture.ts`. */
function layoutsOf(layout: Uint8Array): Uint8Array[] {
  const count = Math.floor(layout.length / LAYOUT_BYTES)
  return Array.from({ length: count }, (_, at) => layout.subarray(at * LAYOUT_BYTES, (at + 1) * LAYOUT_BYTES))
}

function best(found: readonly (Agreement | undefined)[]): Agreement | undefined {
  return found.filter((one) => one !== undefined).toSorted((one, other) => other.share - one.share)[0]
}

/** Whether all of it is there, at whatever size and whichever way up. */
function isWhole(then: Shape, now: Now): boolean {
  const extent = extentOf(then, now)
  return extent !== undefined && Math.max(Math.abs(extent.columns - SIDE), Math.abs(extent.rows - SIDE)) <= 1
}

/** The mark with its scale by the size that is registered. */
function rescaled(mark: FoundMark, size: { width: number; height: number }): FoundMark {
  return mark.side === undefined ? mark : { ...mark, scale: scaleFrom(mark.side, size) }
}

/** Neither scaled nor turned nor mirrored. */
export function isUpright({ scale, rotation, mirrored }: Omit<FoundMark, 'contentId' | 'service'>): boolean {
  return Math.abs(scale - 1) < 0.01 && Math.abs(rotation) < 0.5 && !mirrored
}

/** From this share of a film's frames on it shows what was registered; below the other, it does not. */
const SAME_FRAMES = 0.6
const UNLIKE_FRAMES = 0.15

/**
 * A film is compared frame by frame with those registered, whichever they are: so a cut is found again. Frames that were
 * cropped or turned cannot be compared so; then its sound tells, or nothing.
 */
function filmLikeness(inspected: InspectedMedia, view: FilmView, registered: Original): Likeness {
  const { look, mark } = inspected
  const { frames, sound } = filmAgreement(registered.layout, view)
  const lengthKept = Math.abs((look.milliseconds ?? 0) - (registered.milliseconds ?? 0)) <= PADDING
  const sizeKept =
    look.width === registered.width &&
    look.height === registered.height &&
    (mark === undefined || isUpright(mark))
  const soundKept = sound === undefined || sound.weakest >= STRETCH_KEPT
  const framesKept = frames !== undefined && frames >= SAME_FRAMES
  const framesOther = sizeKept && frames !== undefined && frames < UNLIKE_FRAMES
  const judgement = framesKept
    ? lengthKept && soundKept
      ? 'same'
      : 'part'
    : sound !== undefined && sound.whole >= SAME_SOUND
      ? // our sound under another's pictures does not make those ours
        framesOther || mark?.layers === 'sound'
        ? 'within'
        : 'part'
      : framesOther && (sound === undefined || sound.whole < UNLIKE_SOUND)
        ? 'other'
        : 'cannot be told'
  return {
    distance: hashDistance(registered.hash, look.hash),
    agreement: frames,
    shapeKept: sizeKept && lengthKept && (frames ?? 0) >= FRAMES_KEPT && mark?.layers !== OTHER_SOUND,
    judgement,
  }
}

/** Of a film that was only compressed, so many frames look like one a second of the original. */
const FRAMES_KEPT = 0.9
const OTHER_SOUND = 'frames, the sound of other content'
