import { hashDistance } from '../fingerprint/hash.ts'
import type { SoundAgreement } from '../fingerprint/sound-agreement.ts'
import type { InspectedMedia } from '../media/family.ts'
import type { Likeness, Original } from './likeness.ts'

/** From this share of its rows' bits on, sound is the same; below the other, it is not. */
export const SAME_SOUND = 0.7
export const UNLIKE_SOUND = 0.62
/** Where three seconds anywhere agree in less, they were put in the place of others; codecs leave more. */
export const STRETCH_KEPT = 0.62
/** Codecs add up to so many milliseconds before and behind. */
export const PADDING = 250

/** Whether sound is of what was registered, by how it runs where the two lie beside each other. */
export function soundJudgement(agreed: SoundAgreement | undefined): 'same' | 'other' | 'cannot be told' {
  if (agreed === undefined) return 'cannot be told'
  return agreed.whole >= SAME_SOUND ? 'same' : agreed.whole < UNLIKE_SOUND ? 'other' : 'cannot be told'
}

export function soundLikeness(
  { look, mark }: InspectedMedia,
  agreed: SoundAgreement | undefined,
  registered: Original,
): Likeness {
  const speed = mark?.speed?.time ?? 1
  const longer = (look.milliseconds ?? 0) - (registered.milliseconds ?? 0) / speed
  const lengthKept = Math.abs(longer) <= PADDING
  const judgement = soundJudgement(agreed)
  return {
    distance: hashDistance(registered.hash, look.hash),
    agreement: agreed?.whole,
    shapeKept: lengthKept && Math.abs(speed - 1) < 0.002 && (agreed?.weakest ?? 0) >= STRETCH_KEPT,
    judgement: judgement !== 'same' || lengthKept ? judgement : longer > 0 ? 'within' : 'part',
  }
}
