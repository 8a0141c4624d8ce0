/**
 * Sides of a tile in pixels: four and a half pixels a chip, and more in larger pictures, so that strong scaling down
 * leaves chips whole. All are odd: the blocks of 4, 8 or 16 pixels that compression works in then fall elsewhere in every
 * tile, and what it does at their borders adds up to nothing.
 */
export const TILE_SIDES = [113, 151, 201, 301] as const

/**
 * How many times larger than when it was marked a picture is in which a side of the tiles takes so many pixels. Its size
 * now tells that only while it is whole: a part of it, or a page that shows it, has another.
 */
export function scaleFrom(side: number, markedAt: { width: number; height: number }): number {
  return side / tileSide(markedAt.width, markedAt.height)
}

/** The side of the tile that a picture is marked with. */
export function tileSide(width: number, height: number): number {
  const megapixels = (width * height) / 1e6
  return TILE_SIDES.findLast((side) => side === TILE_SIDES[0] || megapixels > 3 * (side / 151) ** 2)!
}
