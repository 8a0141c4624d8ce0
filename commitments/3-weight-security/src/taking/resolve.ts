import type { PersonnelEvent, WeightEvent } from '../event.ts'
import type { Act, News } from '../source.ts'
import { withinObject } from './byte-range.ts'
import type { Mapping } from './mapping.ts'
import { Pattern } from './pattern.ts'
import { Environments, People, shortName, unmappedName } from './people.ts'
import { type Place, Places } from './places.ts'

/**
 * How it is known which segments a read was of: the `range` was told; the `whole` object went out by its bytes; a `part`
 * of it did, nobody knows which, and the event has no segments; nothing was told (`untold`), and the event has all of
 * them, since the whole may have gone out; a `key` was used. Undefined of acts that read nothing.
 */
export type Told = 'range' | 'whole' | 'part' | 'untold' | 'key'

export type TakenEvent = {
  id: string
  at: number
  event: WeightEvent
  told: Told | undefined
  /** The model's segments that the object is, where its size is known. */
  within: [number, number] | undefined
  encryption: string | undefined
  /** Its principal is nobody the mapping knows. */
  unmapped: boolean
  workload: boolean
}

export type TakenPersonnel = { id: string; at: number; event: PersonnelEvent }

/** Why something is not taken: an object or a group beside mapped ones, a place or person of no concern here. */
export type NotTaken = { why: 'elsewhere' | 'unmappedObjects' | 'unmappedPeople'; name: string }

/** Turns acts of a log into events by what the mapping says. */
export class Resolver {
  readonly #places: Places
  readonly #people: People
  readonly #environments: Environments
  readonly #groups: { patterns: Pattern[]; role: string | undefined; team: string | undefined }[]

  constructor(mapping: Mapping) {
    this.#places = new Places(mapping.models)
    this.#people = new People(mapping.principals)
    this.#environments = new Environments(mapping.environments)
    this.#groups = mapping.groups.map(({ names, role, team }) => ({
      patterns: names.map((name) => new Pattern(name)),
      ...{ role, team },
    }))
  }

  act(act: Act): TakenEvent | NotTaken {
    const place = this.#placeOf(act)
    if ('why' in place) return place
    const known = this.#people.find(act.principals)
    // of a login without weights nothing is known but the principal
    if (!known && act.on.length === 0) return { why: 'unmappedPeople', name: act.principals[0] ?? 'nameless' }
    const environment = this.#environments.find(act.address, act.networks)
    const leaves = act.to !== undefined && !this.#places.isInside(act.to)
    const read = act.action === 'read' || act.action === 'export' ? readingOf(act, place.object) : undefined
    const isDone = act.outcome === 'ok'
    const event: WeightEvent = {
      time: new Date(act.at).toISOString(),
      person: known?.id ?? unmappedName(act.principals),
      action: leaves ? 'export' : act.action,
      outcome: act.outcome,
      ...(known?.role !== undefined && { role: known.role }),
      ...(known?.team !== undefined && { team: known.team }),
      ...(act.address !== undefined && { host: shortName(act.address) }),
      ...(environment !== undefined && { environment }),
      ...(place.model !== undefined && { model: place.model }),
      ...(isDone && read?.segments && { segments: read.segments }),
      ...(isDone && act.bytes !== undefined && { bytes: act.bytes }),
      ...sinkOf(act, environment),
    }
    return {
      ...{ id: shortName(act.id), at: act.at, event, unmapped: !known, workload: known?.kind === 'workload' },
      told: isDone ? read?.told : undefined,
      within: isDone ? place.object?.segments : undefined,
      encryption: isDone && act.encryption !== undefined ? shortName(act.encryption) : undefined,
    }
  }

  news({ id, at, event, principals, groups, left }: News): TakenPersonnel | NotTaken {
    const group = groups && this.#groupOf(groups)
    // groups that say nothing of a role are no news
    if (groups && !group) return { why: 'elsewhere', name: groups[0] ?? 'nameless' }
    const known = this.#people.find(principals)
    if (!known) return { why: 'unmappedPeople', name: principals[0] ?? 'nameless' }
    const { role, team } = left ? {} : (group ?? {})
    return {
      ...{ id: shortName(id), at },
      event: {
        ...{ time: new Date(at).toISOString(), person: known.id, event },
        ...(role !== undefined && { role }),
        ...(team !== undefined && { team }),
      },
    }
  }

  #groupOf(names: readonly string[]): { role?: string | undefined; team?: string | undefined } | undefined {
    return this.#groups.find(({ patterns }) => patterns.some((one) => names.some((name) => one.match(name))))
  }

  #placeOf(act: Act): { model: string | undefined; object?: Place } | NotTaken {
    const [first] = act.on
    if (first === undefined) return { model: undefined }
    if (act.key) {
      const model = this.#places.key(act.on)
      return model === undefined ? { why: 'elsewhere', name: first } : { model }
    }
    const found = this.#places.object(act.on)
    if (typeof found === 'object') return { model: found.model, object: found }
    if (act.action === 'list') {
      const listed = this.#places.listed(first)
      if (listed !== 'elsewhere') return listed
    }
    return { why: found === 'unmapped' ? 'unmappedObjects' : 'elsewhere', name: first }
  }
}

export function isTaken<T extends TakenEvent | TakenPersonnel>(result: T | NotTaken): result is T {
  return !('why' in result)
}

/**
 * Which segments a read was of. A read without range that moved fewer bytes than the object has was of a part nobody
 * knows: no segments are made up for it. Where neither is told, it counts as of the whole object.
 */
function readingOf(
  { range, bytes, key }: Act,
  place: Place | undefined,
): { told: Told; segments?: [number, number] } {
  if (key) return { told: 'key' }
  if (place?.segments === undefined || place.bytes === undefined)
    return { told: bytes === undefined && range === undefined ? 'untold' : 'part' }
  const whole: [number, number] = [...place.segments]
  if (range) {
    const within = withinObject(range, place.bytes)
    if (!within) return { told: 'part' }
    const [first] = place.segments
    const segmentOf = (byte: number): number => first + Math.floor(byte / place.segmentBytes)
    return { told: 'range', segments: [segmentOf(within[0]), segmentOf(within[1])] }
  }
  if (bytes === undefined) return { told: 'untold', segments: whole }
  return bytes >= place.bytes ? { told: 'whole', segments: whole } : { told: 'part' }
}

/** A copy goes where it was put; what was read goes to its environment, or to an address nobody has named. */
function sinkOf({ action, to, address, key }: Act, environment: string | undefined): { sink?: string } {
  if (to !== undefined) return { sink: shortName(to.slice(0, to.lastIndexOf('/')) || to) }
  if (key || (action !== 'read' && action !== 'export')) return {}
  const sink = environment ?? address
  return sink === undefined ? {} : { sink: shortName(sink) }
}
