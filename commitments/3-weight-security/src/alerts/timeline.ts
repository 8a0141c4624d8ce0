import type { Timed } from '../detection/ordered.ts'
import type { WeightEvent } from '../event.ts'

const HOUR = 3_600_000
/** Steps kept of each person; the oldest go first. */
const KEPT = 40
/** Steps looked back at for one that goes on. */
const LOOKED_BACK = 4
/** Those an alert is also about are told from so long before its window. */
const BEFORE = HOUR
/** People of one alert whose steps are told. */
const TOLD = 3
/** Steps told after an alert, within so long of it. */
const AFTER = 20
const AFTER_FOR = 24 * HOUR

/** What one person did in one go: like acts less than an hour apart, told as one. Moments are RFC 3339, UTC. */
export type Step = Pick<
  WeightEvent,
  'person' | 'action' | 'model' | 'host' | 'sink' | 'environment' | 'lease' | 'outcome'
> & {
  from: string
  to: string
  /** How many acts, how many bytes, and the lowest and highest segment. */
  acts: number
  bytes: number
  segments?: [number, number]
}

type Open = Step & { last: number }

/** Remembers what everybody did last, so that an alert can show what it is made of. At most 40 steps a person. */
export class Trace {
  readonly #steps = new Map<string, Open[]>()
  /** Timelines that go on for a day after their alert, by person. */
  readonly #following = new Map<string, { until: number; timeline: Step[]; left: number }[]>()

  add(event: Timed): void {
    const list = this.#steps.get(event.person) ?? []
    if (list.length === 0) this.#steps.set(event.person, list)
    // what is interleaved (two leases at once, an approval between reads) still is one step each
    const going = list.findLast((step, i) => i >= list.length - LOOKED_BACK && goesOn(step, event))
    if (going) take(going, event)
    else {
      const step = stepOf(event)
      list.push(step)
      if (list.length > KEPT) list.shift()
      this.#follow(step)
    }
  }

  /**
   * What the first of these people did before now, and the others in the window from `from` on, in order; for a day
   * after `at`, what they go on to do is added to the same list.
   */
  of(people: readonly string[], from: number, at: number): Step[] {
    const told = people.slice(0, TOLD)
    const timeline: Step[] = told
      .flatMap((person, i) =>
        (this.#steps.get(person) ?? []).filter(({ last }) => i === 0 || last >= from - BEFORE),
      )
      .sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
    const following = { until: at + AFTER_FOR, timeline, left: AFTER }
    for (const person of told) {
      const list = this.#following.get(person)
      if (list) list.push(following)
      else this.#following.set(person, [following])
    }
    return timeline
  }

  #follow(step: Open): void {
    const list = this.#following.get(step.person)
    if (!list) return
    const going = list.filter(({ until, left }) => step.last <= until && left > 0)
    for (const one of going) {
      one.timeline.push(step)
      one.left--
    }
    if (going.length > 0) this.#following.set(step.person, going)
    else this.#following.delete(step.person)
  }
}

/** The steps as they are stored: without what only the making needs. */
export function timelineOf(steps: readonly Step[]): Step[] {
  return steps.map((step) => {
    const { last: _, ...told } = step as Open
    return told
  })
}

function goesOn(last: Open, event: Timed): boolean {
  return (
    last.action === event.action &&
    last.model === event.model &&
    last.host === event.host &&
    last.sink === event.sink &&
    last.environment === event.environment &&
    // who approves approves for many
    (event.action === 'approve' || last.lease === event.lease) &&
    last.outcome === event.outcome &&
    event.at - last.last < HOUR
  )
}

function take(step: Open, { at, bytes = 0, segments, lease }: Timed): void {
  step.acts++
  if (step.lease !== lease) step.lease = undefined
  step.bytes += bytes
  step.last = Math.max(step.last, at)
  step.to = new Date(step.last).toISOString()
  if (segments)
    step.segments = step.segments
      ? [Math.min(step.segments[0], segments[0]), Math.max(step.segments[1], segments[1])]
      : [...segments]
}

function stepOf(event: Timed): Open {
  const { at, person, action, model, host, sink, environment, lease, outcome, bytes = 0, segments } = event
  const moment = new Date(at).toISOString()
  return {
    ...{ from: moment, to: moment, person, action, model, host, sink, environment, lease, outcome },
    ...{ acts: 1, bytes, last: at },
    ...(segments && { segments: [...segments] as [number, number] }),
  }
}
