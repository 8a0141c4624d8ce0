import type { Candidate } from './alert.ts'
import type { Detector } from './detector.ts'
import type { Timed } from './ordered.ts'
import type { Signal } from './signal.ts'
import type { Subject } from './subject.ts'
import type { Young } from './young.ts'

const DAY = 86_400_000

/** People who carry a model off through one host or sink that nobody used before: one story, whoever of them reads. */
export function judgeYoung(detector: Detector, at: number, day: number, atWork: number): Candidate[] {
  return detector.young.endDay(day, atWork).flatMap(({ young, model, people }) => {
    const { segments } = detector.models.get(model)!
    const taking = detector.young.taking(young, model, segments, day, true)
    const signals = [detector.young.sharing(young), ...(taking ? [taking] : [])]
    const { score, reasons } = detector.together.fuse(signals, day)
    if (reasons.length === 0) return []
    return [
      {
        ...{ kind: 'together' as const, at, from: at - (day - young.since + 1) * DAY },
        ...{ person: people[0]!, people, model, score, reasons },
      },
    ]
  })
}

/** Notes what goes through the host and the sink of an event, where nobody used them before. */
export function readThrough({ young, name }: Subject, event: Timed, day: number): void {
  if (young.host) through(young.host, name, event, day)
  if (young.sink) through(young.sink, name, event, day)
}

function through(place: Young, name: string, event: Timed, day: number): void {
  const { model, segments } = event
  if (!place.isCommon && place.value === event[place.aspect] && model !== undefined && segments)
    place.read(name, model, segments[0], segments[1], day)
}

/** What one person alone carries off through a sink that nobody used before. */
export function youngSignals({ young, models }: Detector, subject: Subject, day: number): Signal[] {
  return [subject.young.host, subject.young.sink].flatMap((place) => {
    if (!place || place.isCommon || place.people.size !== 1 || place.grewOn !== day) return []
    return [...place.models.keys()].flatMap((model) => {
      const signal = young.taking(place, model, models.get(model)!.segments, day, true)
      // a new machine takes all of somebody's work: that is learnt, and says nothing yet
      return signal && place.aspect === 'sink' ? [{ ...signal, group: 'sink' as const }] : []
    })
  })
}
