/** Interleaved floats as they come in, channel by channel. What is no number is silence. */
export async function* planesOf(
  stream: AsyncIterable<Buffer>,
  channels: number,
): AsyncGenerator<Float32Array[]> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    const frames = Math.floor(bytes.length / (4 * channels))
    const planes = Array.from({ length: channels }, () => new Float32Array(frames))
    for (let frame = 0, at = 0; frame < frames; frame++)
      for (const plane of planes) {
        const value = bytes.readFloatLE(at)
        plane[frame] = Number.isFinite(value) ? value : 0
        at += 4
      }
    rest = bytes.subarray(frames * 4 * channels)
    if (frames > 0) yield planes
  }
}

/** A stretch of samples; of it, `from` to `to` is to be kept, the rest stands beside. It begins at sample `at`. */
export type Stretch = { planes: Float32Array[]; from: number; to: number; at: number }

/** Stretches of at most `piece` samples, each with what stands before and behind. */
export async function* overlapping(
  source: AsyncIterable<Float32Array[]>,
  channels: number,
  piece: number,
  beside: number,
): AsyncGenerator<Stretch> {
  const size = piece + 2 * beside
  const held = Array.from({ length: channels }, () => new Float32Array(size))
  // how many samples are held, how many of them were given out before and only stand beside, and where they begin
  let [filled, done, at] = [0, 0, 0]
  const cut = (to: number): Stretch => ({
    planes: held.map((plane) => plane.slice(0, filled)),
    from: done,
    to,
    at,
  })
  for await (const planes of source)
    for (let taken = 0; taken < planes[0]!.length; ) {
      const part = Math.min(size - filled, planes[0]!.length - taken)
      for (const [channel, plane] of planes.entries())
        held[channel]!.set(plane.subarray(taken, taken + part), filled)
      filled += part
      taken += part
      if (filled < size) continue
      yield cut(size - beside)
      const kept = 2 * beside
      for (const plane of held) plane.copyWithin(0, size - kept)
      at += size - kept
      filled = kept
      done = beside
    }
  if (filled > done) yield cut(filled)
}

export function interleaved(channels: readonly Float32Array[], from: number, to: number): Buffer {
  const floats = new Float32Array((to - from) * channels.length)
  let at = 0
  for (let frame = from; frame < to; frame++) for (const channel of channels) floats[at++] = channel[frame]!
  return Buffer.from(floats.buffer)
}
