/** What is above this rate is read at a part of it. */
const ENOUGH = 14_500

/** Reads sound, as it comes in, at about 16 kHz. */
export type Slower = {
  rate: number
  /** What follows from these samples and those before. */
  take(samples: Float32Array): Float32Array
  /** The rest, when no more come. */
  end(): Float32Array
}

/** Every so-manieth sample, after what it could not hold is filtered out. */
export function slowerThan(rate: number): Slower {
  const by = Math.floor(rate / ENOUGH)
  if (by < 2) return { rate, take: (samples) => samples, end: () => new Float32Array() }
  const half = 8 * by
  const taps = Float64Array.from({ length: 2 * half + 1 }, (_, index) => {
    const at = index - half
    const x = (Math.PI * at) / by
    return (at === 0 ? 1 : Math.sin(x) / x) * (0.5 + 0.5 * Math.cos((Math.PI * at) / (half + 1)))
  })
  const whole = taps.reduce((sum, tap) => sum + tap, 0)
  for (let at = 0; at < taps.length; at++) taps[at]! /= whole
  // the samples that are still listened to: before the beginning there is silence
  let held = new Float32Array(half)
  const read = (samples: Float32Array): Float32Array => {
    const all = new Float32Array(held.length + samples.length)
    all.set(held)
    all.set(samples, held.length)
    const count = Math.max(0, Math.floor((all.length - taps.length) / by) + 1)
    const made = new Float32Array(count)
    for (let n = 0, start = 0; n < count; n++, start += by) {
      let sum = 0
      for (let at = 0; at < taps.length; at++) sum += all[start + at]! * taps[at]!
      made[n] = sum
    }
    held = all.slice(count * by)
    return made
  }
  return {
    rate: rate / by,
    take: read,
    // as much silence as lets the last sample be the middle of what is listened to
    end: () => {
      const rest = Math.max(0, held.length - half)
      return read(new Float32Array(half)).subarray(0, Math.floor(rest / by))
    },
  }
}

/** All of a sound, read so. */
export function slower(samples: Float32Array, rate: number): { samples: Float32Array; rate: number } {
  const reader = slowerThan(rate)
  if (reader.rate === rate) return { samples, rate }
  const [most, rest] = [reader.take(samples), reader.end()]
  const made = new Float32Array(most.length + rest.length)
  made.set(most)
  made.set(rest, most.length)
  return { samples: made, rate: reader.rate }
}
