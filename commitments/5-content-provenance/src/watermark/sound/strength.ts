import { BANDS } from './pattern.ts'
import { reliabilities } from './reliability.ts'

/** The most that a chip is raised or lowered, as a share of its amplitude. */
const MOST = 0.5
/** What is left of every band where noise of the room or of a recording is added: the whole's power, so far down. */
const FLOOR = 10 ** -4.2

/**
 * How much each chip of one stretch of sound may change, as a share of its amplitude, so that all change together stays
 * `budget` of the stretch's power. What costs least is changed most: chips much weaker than others of the stretch, as
 * long as they are not so weak beside their neighbours that a codec would drown them.
 *
 * @param power mean power of each chip, frame after frame of 40 bands
 * @param whole the power of the stretch in the same units, all frequencies
 */
export function strengths(power: Float64Array, whole: number, budget: number): Float32Array {
  const worth = new Float64Array(power.length)
  const noise = (whole / (power.length / BANDS)) * FLOOR
  for (let at = 0; at < power.length; at += BANDS)
    reliabilities(power.subarray(at, at + BANDS), noise, worth.subarray(at, at + BANDS))
  const limit = whole * budget
  let [low, high] = [-60, 20]
  const at = (level: number): Float32Array => {
    const lambda = (10 ** (level / 10) * whole) / Math.max(1, power.length)
    return Float32Array.from(power, (own, chip) => {
      const cost = own / (worth[chip]! * lambda + Number.MIN_VALUE)
      return worth[chip]! === 0 ? 0 : MOST / Math.sqrt(1 + cost * cost)
    })
  }
  const spent = (given: Float32Array): number =>
    given.reduce((sum, strength, chip) => sum + strength * strength * power[chip]!, 0)
  if (spent(at(high)) <= limit) return at(high)
  for (let step = 0; step < 24; step++) {
    const middle = (low + high) / 2
    if (spent(at(middle)) > limit) high = middle
    else low = middle
  }
  return at(low)
}
