import type { Candidate } from './alert.ts'
import type { Detector } from './detector.ts'
import { growthSignals, learnGrowth } from './growth.ts'
import { weighted } from './judge-hour.ts'
import { youngSignals } from './judge-young.ts'
import type { Signal } from './signal.ts'
import type { Subject } from './subject.ts'

const DAY = 86_400_000

/** How unusual somebody's day was, and what it adds to: slow growth, and how much of a model they hold by now. */
export function judgeDay(
  detector: Detector,
  subject: Subject,
  at: number,
  day: number,
): Candidate | undefined {
  const peers = detector.peers.get(subject.role)!
  const { bytes, refused } = subject.day
  subject.refusedPerDay += (refused - subject.refusedPerDay) / 20
  peers.refusedPerDay += (refused - peers.refusedPerDay) / 200
  const signals: Signal[] = youngSignals(detector, subject, day)
  if (bytes > 0) {
    const bits = Math.log2(1 + bytes)
    subject.daily.add(bits, day)
    peers.daily.add(bits, day)
    subject.drift.add(bits, day)
    const { p, since, sum } = subject.drift
    if (p < 0.2)
      signals.push({
        group: 'drift',
        p,
        why: () =>
          `their daily bytes have crept up since day ${since} of the record (cumulative sum ${sum.toFixed(1)})`,
      })
  }
  let main: string | undefined
  let least = 1
  for (const [name, reading] of subject.readings) {
    if (reading.lastDay !== day) continue
    const model = detector.models.get(name)!
    for (const signal of growthSignals(reading, model, day, detector.growths, peers.growths)) {
      signals.push(signal)
      if (signal.p < least) {
        least = signal.p
        main = name
      }
    }
    learnGrowth(reading, model, day, [detector.growths, peers.growths])
  }
  const { score, reasons } = detector.daily.fuse(signals, day)
  if (reasons.length === 0) return undefined
  return {
    kind: 'growth',
    at,
    from: at - DAY,
    person: subject.name,
    people: [subject.name],
    model: main,
    score: weighted(score, subject, at),
    reasons,
  }
}
