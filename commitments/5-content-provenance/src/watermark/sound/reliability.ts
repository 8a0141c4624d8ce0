/** Codecs put noise so far below what masks it (power). */
const CODEC_NOISE = 10 ** -1.6
/** How masking falls off to the next band, 155 Hz away (power). */
const UPWARD = 10 ** -0.45
const DOWNWARD = 10 ** -0.9

/**
 * From 0 to 1: how much of each band of one moment is its own, and not the noise that a codec hides behind louder bands
 * beside it, or noise that was there.
 *
 * @param power of the bands, lowest first
 * @param noise power in each band
 * @param found where the answer goes
 */
export function reliabilities(
  power: ArrayLike<number>,
  noise: number,
  found: { [at: number]: number },
  count = power.length,
): void {
  let mask = 0
  for (let band = 0; band < count; band++) {
    mask = Math.max(power[band]!, mask * UPWARD)
    found[band] = mask
  }
  mask = 0
  for (let band = count - 1; band >= 0; band--) {
    mask = Math.max(found[band]!, mask * DOWNWARD)
    const own = power[band]!
    found[band] = own === 0 ? 0 : own / (own + CODEC_NOISE * mask + noise)
  }
}
