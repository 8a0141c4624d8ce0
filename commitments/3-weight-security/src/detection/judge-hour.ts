import type { Candidate } from './alert.ts'
import type { Detector } from './detector.ts'
import { oddHour } from './rhythm.ts'
import { inBytes, inPercent, poissonTail, type Signal } from './signal.ts'
import type { Subject } from './subject.ts'
import type { Tail } from './tail.ts'
import type { Tally } from './tally.ts'
import { mainModel } from './tally.ts'

const DAY = 86_400_000
/** Somebody new is not measured by a habit they cannot have yet. */
const NEW = 14 * DAY
/** What happens so often is no signal. */
const QUIET = 0.25

/** Acts a day that may be refused to anybody, whatever is known: people mistype, and a single refusal is no sign. */
const MISTAKES = 0.25

/** How long a notice makes what else is seen weigh more. */
const AFTER_NOTICE = 60 * DAY

/** A score weighs more after notice was given. */
export function weighted(score: number, { notice }: Subject, at: number): number {
  return notice !== undefined && at >= notice && at < notice + AFTER_NOTICE ? score * 1.2 + 0.3 : score
}

/**
 * How unusual an hour of somebody's work was; learns from it afterwards. `at` judges an hour that is still under way, as
 * far as it has come by then, and learns nothing.
 */
export function judgeHour(
  detector: Detector,
  subject: Subject,
  tally: Tally,
  day: number,
  at?: number,
): Candidate | undefined {
  const learn = at === undefined
  const peers = detector.peers.get(subject.role)!
  const team = detector.teams.get(subject.team)!
  const signals: Signal[] = [...tally.signals]
  const end = tally.start + 3_600_000
  const lastDay = subject.lastDay(tally.start, tally.bytes)
  const known = subject.hourly.weight >= 8 && tally.start - (subject.joined ?? subject.firstSeen) > NEW

  const isRhythmKnown = subject.rhythm.weight + team.rhythm.weight / 10 >= 20
  const odd = isRhythmKnown ? oddHour(tally.start, subject.rhythm, team.rhythm) : 1
  if (odd < QUIET)
    signals.push({
      group: 'hours',
      p: tally.bytes > 0 || tally.approvals > 0 ? odd : Math.sqrt(odd),
      why: () =>
        `${new Date(tally.start).toISOString().slice(0, 13)}:00 UTC is an hour of the week in which, or in rarer ones, ${(100 * odd).toFixed(1)} % of their and their team’s work falls`,
    })
  if (tally.bytes > 0) {
    const of = { signals, known, learn, day }
    volume(of, subject.hourly, peers.hourly, Math.log2(1 + tally.bytes), tally.bytes, BYTES_IN_HOUR)
    // how much a day usually is, its end tells
    const inDay = Math.log2(1 + lastDay)
    volume({ ...of, learn: false }, subject.daily, peers.daily, inDay, lastDay, BYTES_IN_DAY)
    if (tally.part > 0) {
      const anew = Math.log2(Math.max(tally.anewPart, 2 ** -14))
      volume(of, subject.part, peers.part, Math.log2(tally.part), tally.part, PART_IN_HOUR)
      volume(of, subject.anew, peers.anew, anew, tally.anewPart, ANEW_IN_HOUR)
    }
  }
  if (tally.acts >= 3 && peers.bits.weight >= 20) {
    const perAct = tally.bits / tally.acts
    const p = peers.bits.above(4 * peers.usualBits.excess(tally.bits, tally.acts))
    if (p < QUIET)
      signals.push({
        group: 'sequence',
        p,
        why: () =>
          `their acts followed each other in an order that is unusual in the role (${perAct.toFixed(1)} bits an act)`,
      })
  }
  if (learn && tally.acts >= 3) {
    peers.bits.add(4 * peers.usualBits.excess(tally.bits, tally.acts), day)
    peers.usualBits.add(tally.bits, tally.acts)
  }
  if (tally.refused > 0) {
    const { refused } = subject.day
    const mean = Math.max(MISTAKES, (subject.refusedPerDay + peers.refusedPerDay) / 2)
    signals.push({
      group: 'refusals',
      p: poissonTail(refused, mean),
      why: () => `${refused} of their acts were refused that day, where ${mean.toFixed(1)} are usual`,
    })
  }
  if (tally.approvals > 0) {
    const busy = detector.approvals.busy(subject.name)
    if (busy) signals.push(busy)
  }
  if (subject.left !== undefined && tally.last > subject.left + DAY && tally.reads > 0) {
    const { left } = subject
    signals.push({
      group: 'personnel',
      p: 1e-4,
      why: () => `they left on ${new Date(left).toISOString().slice(0, 10)}, and this is after it`,
    })
  }
  if (learn) {
    subject.rhythm.add(tally.start)
    team.rhythm.add(tally.start)
  }

  const { score, reasons } = detector.hourly.fuse(signals, day, learn)
  if (reasons.length === 0) return undefined
  return {
    kind: 'acts',
    at: at ?? Math.max(end, tally.last),
    from: tally.start,
    person: subject.name,
    people: [subject.name, ...[...(tally.others ?? [])].slice(0, 2)],
    model: mainModel(tally),
    score: weighted(score, subject, tally.start),
    reasons,
  }
}

/** A measure of how much was read, and how its figure is told. */
type Measure = { group: 'volume' | 'anew'; what: (figure: number) => string }
const BYTES_IN_HOUR: Measure = { group: 'volume', what: (bytes) => `${inBytes(bytes)} in one hour` }
const BYTES_IN_DAY: Measure = { group: 'volume', what: (bytes) => `${inBytes(bytes)} in 24 hours` }
const PART_IN_HOUR: Measure = {
  group: 'volume',
  what: (share) => `${inPercent(Math.min(1, share))} of a model in one hour`,
}
const ANEW_IN_HOUR: Measure = {
  group: 'anew',
  what: (share) => `${inPercent(share)} of a model that they had not read in 90 days, in one hour`,
}

/** Holds a value against one's own and the role's, and learns it. */
function volume(
  { signals, known, learn, day }: { signals: Signal[]; known: boolean; learn: boolean; day: number },
  own: Tail,
  peers: Tail,
  value: number,
  figure: number,
  { group, what }: Measure,
): void {
  const theirs = peers.above(value)
  const mine = known ? own.above(value) : theirs
  const p = Math.sqrt(mine * theirs)
  if (p < QUIET && figure > 0) {
    const words = (q: number): string => (q < 0.001 ? 'less than 0.1 %' : `${(100 * q).toFixed(1)} %`)
    const why = (): string =>
      `${what(figure)}: so much or more in ${known ? `${words(mine)} of their own and ` : ''}${words(theirs)} of their role’s`
    signals.push({ group, p, why })
  }
  if (!learn) return
  own.add(value, day)
  peers.add(value, day)
}
