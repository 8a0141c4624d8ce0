import type { Look } from '../media/family.ts'
import { hashOf } from './hash.ts'
import { layoutOf, SIDE } from './layout.ts'
import { type Plane, shrink } from './shrink.ts'

/** What the register keeps of how a picture looks. */
export function lookOf(plane: Plane): Look {
  const cells = shrink(plane, SIDE, SIDE)
  const { hash, quality } = hashOf(cells.values, SIDE)
  return { width: plane.width, height: plane.height, hash, quality, layout: layoutOf(cells) }
}
