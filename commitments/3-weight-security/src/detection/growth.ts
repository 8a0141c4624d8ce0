import type { ModelRecord } from './model-record.ts'
import type { Reading } from './reading.ts'
import { inBytes, inPercent, type Signal } from './signal.ts'
import { Tail } from './tail.ts'

/** How fast readings usually grow, over everybody's days on which they did. */
export class Growths {
  readonly growth = new Tail(0, 1)
  readonly surge = new Tail(-8, 8)
  readonly share = new Tail(0, 1)
  /** log2 of what is read, again or not, over what it was before. */
  readonly read = new Tail(-8, 8)
  /** Of models whose segments are not told: log2 of recent bytes, and of how that has grown. */
  readonly bytes = new Tail(0, 56)
  readonly bytesSurge = new Tail(-8, 8)
}

/** Growth below this is no matter, whatever is usual. */
const LEAST = 0.02
/** A role has to have so much history before it is asked. */
const ENOUGH = 30
/** A chain of touching ranges counts in full from this share of a model on. */
const CHAIN = 0.02

/**
 * What somebody's reading of a model adds up to as of a day: how much of it is new, against the company's and the role's
 * readings and against their own past; and whether they work their way through it.
 */
export function growthSignals(
  reading: Reading,
  model: ModelRecord,
  day: number,
  company: Growths,
  role?: Growths,
): Signal[] {
  if (model.segments === 0) return bytesSignals(reading, model, day, company)
  const segments = model.segments
  const growth = reading.growth(segments, day)
  const signals: Signal[] = []
  if (growth >= LEAST && company.growth.weight >= ENOUGH / 2) {
    const share = reading.covered.share(segments, day)
    const surge = reading.surge(segments, day)
    const held = (pick: (growths: Growths) => Tail, value: number): number => {
      const all = pick(company).above(value)
      const own = role && pick(role).weight >= ENOUGH ? pick(role).above(value) : all
      return Math.sqrt(all * own)
    }
    const grown = held(({ growth: tail }) => tail, growth)
    const surged = held(({ surge: tail }) => tail, surge)
    const holds = held(({ share: tail }) => tail, share)
    signals.push({
      group: 'coverage',
      // so much growth, from one who did not grow so before
      p: Math.sqrt(grown * surged),
      why: () =>
        `they have read ${inPercent(share)} of ${model.name} in 90 days, ${inPercent(growth)} of it anew of late: so much or more in ${inPercent(grown)} of all readings, and ${(2 ** surge).toFixed(1)} times what they read anew before`,
    })
    if (holds < 0.2 && share > 0.2)
      signals.push({
        group: 'coverage',
        p: Math.max(0.01, holds),
        why: () =>
          `only ${inPercent(holds)} of those whose reading grows hold as much of ${model.name} (${inPercent(share)})`,
      })
  }
  const { sum, chain } = reading.continuity
  if (sum > 0.7) {
    const part = chain.segments / segments
    signals.push({
      group: 'continuation',
      p: 10 ** -(sum * Math.min(1, part / CHAIN)),
      why: () =>
        `${chain.touching} of ${chain.ranges} ranges of ${model.name} that they read anew since day ${chain.since} of the record begin or end exactly where an earlier one of theirs does (${inPercent(part)} of it), where ${inPercent(model.touching.without(reading.continuity.ranges, reading.continuity.touching))} of others’ do`,
    })
  }
  const { best } = reading.chains
  if (best && best.sum > 0.7 && best.steps >= 2) {
    const part = best.segments / segments
    signals.push({
      group: 'continuation',
      p: 10 ** -(best.sum * Math.min(1, part / CHAIN)),
      why: () =>
        `they have gone through ${inPercent(Math.min(1, part))} of ${model.name} in ${best.steps + 1} sittings since day ${best.since} of the record, each beginning exactly where an earlier one ended`,
    })
  }
  const { sum: gathered, run } = reading.gathering
  if (gathered > 0.7) {
    const part = run.segments / segments
    signals.push({
      group: 'continuation',
      p: 10 ** -(gathered * Math.min(1, part / CHAIN)),
      why: () =>
        `${run.anew} of their ${run.sittings} sittings with ${model.name} since day ${run.since} of the record brought nothing but what they had not read before (${inPercent(Math.min(1, part))} of it), though they hold ${inPercent(run.held)}: with as much, ${inPercent(model.repeating.without(run.held, reading.gathering))} of sittings do so`,
    })
  }
  return signals
}

/** How much more is read of a model than before, again or not: for those of whom less is to be expected. */
export function readSignal(
  reading: Reading,
  model: ModelRecord,
  day: number,
  company: Growths,
): Signal | undefined {
  if (model.segments === 0 || company.read.weight < ENOUGH / 2) return undefined
  const surge = reading.readSurge(model.segments, day)
  const p = company.read.above(surge)
  return {
    group: 'volume',
    p,
    why: () =>
      `they have lately read ${(2 ** surge).toFixed(1)} times as much of ${model.name} as before: so much or more on ${inPercent(p)} of everybody’s days`,
  }
}

/** Where segments are not told there is no coverage; bytes that have grown against one's own past are what is left. */
function bytesSignals(reading: Reading, model: ModelRecord, day: number, company: Growths): Signal[] {
  const bytes = reading.bytes(day)
  if (company.bytes.weight < ENOUGH / 2 || bytes < model.mostInADay * LEAST) return []
  const surge = reading.bytesSurge(model.mostInADay * LEAST, day)
  const much = company.bytes.above(Math.log2(1 + bytes))
  const surged = company.bytesSurge.above(surge)
  return [
    {
      group: 'coverage',
      p: Math.sqrt(much * surged),
      why: () =>
        `they have lately read ${inBytes(bytes)} of ${model.name}, ${(2 ** surge).toFixed(1)} times what they read before; which segments is not told`,
    },
  ]
}

/** Learns from a day on which a reading grew. */
export function learnGrowth(
  reading: Reading,
  model: ModelRecord,
  day: number,
  all: readonly Growths[],
): void {
  if (model.segments === 0) {
    for (const growths of all) {
      growths.bytes.add(Math.log2(1 + reading.bytes(day)), day, 0.3)
      growths.bytesSurge.add(reading.bytesSurge(model.mostInADay * LEAST, day), day, 0.3)
    }
    return
  }
  const { segments } = model
  for (const growths of all) growths.read.add(reading.readSurge(segments, day), day, 0.3)
  const growth = reading.growth(segments, day)
  if (growth < LEAST / 2) return
  const surge = reading.surge(segments, day)
  const share = reading.covered.share(segments, day)
  for (const growths of all) {
    growths.growth.add(growth, day, 0.3)
    growths.surge.add(surge, day, 0.3)
    growths.share.add(share, day, 0.3)
  }
}
