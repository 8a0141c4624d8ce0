import type { Candidate } from './alert.ts'
import { countOf } from './covered.ts'
import type { Detector } from './detector.ts'
import { growthSignals, readSignal } from './growth.ts'
import type { ModelRecord } from './model-record.ts'
import type { Reading } from './reading.ts'
import type { Group, Signal } from './signal.ts'
import { inPercent, surprise } from './signal.ts'
import type { Subject } from './subject.ts'

const DAY = 86_400_000
/** How long a notice or a change of role is remembered. */
const AFTER_NOTICE = 60 * DAY
const AFTER_MOVE = 45 * DAY
/** Work at hand is finished for so long after a change of role. */
const HANDING_OVER = DAY

/** What gathering more than before adds to a change of role, for each power of ten. */
const GATHERING = 0.5

/** Less of the new role than this read a model that is none of theirs. */
const RARE_USE = 0.15

type Reasons = Candidate['reasons']

/**
 * What a change of somebody's place makes of what they read: after notice, what they gathered in the weeks before; after
 * a change of role, what they go on reading of their old work, or what their new colleagues have no use for. Judged at
 * a day's end and when the news arrives. Its score is not a probability: what counts is how seldom anybody comes so high.
 */
export function judgeStatus(
  detector: Detector,
  subject: Subject,
  at: number,
  day: number,
): Candidate | undefined {
  const { notice, moved } = subject
  const reasons: Reasons = []
  let model: string | undefined
  let score = 0
  const take = (of: string, found: { score: number; reasons: Reasons } | undefined): void => {
    if (!found || found.score <= score) return
    score = found.score
    model = of
    reasons.splice(0, reasons.length, ...found.reasons)
  }
  if (notice !== undefined && at >= notice && at < notice + AFTER_NOTICE)
    for (const [name] of subject.readings) take(name, afterNotice(detector, subject, name, notice, day))
  if (moved && at > moved.at + HANDING_OVER && at < moved.at + AFTER_MOVE)
    for (const [name] of subject.readings) take(name, afterMove(detector, subject, name, moved, day))
  if (score === 0) return undefined
  return {
    kind: 'status',
    at,
    from: at - (notice !== undefined ? 60 * DAY : DAY),
    person: subject.name,
    people: [subject.name],
    model,
    score,
    reasons,
  }
}

function afterNotice(detector: Detector, subject: Subject, name: string, notice: number, day: number) {
  const model = detector.models.get(name)!
  const reading = subject.readings.get(name)!
  const share = shareSince(reading, model, day, Math.max(1, day - 60))
  if (share < 0.02) return undefined
  const strongest = strongestOf(detector, reading, model, day)
  const more = strongest ? surprise(strongest.p) : 0
  return {
    // what they hold may be their daily work; that they gathered it otherwise than before tells more
    score: 1 + 0.4 * Math.log10(1 + share / 0.02) + more,
    reasons: [
      reason(
        'personnel',
        2,
        () =>
          `they gave notice on ${date(notice)}, and have read ${inPercent(share)} of ${name} in the last 60 days`,
      ),
      ...(strongest ? [reason(strongest.group, more, strongest.why)] : []),
    ],
  }
}

function afterMove(
  detector: Detector,
  subject: Subject,
  name: string,
  { at, from, to, day: movedOn }: NonNullable<Subject['moved']>,
  day: number,
) {
  const model = detector.models.get(name)!
  const reading = subject.readings.get(name)!
  if (reading.lastDay <= movedOn) return undefined
  const share = shareSince(reading, model, day, movedOn + 1)
  if (share < 0.01) return undefined
  const { members, users } = colleagues(detector, subject, name)
  const use = (users + 0.5) / (members + 1)
  const before = reading.firstDay <= movedOn
  // new models come with a new role; only one that hardly any colleague reads is odd
  if (!before && use > RARE_USE) return undefined
  const days = Math.max(1, day - movedOn)
  // who hands work over reads as before, or less; who gathers reads anew, and more
  const strongest = strongestOf(detector, reading, model, day)
  const more = strongest ? surprise(strongest.p) : 0
  return {
    score:
      0.6 +
      Math.log10(1 + share / 0.02) +
      (before ? 0.4 : 0) +
      Math.min(2, surprise(use)) / 2 +
      GATHERING * Math.min(3, more),
    reasons: [
      reason(
        'personnel',
        2,
        () =>
          `they changed from ${from} to ${to} on ${date(at)} and have read ${inPercent(share)} of ${name} in the ${days} days since, ${before ? 'a model of their work before' : 'which they never read before'}; ${users} of ${members} others of the new role read it`,
      ),
      ...(strongest && more > 0.7 ? [reason(strongest.group, more, strongest.why)] : []),
    ],
  }
}

/** By what their reading of a model stands out most. */
function strongestOf(
  { growths }: Detector,
  reading: Reading,
  model: ModelRecord,
  day: number,
): Signal | undefined {
  const more = readSignal(reading, model, day, growths)
  return [...growthSignals(reading, model, day, growths), ...(more ? [more] : [])].sort(
    (a, b) => a.p - b.p,
  )[0]
}

function reason(group: Group, value: number, why: () => string): Reasons[number] {
  return { group, surprise: value, why }
}

function date(at: number): string {
  return new Date(at).toISOString().slice(0, 10)
}

/** What share of a model was read since a day; by bytes of late, against the most anybody read in a day, where no segments are told. */
function shareSince(reading: Reading, model: ModelRecord, day: number, since: number): number {
  if (model.segments === 0) return Math.min(1, reading.bytes(day) / Math.max(1, model.mostInADay))
  const places = countOf(reading.covered.places(model.segments, day, since))
  return Math.min(1, (places * reading.covered.each) / model.segments)
}

/** How many colleagues of the same role there are, and how many of them read a model. */
function colleagues(detector: Detector, subject: Subject, model: string): { members: number; users: number } {
  const members = detector.peers.get(subject.role)?.members ?? new Set<string>()
  const readings = detector.models.get(model)?.readings
  let users = 0
  for (const member of members) if (member !== subject.name && readings?.has(member)) users++
  return { members: Math.max(0, members.size - 1), users }
}
