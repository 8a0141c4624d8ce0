import { BITS, PHASES, type SoundView } from './sound.ts'

/** Rows of the shorter one that must lie beside each other at least; and rows that are compared at every place. */
const LEAST = 30
const LOOKED_AT = 256
/** Where fewer rows of those looked at tell anything, they agree in half, as any others. */
const FEWEST = 8
/** What has more rows than this (a minute and a half) is compared in parts of so many, each at its own place. */
const PART = 1_024
/** A part is first looked for so many rows about where it would follow the one before. */
const ABOUT = 32
/** Parts at most that are looked for everywhere: sound out of which as many pieces were taken is told from no other. */
const EVERYWHERE = 8
/** From this share of bits on, a part is where it belongs. */
const PLACED = 0.66

/** How sound agrees with what was registered, at the best of all places: shares of bits. */
export type SoundAgreement = {
  /** Unlike sounds agree in about half, and in up to six tenths at their best place. */
  whole: number
  /** Of three seconds anywhere in it, the least. */
  weakest: number
}

/** Row `at · 3 + phase` of what is compared lies on row `at + lag` of what was registered. */
type Place = { phase: number; lag: number; agreement: number }
type Rows = { kept: Uint16Array; rows: Uint16Array; length: number }

/** Undefined where too little of the two overlaps that is not silent in both: below three seconds. */
export function soundAgreement(registered: Uint8Array, { rows }: SoundView): SoundAgreement | undefined {
  const kept = new Uint16Array(registered.length / 2)
  for (let at = 0; at < kept.length; at++) kept[at] = (registered[at * 2]! << 8) | registered[at * 2 + 1]!
  const both: Rows = { kept, rows, length: Math.floor(rows.length / PHASES) }
  if (Math.min(kept.length, both.length) < LEAST) return undefined
  return both.length > 2 * PART && kept.length > 2 * PART ? inParts(both) : asOne(both)
}

function asOne({ kept, rows, length }: Rows): SoundAgreement | undefined {
  const least = Math.max(LEAST, Math.floor(Math.min(kept.length, length) / 2))
  const both = { kept, rows, length }
  const best = placeOf(both, [0, length], least - length, kept.length - least)
  const from = Math.max(0, -best.lag)
  const to = Math.min(length, kept.length - best.lag)
  const { agreement: whole, told } = agreementAt(both, best, length, from, to)
  return told < LEAST ? undefined : { whole, weakest: weakestOf(both, best, from, to) }
}

/**
 * Long sound, from the middle on both ways: what was cut out of it or drifted since moves what follows, and no more.
 * Parts that are nowhere count as unlike.
 */
function inParts(both: Rows): SoundAgreement | undefined {
  const { kept, length } = both
  const parts = Math.floor(length / PART)
  const middle = Math.floor(parts / 2)
  const places: Place[] = []
  let everywhere = EVERYWHERE
  const span = (part: number): [number, number] => [
    part * PART,
    part === parts - 1 ? length : (part + 1) * PART,
  ]
  const find = (part: number, beside?: Place): void => {
    const [from, to] = span(part)
    const near = beside && placeOf(both, [from, to], beside.lag - ABOUT, beside.lag + ABOUT)
    if ((near === undefined || near.agreement < PLACED) && everywhere-- > 0) {
      const far = placeOf(both, [from, to], -from, kept.length - to)
      if (near === undefined || far.agreement >= PLACED) {
        places[part] = far
        return
      }
    }
    // what is nowhere is expected where it would follow
    places[part] = near && near.agreement >= PLACED ? near : { ...(beside ?? near!), agreement: 0 }
  }
  find(middle)
  for (let part = middle + 1; part < parts; part++) find(part, places[part - 1])
  for (let part = middle - 1; part >= 0; part--) find(part, places[part + 1])
  let [sum, all, weakest] = [0, 0, 1]
  for (let part = 0; part < parts; part++) {
    const [from, to] = span(part)
    const place = places[part]!
    const { agreement, told } = agreementAt(both, place, to - from, from, to)
    sum += agreement * told
    all += told
    weakest = Math.min(weakest, weakestOf(both, place, from, to))
  }
  return all < LEAST ? undefined : { whole: sum / all, weakest }
}

/** Where rows from one to another agree best, between two lags. */
function placeOf(both: Rows, [from, to]: [number, number], least: number, most: number): Place {
  let best: Place = { agreement: -1, phase: 0, lag: 0 }
  for (let phase = 0; phase < PHASES; phase++)
    for (let lag = least; lag <= most; lag++) {
      const { agreement } = agreementAt(
        both,
        { phase, lag },
        LOOKED_AT,
        Math.max(from, -lag),
        Math.min(to, both.kept.length - lag),
      )
      if (agreement > best.agreement) best = { agreement, phase, lag }
    }
  return best
}

function weakestOf(both: Rows, place: Pick<Place, 'phase' | 'lag'>, from: number, to: number): number {
  let weakest = 1
  for (let at = from; at + LEAST <= to; at += LEAST / 2)
    weakest = Math.min(weakest, agreementAt(both, place, LEAST, at, at + LEAST, 1).agreement)
  return weakest
}

/** How many bits of 16 are ones. */
const ONES = Uint8Array.from({ length: 2 ** BITS }, (_, word) => {
  let ones = 0
  for (let bits = word; bits > 0; bits &= bits - 1) ones++
  return ones
})

/**
 * In what share of bits sound agrees, by so many rows that tell it. What lies beyond what was registered agrees in half, as
 * any other sound; what is silent in both tells nothing, for all silence is alike. Too few agree as `silent` says.
 */
function agreementAt(
  { kept, rows }: Rows,
  { phase, lag }: Pick<Place, 'phase' | 'lag'>,
  most: number,
  from: number,
  to: number,
  silent = 0.5,
): { agreement: number; told: number } {
  const by = Math.max(1, Math.ceil((to - from) / most))
  let [wrong, told] = [0, 0]
  for (let at = from; at < to; at += by) {
    const row = at + lag
    const [now, then] = [rows[at * PHASES + phase]!, kept[row] ?? BEYOND]
    if (now === 0 && then === 0) continue
    wrong += then === BEYOND ? BITS / 2 : ONES[now ^ then]!
    told++
  }
  return { agreement: told < FEWEST ? silent : 1 - wrong / (told * BITS), told }
}

const BEYOND = -1
