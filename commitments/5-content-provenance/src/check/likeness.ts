import { ALIKE, hashDistance } from '../fingerprint/hash.ts'
import { layoutAgreement, SAME_LAYOUT } from '../fingerprint/layout.ts'
import type { FoundMark, InspectedMedia } from '../media/family.ts'
import type { Registered } from '../register/register.ts'

/** How content compares with what the register holds under the id that its mark names. */
export type Likeness = {
  /** Of 256 bits of the hash, how many differ. */
  distance: number
  /** Share of the layout map that agrees at the best place; undefined where that cannot be told. */
  agreement: number | undefined
  /** The same size and way up as when it was marked. */
  shapeKept: boolean
  judgement: 'same' | 'part' | 'other' | 'cannot be told'
}

/** Below this share of a layout, and with more bits of difference than this, two pictures are plainly not one. */
const UNLIKE_LAYOUT = 0.66
const UNLIKE_HASH = 64

export function likenessOf(
  { look, view }: InspectedMedia,
  registered: Pick<Registered, 'hash' | 'layout' | 'width' | 'height'>,
  mark: FoundMark | undefined,
): Likeness {
  const distance = hashDistance(registered.hash, look.hash)
  const { width, height } = registered
  const shapeKept =
    look.width === width &&
    look.height === height &&
    (mark === undefined ||
      (Math.abs(mark.scale - 1) < 0.01 && Math.abs(mark.rotation) < 0.5 && !mark.mirrored))
  const shape = mark ?? { scale: 1, rotation: 0, mirrored: false }
  const agreement = layoutAgreement(
    registered.layout,
    { width, height, ...shape },
    { width: look.width, height: look.height, view },
  )
  return { distance, agreement, shapeKept, judgement: judge(distance, agreement) }
}

function judge(distance: number, agreement: number | undefined): Likeness['judgement'] {
  if (distance <= ALIKE) return 'same'
  if (agreement === undefined) return 'cannot be told'
  if (agreement >= SAME_LAYOUT) return 'part'
  return agreement < UNLIKE_LAYOUT && distance > UNLIKE_HASH ? 'other' : 'cannot be told'
}
