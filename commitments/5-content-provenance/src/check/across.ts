import { FRAME_ALIKE, isTelling, unpackFilm } from '../fingerprint/film.ts'
import { HASH_BITS, hashDistance } from '../fingerprint/hash.ts'
import { soundAgreement } from '../fingerprint/sound-agreement.ts'
import type { InspectedMedia } from '../media/family.ts'
import type { Likeness, Original } from './likeness.ts'
import { soundJudgement } from './sound-likeness.ts'

/** With more bits of difference than this in every frame, and the same shape, what is seen is plainly not of the film. */
const UNLIKE_FRAME = 96

/**
 * Content of one family compared with what was registered as another: a still of a film, or the sound of one by itself;
 * a picture that a film shows, or sound that was put under one.
 */
export function likenessAcross({ look, view, mark }: InspectedMedia, registered: Original): Likeness {
  if ('hashes' in view && registered.family === 'picture')
    return byFrames('within', view.hashes, [registered.hash])
  if ('hashes' in view && registered.family === 'sound')
    return bySound('within', view.sound && soundAgreement(registered.layout, view.sound))
  if (registered.family !== 'video') return unlike()
  const film = unpackFilm(registered.layout)
  if ('rows' in view)
    return film.rows.length > 0 ? bySound('part', soundAgreement(film.rows, view)) : unlike()
  const still = byFrames('part', [look.hash], film.hashes)
  // a still that was cropped, turned or put into something else cannot be compared so
  return still.judgement === 'other' && mark && !isShaped(look, registered)
    ? { ...still, judgement: 'cannot be told' }
    : still
}

function byFrames(
  found: 'part' | 'within',
  seen: readonly Uint8Array[],
  registered: readonly Uint8Array[],
): Likeness {
  const [now, then] = [seen.filter(isTelling), registered.filter(isTelling)]
  const distances = now.flatMap((hash) => then.map((other) => hashDistance(hash, other)))
  const distance = Math.min(HASH_BITS, ...distances)
  const judgement =
    distance <= FRAME_ALIKE
      ? found
      : found === 'part' && now.length > 0 && distance > UNLIKE_FRAME
        ? 'other'
        : 'cannot be told'
  return { distance, agreement: undefined, shapeKept: false, judgement }
}

function bySound(found: 'part' | 'within', agreed: ReturnType<typeof soundAgreement>): Likeness {
  const judgement = soundJudgement(agreed)
  return {
    distance: HASH_BITS,
    agreement: agreed?.whole,
    shapeKept: false,
    judgement: judgement === 'same' ? found : judgement,
  }
}

/** Neither looks nor sound can be of it. */
function unlike(): Likeness {
  return { distance: HASH_BITS, agreement: undefined, shapeKept: false, judgement: 'other' }
}

/** Whether it has the shape of what was registered, whatever its size. */
function isShaped(look: InspectedMedia['look'], { width = 0, height = 0 }: Original): boolean {
  const [now, then] = [(look.width ?? 0) / (look.height ?? 1), width / height]
  return Math.abs(now / then - 1) < 0.02
}
