import type { Kind } from '../family.ts'
import { SOUND_LIMITS, wholeSoundRoom } from '../limits.ts'
import { roomFor } from '../room.ts'
import type { Samples } from './samples.ts'
import { openSound } from './source.ts'

/** Decodes all of a sound at once, no more than ten minutes of it; throws like `openSound`. */
export async function decodeSound(bytes: Uint8Array, kind: Kind): Promise<Samples> {
  await roomFor(wholeSoundRoom(bytes.length, kind.name))
  const source = await openSound(bytes, kind, { limits: SOUND_LIMITS.whole })
  const pieces: Float32Array[][] = []
  let length = 0
  for await (const piece of source.pieces) {
    pieces.push(piece)
    length += piece[0]!.length
  }
  const channels = Array.from({ length: source.channels }, (_, channel) => {
    const whole = new Float32Array(length)
    let at = 0
    for (const piece of pieces) {
      whole.set(piece[channel]!, at)
      at += piece[channel]!.length
    }
    return whole
  })
  return { channels, rate: source.rate }
}
