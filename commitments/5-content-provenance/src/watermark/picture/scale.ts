/** Side of a chip in pixels: 4, and more in pictures above 3 megapixels, so that strong scaling down leaves it whole. */
export function chipPixels(width: number, height: number): number {
  const megapixels = (width * height) / 1e6
  return CHIP_SIZES.findLast((size) => size === 4 || megapixels > 3 * (size / 6) ** 2)!
}

export const CHIP_SIZES = [4, 6, 8, 12] as const
