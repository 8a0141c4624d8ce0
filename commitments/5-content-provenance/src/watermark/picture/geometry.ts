import type { Lattice } from './fold.ts'
import { TILE_SIDES, tileSide } from './scale.ts'

/** What was done to a picture's shape since it was marked, as far as the tiles tell. Crops leave no trace in them. */
export type Geometry = {
  /** How many times larger it is than when it was marked: the mean of both directions. */
  scale: number
  /** How many pixels a side of its tiles takes now: by it `scale` can be told better where its first size is known. */
  side: number
  /** By how many degrees it was turned, clockwise as seen, −180 … 180; before a mirroring, if there was one. */
  rotation: number
  mirrored: boolean
}

/**
 * @param lattice how pixels lie on tiles, for a picture of `width` × `height`
 * @param turn which of the square's symmetries takes the marked tile to the found one
 */
export function geometryOf(
  { xx, xy, yx, yy }: Lattice,
  [a, b, c, d]: readonly number[],
  width: number,
  height: number,
): Geometry {
  const area = xx * yy - xy * yx
  const period = 1 / Math.sqrt(Math.abs(area))
  // Pixels now by tiles then: the inverse of the lattice after the turn.
  const px = (yy * a! - xy * c!) / area
  const py = (-yx * a! + xx * c!) / area
  const qx = (yy * b! - xy * d!) / area
  const qy = (-yx * b! + xx * d!) / area
  const mirrored = px * qy - py * qx < 0
  return {
    scale: scaleOf(period, width, height),
    side: period,
    rotation: degrees(Math.atan2(py, mirrored ? -px : px)),
    mirrored,
  }
}

/** Of the tiles a picture may have been marked with, the one that its size before scaling would have been given. */
function scaleOf(period: number, width: number, height: number): number {
  const scales = TILE_SIDES.map((side) => period / side)
  const away = (scale: number) => Math.abs(Math.log(scale))
  const sound = scales.filter((scale, at) => tileSide(width / scale, height / scale) === TILE_SIDES[at])
  return (sound.length > 0 ? sound : scales).toSorted((one, other) => away(one) - away(other))[0]!
}

function degrees(angle: number): number {
  const rounded = Math.round((angle * 18_000) / Math.PI) / 100
  return rounded === -180 ? 180 : rounded + 0
}
