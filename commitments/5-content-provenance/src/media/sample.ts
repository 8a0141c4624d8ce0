import sharp, { type Sharp } from 'sharp'

/**
 * RGB samples of a made-up picture that looks like none of another seed: soft shapes, edges and grain. For tries and tests,
 * which need pictures that nobody owns.
 */
export function drawPicture(seed: number, width: number, height: number): Buffer {
  let state = seed * 2_654_435_761 + 1
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  const waves = Array.from({ length: 7 }, () => ({
    x: (next() - 0.5) * 26,
    y: (next() - 0.5) * 26,
    phase: next() * 6.3,
    weight: 8 + 22 * next(),
  }))
  const boxes = Array.from({ length: 12 }, () => ({
    left: next() * width,
    top: next() * height,
    wide: width * (0.05 + 0.25 * next()),
    high: height * (0.05 + 0.25 * next()),
    light: (next() - 0.5) * 120,
  }))
  const pixels = Buffer.alloc(width * height * 3)
  for (let y = 0, at = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      let light = 125
      for (const wave of waves)
        light += wave.weight * Math.sin((wave.x * x) / width + (wave.y * y) / height + wave.phase)
      for (const box of boxes)
        if (x > box.left && x < box.left + box.wide && y > box.top && y < box.top + box.high)
          light += box.light
      const grain = next() * 10 - 5
      pixels[at++] = clamp(light + grain)
      pixels[at++] = clamp(light * 0.9 + 12 + grain)
      pixels[at++] = clamp(light * 0.8 + 30 + grain)
    }
  return pixels
}

const clamp = (value: number): number => Math.max(0, Math.min(255, value))

export function pictureOf(seed: number, width: number, height: number): Sharp {
  return sharp(drawPicture(seed, width, height), { raw: { width, height, channels: 3 } })
}
