import { random } from '@avouch/core/stats'

/**
 * A made-up picture to test and time the mark on, as RGB: sums of waves that grow weaker as they grow finer, as in nature,
 * with two edges and some noise. The same seed gives the same picture.
 */
export function scene(width: number, height: number, seed: string): Uint8Array {
  const drawn = random(seed)
  const waves = Array.from({ length: 24 }, () => {
    const frequency = 0.005 * 1.25 ** (24 * drawn.uniform())
    const angle = 2 * Math.PI * drawn.uniform()
    return [
      frequency * Math.cos(angle),
      frequency * Math.sin(angle),
      6.3 * drawn.uniform(),
      0.12 / frequency,
    ] as const
  })
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let value = 110 + (x > 0.6 * width ? 40 : 0) + (y > 0.7 * height ? -30 : 0) + 2 * drawn.normal()
      for (const [fx, fy, phase, high] of waves) value += high * Math.cos(6.283 * (fx * x + fy * y) + phase)
      for (let colour = 0; colour < 3; colour++)
        rgb[(y * width + x) * 3 + colour] = Math.max(0, Math.min(255, value + 12 * colour - 12))
    }
  return rgb
}
