import type { Candidate } from './alert.ts'
import { bothOf, countOf } from './covered.ts'
import type { Fusion } from './fusion.ts'
import type { Growths } from './growth.ts'
import { growthSignals } from './growth.ts'
import type { ModelRecord } from './model-record.ts'
import { inPercent, type Signal } from './signal.ts'
import { type Pair, pairsOf, type Share } from './union.ts'

const DAY = 86_400_000
/** People whose reading grows are compared; the others hold what they held. */
const GROWING = 0.04
/** Days within which parts must have been read to be laid together. */
const WINDOW = 60
/** Who works their way through a model with less surprise than this is not laid beside others. */
const THROUGH = 0.1
/** People laid beside each other so; the surest first. */
const MOST_THROUGH = 12
/** Pairs that must have been compared before rarity is known. */
const ENOUGH = 60

/**
 * People who divide a model between them, of those who read it anew of late: their parts complete each other, or meet at
 * their edges again and again.
 */
export function judgeTogether(
  model: ModelRecord,
  given: {
    at: number
    day: number
    links: (person: string) => ReadonlySet<string>
    fusion: Fusion
    growths: Growths
  },
): Candidate[] {
  const { at, day, links, fusion, growths } = given
  const candidates: Candidate[] = []
  const signals = new Map<string, { people: [string, string]; signals: Signal[]; since: number }>()
  const add = (people: [string, string], since: number, signal: Signal): void => {
    const key = people[0] < people[1] ? people.join('\0') : `${people[1]}\0${people[0]}`
    const entry = signals.get(key) ?? { people, signals: [], since }
    entry.signals.push(signal)
    entry.since = Math.min(entry.since, since)
    signals.set(key, entry)
  }
  for (const { people, count, expected, since, p } of model.borders.pairs())
    add(people, since, {
      group: 'border',
      p,
      why: () =>
        `what ${people[0]} and ${people[1]} newly read of ${model.name} met at its edges ${count} times without overlapping, where ${expected.toFixed(1)} are to be expected`,
    })
  const through = workingThrough(model, day, growths)
  for (const { people, p, why } of bothThrough(through, model, day))
    add(people, day - WINDOW, { group: 'continuation', p, why })
  for (const pair of comparable(model, day, links)) {
    const rare = model.apart.weight >= ENOUGH ? model.apart.above(pair.apart) : 1
    model.apart.add(pair.apart, day, 0.2)
    if (rare > 0.05) continue
    add(pair.people, day - WINDOW, {
      group: 'union',
      p: pair.shared().length > 0 ? rare * 0.3 : rare,
      why: () => wordsOf(pair, model.name),
    })
  }
  for (const { people, signals: own, since } of signals.values()) {
    const growing = people.map((person) => {
      const reading = model.readings.get(person)
      return reading ? growthSignals(reading, model, day, growths) : []
    })
    // both must be at it: the one who grows less tells
    const least = growing
      .map((list) => list.filter(({ group }) => group === 'coverage'))
      .sort((a, b) => Math.min(1, ...b.map(({ p }) => p)) - Math.min(1, ...a.map(({ p }) => p)))[0]!
    const { score, reasons } = fusion.fuse([...own, ...least], day)
    if (reasons.length === 0) continue
    candidates.push({
      kind: 'together',
      at,
      from: at - (day - since + 1) * DAY,
      person: people[0],
      people,
      model: model.name,
      score,
      reasons,
    })
  }
  return candidates
}

/** Who works their way through a model just now, and how surely. */
function workingThrough(
  model: ModelRecord,
  day: number,
  growths: Growths,
): { person: string; signal: Signal }[] {
  if (model.segments === 0) return []
  return [...model.readings].flatMap(([person, reading]) => {
    if (day - reading.grewOn >= 7) return []
    const signal = growthSignals(reading, model, day, growths)
      .filter(({ group, p }) => group === 'continuation' && p < THROUGH)
      .sort((a, b) => a.p - b.p)[0]
    return signal ? [{ person, signal }] : []
  })
}

/** Two who work their way through different parts of a model at once: each may be chance, both seldom are. */
function bothThrough(
  through: { person: string; signal: Signal }[],
  model: ModelRecord,
  day: number,
): { people: [string, string]; p: number; why: () => string }[] {
  const most = through.sort((a, b) => a.signal.p - b.signal.p).slice(0, MOST_THROUGH)
  const readers = [...model.readings.values()].filter(({ grewOn }) => day - grewOn < 7).length
  const pairs = Math.max(1, (readers * (readers - 1)) / 2)
  return most.flatMap((a, i) =>
    most.slice(i + 1).flatMap((b) => {
      const p = a.signal.p * b.signal.p * pairs
      if (p > 0.05 || overlap(model, a.person, b.person, day) > 0.25) return []
      const people: [string, string] = [a.person, b.person]
      return [{ people, p, why: () => `${a.person}: ${a.signal.why()}; ${b.person}: ${b.signal.why()}` }]
    }),
  )
}

/** What share of the smaller of two people's parts of a model both have read. */
function overlap(model: ModelRecord, a: string, b: string, day: number): number {
  const [one, other] = [model.readings.get(a)!.covered, model.readings.get(b)!.covered]
  const each = Math.max(one.each, other.each)
  one.coarsenTo(each)
  other.coarsenTo(each)
  const [mine, theirs] = [one, other].map((covered) => covered.places(model.segments, day, day - WINDOW))
  return bothOf(mine!, theirs!) / Math.max(1, Math.min(countOf(mine!), countOf(theirs!)))
}

function comparable(model: ModelRecord, day: number, links: (person: string) => ReadonlySet<string>): Pair[] {
  const growing = [...model.readings].filter(
    ([, reading]) => day - reading.grewOn < 7 && reading.growth(model.segments, day) >= GROWING,
  )
  if (growing.length < 2) return []
  const each = Math.max(...growing.map(([, { covered }]) => covered.each))
  const shares: Share[] = []
  for (const [person, { covered }] of growing) {
    covered.coarsenTo(each)
    const places = covered.places(model.segments, day, day - WINDOW)
    shares.push({ person, places, count: countOf(places), links: links(person) })
  }
  return pairsOf(shares, Math.max(1, Math.ceil(model.segments / each)))
}

function wordsOf({ people: [a, b], shares, union, common, expected, shared }: Pair, model: string): string {
  const both = shared()
  const links = both.length > 0 ? `; they share ${both.slice(0, 3).join(', ')}` : ''
  return `${a} and ${b} have together read ${inPercent(union)} of ${model} in ${WINDOW} days (${inPercent(shares[0])} and ${inPercent(shares[1])}), with ${inPercent(common)} in common where chance gives ${inPercent(expected)}${links}`
}
