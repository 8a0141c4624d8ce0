/** Something like music: chords that change, their harmonics, and a hiss that swells; the same for the same seed. */
export function music(seconds: number, rate: number, seed = 1): Float32Array {
  let state = seed
  const random = (): number => {
    state = (state * 1_664_525 + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const made = new Float32Array(seconds * rate)
  for (let start = 0; start < made.length; start += rate / 2) {
    const notes = Array.from({ length: 2 }, () => 220 * 2 ** (Math.floor(random() * 24) / 12))
    for (let at = 0; at < rate / 2 && start + at < made.length; at++) {
      const time = at / rate
      let value = 0.03 * Math.abs(Math.sin(time * 9)) * (random() - 0.5)
      for (const note of notes)
        for (let harmonic = 1; harmonic < 9; harmonic++)
          value +=
            (Math.exp(-3 * time) / harmonic ** 1.3) * 0.06 * Math.sin(2 * Math.PI * note * harmonic * time)
      made[start + at] = value
    }
  }
  return made
}

/** Plays faster, and higher, by linear interpolation. */
export function faster(samples: Float32Array, by: number): Float32Array {
  return Float32Array.from({ length: Math.floor(samples.length / by) - 1 }, (_, n) => {
    const at = Math.floor(n * by)
    return samples[at]! + (samples[at + 1]! - samples[at]!) * (n * by - at)
  })
}
