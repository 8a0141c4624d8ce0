import { keyedDigest, type MarkKey } from '../code/keyed.ts'
import type { Pixels } from './embed.ts'

/** The picture is looked at in so many fields along each side. */
const FIELDS = 4
/** Steps in which a field's mean counts: what re-encoding changes of a mean is far less. */
const STEP = 4

/**
 * Where the tile begins, drawn by the key from what the picture looks like from afar. Other pictures have it elsewhere,
 * so that averaging many shows nothing; but the same picture, marked again, nearly always has it at the same place, so
 * that in the average of its copies the known chips still stand.
 */
export function originOf(
  samples: Pixels,
  width: number,
  height: number,
  channels: number,
  key: MarkKey,
  side: number,
): { x: number; y: number } {
  const seen = Buffer.alloc(8 + FIELDS * FIELDS)
  seen.writeUInt32BE(width, 0)
  seen.writeUInt32BE(height, 4)
  const green = channels >= 3 ? 1 : 0
  for (let field = 0; field < FIELDS * FIELDS; field++) {
    const edge = (length: number, at: number) => Math.floor((length * at) / FIELDS)
    const [column, row] = [field % FIELDS, Math.floor(field / FIELDS)]
    let sum = 0
    let count = 0
    for (let y = edge(height, row); y < edge(height, row + 1); y += 4)
      for (let x = edge(width, column); x < edge(width, column + 1); x += 4) {
        sum += samples[(y * width + x) * channels + green]!
        count++
      }
    seen[8 + field] = Math.round(sum / Math.max(1, count) / STEP)
  }
  const drawn = Buffer.from(keyedDigest(key, 'picture origin', seen))
  return { x: drawn.readUInt32BE(0) % side, y: drawn.readUInt32BE(4) % side }
}
