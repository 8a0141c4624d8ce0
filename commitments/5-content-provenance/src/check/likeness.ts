import { ALIKE, hashDistance } from '../fingerprint/hash.ts'
import { layoutAgreement, SAME_LAYOUT } from '../fingerprint/layout.ts'
import { type SoundAgreement, soundAgreement } from '../fingerprint/sound.ts'
import type { Extent, InspectedMedia } from '../media/family.ts'
import type { Registered } from '../register/register.ts'

/** How content compares with what the register holds under the id that its mark names. */
export type Likeness = {
  /** Of 256 bits of the hash, how many differ. */
  distance: number
  /** Share of the layout map that agrees at the best place; undefined where that cannot be told. */
  agreement: number | undefined
  /** A picture: the same size and way up as when it was marked; sound: the same length and speed, and none of it replaced. */
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

function judge(distance: number, agreement: number | undefined): Likeness['judgement'] {
  if (distance <= ALIKE) return 'same'
  if (agreement === undefined) return 'cannot be told'
  if (agreement >= SAME_LAYOUT) return 'part'
  return agreement < UNLIKE_LAYOUT && distance > UNLIKE_HASH ? 'other' : 'cannot be told'
}
