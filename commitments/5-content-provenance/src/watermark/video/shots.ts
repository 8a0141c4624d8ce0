/** Cells, each way, by which two frames are compared. */
const CELLS = 16
/** Mean difference of cells, in levels, from which on a frame belongs to another shot. */
const CUT = 10

/** How a frame looks from afar. */
export type Glance = Uint8Array

/** The mean brightness of 16 × 16 cells, from every fourth pixel. */
export function glanceOf(luma: Uint8Array, width: number, height: number): Glance {
  const glance = new Uint8Array(CELLS * CELLS)
  for (let row = 0; row < CELLS; row++) {
    const top = Math.floor((row * height) / CELLS)
    const bottom = Math.max(top + 1, Math.floor(((row + 1) * height) / CELLS))
    for (let column = 0; column < CELLS; column++) {
      const left = Math.floor((column * width) / CELLS)
      const right = Math.max(left + 1, Math.floor(((column + 1) * width) / CELLS))
      let [sum, count] = [0, 0]
      for (let y = top; y < bottom; y += 4)
        for (let x = left; x < right; x += 4) {
          sum += luma[Math.min(y, height - 1) * width + Math.min(x, width - 1)]!
          count++
        }
      glance[row * CELLS + column] = sum / count
    }
  }
  return glance
}

/** Whether another shot begins between two frames: cells change all at once, more than movement changes them. */
export function isCut(before: Glance, now: Glance): boolean {
  let sum = 0
  for (let at = 0; at < now.length; at++) sum += Math.abs(now[at]! - before[at]!)
  return sum / now.length > CUT
}
