/**
 * Sides of a tile in pixels: 4 pixels a chip and a little, and more in larger pictures, so that strong scaling down leaves
 * chips whole. All are one more than a multiple of 24, which is odd: the blocks of 4, 8 or 16 pixels that compression
 * works in then fall elsewhere in every tile, and what it does at their borders adds up to nothing.
 */
export const TILE_SIDES = [97, 145, 193, 289] as const

/** The side of the tile that a picture is marked with. */
export function tileSide(width: number, height: number): number {
  const megapixels = (width * height) / 1e6
  return TILE_SIDES.findLast((side) => side === TILE_SIDES[0] || megapixels > 3 * (side / 145) ** 2)!
}
