import { type FilmView, filmAgreement } from '../fingerprint/film.ts'
import { ALIKE, hashDistance } from '../fingerprint/hash.ts'
import { layoutAgreement, SAME_LAYOUT } from '../fingerprint/layout.ts'
import { type SoundAgreement, soundAgreement } from '../fingerprint/sound.ts'
import type { Extent, InspectedMedia } from '../media/family.ts'
import type { Registered } from '../register/register.ts'

/** How content compares with what the register holds under the id that its mark names. */
export type Likeness = {
  /** Of 256 bits of the hash, how many differ. */
  distance: number
  /** Share of the layout map, or of a film's frames, that agrees at the best place; undefined where that cannot be told. */
  agreement: number | undefined
  /** A picture: the same size and way up as when it was marked; sound: the same length and speed, and none of it replaced; film: both. */
  shapeKept: boolean
  judgement: 'same' | 'part' | 'other' | 'cannot be told'
}

/** Below this share of a layout, and with more bits of difference than this, two pictures are plainly not one. */
const UNLIKE_LAYOUT = 0.66
const UNLIKE_HASH = 64

/** What was registered, as far as it is compared. */
type Original = Pick<Registered, 'family' | 'hash' | 'layout'> & {
  [size in keyof Extent]: number | undefined
}

export function likenessOf(inspected: InspectedMedia, registered: Original, family: string): Likeness {
  const { look, view, mark } = inspected
  const distance = hashDistance(registered.hash, look.hash)
  if (registered.family !== family)
    return { distance, agreement: undefined, shapeKept: false, judgement: 'other' }
  if ('hashes' in view) return filmLikeness(inspected, view, registered)
  if ('rows' in view) return soundLikeness(inspected, soundAgreement(registered.layout, view), registered)
  const { width = 0, height = 0 } = registered
  const shapeKept =
    look.width === width &&
    look.height === height &&
    (mark === undefined ||
      (Math.abs(mark.scale - 1) < 0.01 && Math.abs(mark.rotation) < 0.5 && !mark.mirrored))
  const shape = mark ?? { scale: 1, rotation: 0, mirrored: false }
  const agreement = layoutAgreement(
    registered.layout,
    { width, height, ...shape },
    { width: look.width ?? 0, height: look.height ?? 0, view },
  )
  return { distance, agreement, shapeKept, judgement: judge(distance, agreement) }
}

/** From this share of its rows' bits on, sound is the same; below the other, it is not. */
const SAME_SOUND = 0.7
const UNLIKE_SOUND = 0.62
/** Where three seconds anywhere agree in less, they were put in the place of others; codecs leave more. */
const STRETCH_KEPT = 0.62
/** Codecs add up to so many milliseconds before and behind. */
const PADDING = 250

function soundLikeness(
  { look, mark }: InspectedMedia,
  agreed: SoundAgreement | undefined,
  registered: Original,
): Likeness {
  const distance = hashDistance(registered.hash, look.hash)
  const agreement = agreed?.whole
  const speed = mark?.speed?.time ?? 1
  const lengthKept = Math.abs((look.milliseconds ?? 0) - (registered.milliseconds ?? 0) / speed) <= PADDING
  const shapeKept = lengthKept && Math.abs(speed - 1) < 0.002 && (agreed?.weakest ?? 0) >= STRETCH_KEPT
  const judgement =
    agreement === undefined || (agreement >= UNLIKE_SOUND && agreement < SAME_SOUND)
      ? 'cannot be told'
      : agreement < UNLIKE_SOUND
        ? 'other'
        : lengthKept
          ? 'same'
          : 'part'
  return { distance, agreement, shapeKept, judgement }
}

/** From this share of a film's frames on it shows what was registered; below the other, it does not. */
const SAME_FRAMES = 0.6
const UNLIKE_FRAMES = 0.15

/**
 * A film is compared frame by frame with those registered, whichever they are: so a cut is found again. Frames that were
 * cropped or turned cannot be compared so; then its sound tells, or nothing.
 */
function filmLikeness({ look, mark }: InspectedMedia, view: FilmView, registered: Original): Likeness {
  const distance = hashDistance(registered.hash, look.hash)
  const { frames, sound } = filmAgreement(registered.layout, view)
  const lengthKept = Math.abs((look.milliseconds ?? 0) - (registered.milliseconds ?? 0)) <= PADDING
  const upright =
    mark === undefined || (Math.abs(mark.scale - 1) < 0.01 && Math.abs(mark.rotation) < 0.5 && !mark.mirrored)
  const sizeKept = look.width === registered.width && look.height === registered.height && upright
  const soundKept = sound === undefined || sound.weakest >= STRETCH_KEPT
  const framesKept = frames >= SAME_FRAMES
  const judgement = framesKept
    ? lengthKept && soundKept
      ? 'same'
      : 'part'
    : sound !== undefined && sound.whole >= SAME_SOUND
      ? 'part'
      : sizeKept && frames < UNLIKE_FRAMES && (sound === undefined || sound.whole < UNLIKE_SOUND)
        ? 'other'
        : 'cannot be told'
  return {
    distance,
    agreement: frames,
    shapeKept: sizeKept && lengthKept && frames >= FRAMES_KEPT && mark?.layers !== OTHER_SOUND,
    judgement,
  }
}

/** Of a film that was only compressed, so many frames look like one a second of the original. */
const FRAMES_KEPT = 0.9
const OTHER_SOUND = 'frames, the sound of other content'

function judge(distance: number, agreement: number | undefined): Likeness['judgement'] {
  if (distance <= ALIKE) return 'same'
  if (agreement === undefined) return 'cannot be told'
  if (agreement >= SAME_LAYOUT) return 'part'
  return agreement < UNLIKE_LAYOUT && distance > UNLIKE_HASH ? 'other' : 'cannot be told'
}
