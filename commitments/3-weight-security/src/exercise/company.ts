import { type Random, random } from '@avouch/core/stats'
import type { PersonnelEvent, WeightEvent } from '../event.ts'

export const DAY = 86_400_000
export const HOUR = 3_600_000

/** A model of the simulated company. */
export type Model = { name: string; segments: number; segmentBytes: number }

/** How somebody of the simulated company works. */
export type Member = {
  person: string
  role: string
  team: string
  hosts: string[]
  sinks: string[]
  environment: string
  models: Model[]
  /** Hour (UTC) at which the day begins, and how long it lasts. */
  from: number
  hours: number
  /** Working days of the week, 0 is Monday. */
  days: number[]
  /** Sittings with reads on a working day, on average. */
  sittings: number
  /** log2 of the share of a model read in one sitting: mean and deviation. */
  share: number
  spread: number
  /** Where in a model they like to read, 0 to 1. */
  focus: number
  joined: number | undefined
  /** Whether something in how they work changes in these days. */
  changes: boolean
}

/** A simulated company and its calendar: what an exercise plants its scenarios in. Everything follows from the seed. */
export type Company = {
  seed: string
  start: number
  days: number
  members: Member[]
  models: Model[]
  /** The people who approve requests. */
  approvers: Member[]
  random: Random
}

export type CompanyOptions = {
  seed: string
  /** Milliseconds; midnight UTC. */
  start: number
  days: number
  people: number
}

const ROLES = ['research', 'training', 'evaluation', 'serving', 'security', 'platform'] as const

/** Makes a company of so many people: teams in different time zones, some models, and workloads that serve them. */
export function makeCompany({ seed, start, days, people }: CompanyOptions): Company {
  const source = random(`company/${seed}`)
  const pick = <T>(list: readonly T[]): T => list[source.below(list.length)]!
  const models = Array.from({ length: 3 + source.below(3) }, (_, n) => ({
    name: `example-model-${n + 1}@1.0`,
    segments: [96, 240, 800, 1600, 3000][source.below(5)]!,
    segmentBytes: 2 ** (20 + source.below(9)),
  }))
  const zones = [7, 8, 14, 15, 16, 22]
  const teams = Math.max(3, Math.round(people / 8))
  const zoneOf = Array.from({ length: teams }, () => pick(zones))
  const members = Array.from({ length: people }, (_, n): Member => {
    const team = source.below(teams)
    const role = ROLES[(team + (source.uniform() < 0.25 ? 1 : 0)) % ROLES.length]!
    const workload = role === 'serving' && source.uniform() < 0.5
    const own = models.filter(() => source.uniform() < 0.45)
    return {
      person: `${workload ? 'workload' : 'person'}-${n + 1}`,
      role,
      team: `team-${team + 1}`,
      hosts: Array.from(
        { length: 1 + source.below(3) },
        (_, h) => `${workload ? 'node' : 'desk'}-${n + 1}-${h + 1}`,
      ),
      sinks: [`cluster-${team % 3}`, ...(source.uniform() < 0.5 ? [`scratch-${team}`] : [])],
      environment: pick(['training', 'evaluation', 'production', 'research']),
      models: own.length > 0 ? own : [pick(models)],
      from: workload ? 0 : (zoneOf[team]! + source.below(3)) % 24,
      hours: workload ? 24 : 7 + source.below(4),
      days: workload ? [0, 1, 2, 3, 4, 5, 6] : source.uniform() < 0.1 ? [0, 1, 2, 3, 5] : [0, 1, 2, 3, 4],
      sittings: workload ? 2 + source.below(6) : 0.5 + 3 * source.uniform(),
      share: role === 'evaluation' || workload ? -0.5 - source.uniform() : -5.5 + 2.5 * source.uniform(),
      spread: 0.8 + source.uniform(),
      focus: source.uniform(),
      joined: undefined,
      changes: false,
    }
  })
  const approvers = members
    .filter(({ person }) => person.startsWith('person'))
    .slice(0, Math.max(3, Math.round(people / 15)))
  return { seed, start, days, members, models, approvers, random: source }
}

/** What an exercise is made of. */
export type Traffic = { events: WeightEvent[]; personnel: PersonnelEvent[] }

export const iso = (at: number): string => new Date(at).toISOString()

/** 0 is Monday. */
export function weekday(at: number): number {
  return (Math.floor(at / DAY) + 3) % 7
}

/** One sitting: a range of a model, read in pieces over some minutes, under a lease. */
export function sitting(
  source: Random,
  member: Member,
  at: number,
  given: {
    model: Model
    from: number
    to: number
    host?: string
    sink?: string
    lease?: string
    action?: 'read' | 'export'
    pieces?: number
  },
): WeightEvent[] {
  const { model } = given
  const from = Math.max(0, Math.min(model.segments - 1, Math.floor(given.from)))
  const to = Math.max(from, Math.min(model.segments - 1, Math.floor(given.to)))
  const pieces = Math.min(to - from + 1, given.pieces ?? 1 + source.below(6))
  const host = given.host ?? member.hosts[source.below(member.hosts.length)]!
  const sink = given.sink ?? member.sinks[source.below(member.sinks.length)]!
  const events: WeightEvent[] = []
  let next = from
  let moment = at
  for (let piece = 0; piece < pieces; piece++) {
    const last = piece === pieces - 1 ? to : next + Math.floor((to - next) / (pieces - piece))
    const count = last - next + 1
    events.push({
      time: iso(moment),
      person: member.person,
      role: member.role,
      team: member.team,
      host,
      environment: member.environment,
      action: given.action ?? 'read',
      model: model.name,
      segments: [next, last],
      bytes: count * model.segmentBytes,
      sink,
      ...(given.lease !== undefined && { lease: given.lease }),
      outcome: 'ok',
    })
    moment += 5_000 + source.below(240_000)
    next = last + 1
    if (next > to) break
  }
  return events
}
