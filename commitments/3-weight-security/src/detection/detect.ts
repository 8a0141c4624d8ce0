import type { PersonnelEvent } from '../event.ts'
import { type Alert, alertOf, type Candidate, updateAlert } from './alert.ts'
import { Attention, type Told } from './attention.ts'
import type { Bait } from './bait.ts'
import { Detector } from './detector.ts'
import { Ordering, type Rejections, type Timed } from './ordered.ts'

const DAY = 86_400_000

/** What a run of the detector came to. */
export type Detection = {
  alerts: Alert[]
  events: number
  people: number
  models: number
  rejected: Rejections
  /** First and last moment of what was judged, milliseconds; undefined where there was nothing. */
  from: number | undefined
  to: number | undefined
  /** What share of each model everybody has read in the 90 days before `to`; only of models whose segments are told. */
  coverage: { model: string; person: string; share: number }[]
}

export type DetectOptions = {
  alertsPerDay: number
  personnel?: readonly PersonnelEvent[]
  bait?: Bait
  /** Segments of models whose size is known. */
  sizes?: ReadonlyMap<string, { segments: number }>
  /** How much out of order events may come, in milliseconds of their own time; default an hour, 0 where they are in order. */
  lateness?: number
  /** Told of each event as it is judged, in the order of their time. */
  judged?: (event: Timed) => void
  /** Told of each alert as it is raised, with what it was made of. */
  raised?: (alert: Alert, candidate: Candidate) => void
}

/**
 * One run of the detector over a stream of events, with what became of people merged in by time. Alerts come in the
 * order in which they were raised, `alertsPerDay` a day (`Attention` says when more), and each with what was known at its moment; where its story
 * goes on it tells that too, and only its time stays.
 */
export class Watch {
  readonly alerts: Alert[] = []
  readonly #attention: Attention
  readonly #stream: Stream

  constructor({ alertsPerDay, raised, ...given }: DetectOptions) {
    const kept = telling(this.alerts)
    this.#attention = new Attention(alertsPerDay, {
      ...kept,
      raise: (candidate, rarity) => {
        const alert: Alert = kept.raise(candidate, rarity)
        raised?.(alert, candidate)
      },
    })
    this.#stream = new Stream([this.#attention], given)
  }

  add(event: Timed): void {
    this.#stream.add(event)
  }

  /** News of somebody, in the order of its time. */
  personnel(event: PersonnelEvent): void {
    this.#stream.personnel(event)
  }

  /** Judges what is still open, and tells what the run came to. */
  end(): Detection {
    return { alerts: this.alerts, ...this.#stream.end() }
  }

  /** Everything up to now was added: judges the days that are over, leaves the hours under way open, and tells what came of it. */
  pause(now: number): Detection {
    return { alerts: this.alerts, ...this.#stream.pause(now) }
  }
}

/** A whole run over events that are at hand. */
export function detect(events: Iterable<Timed>, options: DetectOptions): Detection {
  const watch = new Watch(options)
  for (const event of events) watch.add(event)
  return watch.end()
}

/** What one and the same run comes to at several budgets of alerts: they judge alike and differ in what they raise. */
export function detectAtBudgets(
  events: Iterable<Timed>,
  { budgets, ...given }: Pick<DetectOptions, 'personnel' | 'bait'> & { budgets: readonly number[] },
): Map<number, Alert[]> {
  const alerts = new Map(budgets.map((budget) => [budget, [] as Alert[]]))
  const attentions = budgets.map((budget) => new Attention(budget, telling(alerts.get(budget)!)))
  const stream = new Stream(attentions, given)
  for (const event of events) stream.add(event)
  stream.end()
  return alerts
}

/** Adds each alert to a list, and tells there how its story goes on. */
function telling(
  alerts: Alert[],
): Omit<Told, 'raise'> & { raise(candidate: Candidate, rarity: number): Alert } {
  const ofCandidate = new WeakMap<Candidate, Alert>()
  return {
    raise: (candidate, rarity) => {
      const alert = alertOf(candidate, rarity)
      alerts.push(alert)
      ofCandidate.set(candidate, alert)
      return alert
    },
    update: (raised, candidate, rarity) => {
      const alert = ofCandidate.get(raised)
      if (alert) updateAlert(alert, candidate, rarity)
    },
  }
}

/** Puts events in order, merges news of people in, and hands candidates to every attention. */
class Stream {
  readonly #ordering: Ordering
  readonly #attentions: readonly Attention[]
  readonly #detector: Detector
  #news: { at: number; event: PersonnelEvent }[]
  #events = 0
  #from: number | undefined

  constructor(
    attentions: readonly Attention[],
    {
      personnel = [],
      bait,
      sizes,
      lateness,
      judged,
    }: Pick<DetectOptions, 'personnel' | 'bait' | 'sizes' | 'lateness' | 'judged'>,
  ) {
    this.#attentions = attentions
    this.#detector = new Detector({
      candidate: (candidate) => {
        for (const attention of attentions) attention.add(candidate)
      },
      ...(bait && { bait }),
      ...(sizes && { sizes }),
    })
    // the next is the last, so that taking it is cheap
    this.#news = personnel.map((event) => ({ at: Date.parse(event.time), event })).sort((a, b) => b.at - a.at)
    this.#ordering = new Ordering(
      (event) => {
        this.#from ??= event.at
        while (this.#news.length > 0 && this.#news[this.#news.length - 1]!.at <= event.at)
          this.#detector.personnel(this.#news.pop()!.event)
        judged?.(event)
        this.#detector.add(event)
      },
      { late: (event) => this.#detector.late(event), aside: (event) => this.#detector.aside(event) },
      lateness,
    )
  }

  add(event: Timed): void {
    this.#events++
    this.#ordering.add(event)
  }

  personnel(event: PersonnelEvent): void {
    this.#news.push({ at: Date.parse(event.time), event })
    this.#news.sort((a, b) => b.at - a.at)
  }

  end(): Omit<Detection, 'alerts'> {
    this.#ordering.end()
    this.#detector.end()
    // news that came after the last act
    while (this.#news.length > 0) this.#detector.personnel(this.#news.pop()!.event)
    const { passed } = this.#ordering
    if (Number.isFinite(passed))
      for (const attention of this.#attentions) attention.endDay(Math.floor(passed / DAY) + 1)
    return this.#found()
  }

  pause(now: number): Omit<Detection, 'alerts'> {
    this.#ordering.end()
    while (this.#news.length > 0 && this.#news[this.#news.length - 1]!.at <= now)
      this.#detector.personnel(this.#news.pop()!.event)
    if (Number.isFinite(this.#ordering.passed)) {
      this.#detector.advance(now)
      for (const attention of this.#attentions) attention.advance(Math.floor(now / DAY))
    }
    return this.#found()
  }

  #found(): Omit<Detection, 'alerts'> {
    const { passed, rejections } = this.#ordering
    return {
      events: this.#events,
      people: this.#detector.subjects.size,
      models: this.#detector.models.size,
      rejected: rejections,
      from: this.#from,
      to: Number.isFinite(passed) ? passed : undefined,
      coverage: Number.isFinite(passed) ? this.#detector.coverage(passed) : [],
    }
  }
}
