import type { Signal } from './signal.ts'
import { Tail } from './tail.ts'

/** Leases remembered, and pairs of people; the oldest go first. */
const MOST = 50_000

/** One lease as its events tell it. */
type Lease = { requester: string | undefined; requestedAt: number | undefined; approvers: Set<string> }

/** Who approves for whom, how fast and how often: what a stolen or a willing approver changes. */
export class Approvals {
  readonly #leases = new Map<string, Lease>()
  readonly #pairs = new Map<string, number>()
  /** log2 of the seconds an approval takes, negated: haste is the upper tail. */
  readonly #haste = new Tail(-24, 4)
  /** log2 of a day's approvals over the approver's usual number, over everybody's days with any. */
  readonly #ratios = new Tail(-8, 8)
  readonly #perDay = new Map<string, { day: number; today: number; mean: number; days: number }>()

  request(lease: string, person: string, at: number): void {
    const entry = this.#entry(lease)
    entry.requester ??= person
    entry.requestedAt ??= at
  }

  /** How unusual the number of somebody's approvals is today, against everybody's days and their own. */
  busy(person: string): Signal | undefined {
    const entry = this.#perDay.get(person)
    if (!entry || entry.days < 5 || this.#ratios.weight < 20) return undefined
    const { today, mean } = entry
    const p = this.#ratios.above(ratioOf(today, mean))
    if (p > 0.25) return undefined
    return {
      group: 'approval',
      p,
      why: () => `they approved ${today} requests that day, where ${mean.toFixed(1)} a day are usual`,
    }
  }

  /** Signals of one approval, which it also learns from. */
  approve(lease: string | undefined, person: string, subject: string | undefined, at: number): Signal[] {
    const signals: Signal[] = []
    const day = Math.floor(at / 86_400_000)
    this.#count(person, day)
    const entry = lease === undefined ? undefined : this.#entry(lease)
    entry?.approvers.add(person)
    const requester = subject ?? entry?.requester
    if (requester === undefined) return signals
    if (requester === person)
      signals.push({ group: 'approval', p: 1e-6, why: () => 'they approved their own request' })
    const pair = this.#bump(`${person}\0${requester}`)
    const back = this.#pairs.get(`${requester}\0${person}`) ?? 0
    if (pair === 1 && this.#pairs.size > 50)
      signals.push({
        group: 'approval',
        p: 0.15,
        why: () => `they never approved anything for ${requester} before`,
      })
    if (back >= 2 && pair >= 2 && requester !== person)
      signals.push({
        group: 'approval',
        p: 0.02,
        why: () => `they and ${requester} approve each other’s requests (${pair} and ${back} times)`,
      })
    if (entry?.requestedAt !== undefined && at >= entry.requestedAt) {
      const seconds = (at - entry.requestedAt) / 1000
      const value = -Math.log2(1 + seconds)
      const p = this.#haste.weight >= 20 ? this.#haste.above(value) : 1
      this.#haste.add(value, day)
      if (p < 0.1)
        signals.push({
          group: 'approval',
          p,
          why: () => `it took ${Math.round(seconds)} s from request to approval`,
        })
    }
    return signals
  }

  /** A signal where somebody reads under a lease that another asked for; who approved it otherwise. */
  read(lease: string, person: string): { signal?: Signal; approvers: string[] } {
    const entry = this.#leases.get(lease)
    if (!entry) return { approvers: [] }
    const approvers = [...entry.approvers]
    if (entry.requester === undefined || entry.requester === person) return { approvers }
    return {
      approvers,
      signal: {
        group: 'approval',
        p: 1e-3,
        why: () => `they read under a lease that ${entry.requester} asked for`,
      },
    }
  }

  #entry(lease: string): Lease {
    let entry = this.#leases.get(lease)
    if (!entry) {
      if (this.#leases.size >= MOST) this.#leases.delete(this.#leases.keys().next().value!)
      entry = { requester: undefined, requestedAt: undefined, approvers: new Set() }
      this.#leases.set(lease, entry)
    }
    return entry
  }

  #bump(pair: string): number {
    const times = (this.#pairs.get(pair) ?? 0) + 1
    this.#pairs.delete(pair)
    if (this.#pairs.size >= MOST) this.#pairs.delete(this.#pairs.keys().next().value!)
    this.#pairs.set(pair, times)
    return times
  }

  #count(person: string, day: number): void {
    const entry = this.#perDay.get(person) ?? { day, today: 0, mean: 0, days: 0 }
    if (entry.day !== day) {
      if (entry.days >= 5) this.#ratios.add(ratioOf(entry.today, entry.mean), day)
      const gone = Math.min(60, day - entry.day)
      for (let i = 0; i < gone; i++) {
        const value = i === 0 ? entry.today : 0
        entry.days++
        entry.mean += (value - entry.mean) / Math.min(entry.days, 30)
      }
      entry.day = day
      entry.today = 0
    }
    entry.today++
    this.#perDay.set(person, entry)
  }
}

function ratioOf(today: number, mean: number): number {
  return Math.log2((today + 1) / (mean + 1))
}
