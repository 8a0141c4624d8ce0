import { Drift } from './drift.ts'
import { Growths } from './growth.ts'
import { Familiar } from './novelty.ts'
import type { Reading } from './reading.ts'
import { Rhythm } from './rhythm.ts'
import { Transitions, UsualBits } from './sequence.ts'
import { Tail } from './tail.ts'
import { emptyTally, type Tally } from './tally.ts'
import type { Young } from './young.ts'

/** log2 of bytes lies in here: from one byte to 2^56. */
export const newVolume = (): Tail => new Tail(0, 56)
/** log2 of the share of a model that was read in an hour: from a sixteen-thousandth to twice the whole. */
export const newPart = (): Tail => new Tail(-14, 1)

/** After news of a change of role, logs may go on telling the old one for so long, in milliseconds. */
const BEHIND = 60 * 86_400_000

/** What is known of one person or workload. Bounded: about 4 kB, and 5 kB for each model they read. */
export class Subject {
  readonly name: string
  role: string
  team: string
  readonly rhythm = new Rhythm()
  readonly hourly = newVolume()
  readonly part = newPart()
  /** The same of what they had not read before. */
  readonly anew = newPart()
  readonly daily = newVolume()
  readonly hosts: Familiar
  readonly sinks: Familiar
  readonly environments: Familiar
  readonly models: Familiar
  /** Hosts and sinks of theirs that few others use. */
  readonly links = new Set<string>()
  readonly lastLink: { host: string | undefined; sink: string | undefined } = {
    host: undefined,
    sink: undefined,
  }
  /** The host and the sink used last, where nobody used them before. */
  readonly young: { host: Young | undefined; sink: Young | undefined } = { host: undefined, sink: undefined }
  readonly transitions = new Transitions()
  readonly drift = new Drift()
  /** Refused acts a day, a running mean. */
  refusedPerDay = 0
  firstSeen: number
  joined: number | undefined
  notice: number | undefined
  left: number | undefined
  moved: { at: number; day: number; from: string; to: string } | undefined
  /** The place they had when news came that it changed. */
  told: { at: number; role: string; team: string } | undefined
  /** What they read, by model. */
  readonly readings = new Map<string, Reading>()
  tally: Tally | undefined
  /** Bytes of each of the last 24 hours. */
  readonly #hours = new Float64Array(24)
  #hour = 0
  lastToken: number | undefined
  lastAt = 0
  day = { number: 0, bytes: 0, refused: 0, acts: 0 }

  constructor(name: string, role: string, team: string, at: number) {
    this.name = name
    this.role = role
    this.team = team
    this.firstSeen = at
    this.hosts = new Familiar('host', at)
    this.sinks = new Familiar('sink', at)
    this.environments = new Familiar('environment', at)
    this.models = new Familiar('model', at)
  }

  /**
   * Whether a log that names this role, or this team, only goes on telling the place somebody had before news of a change:
   * directories follow late, or never.
   */
  isBehind(part: 'role' | 'team', value: string, at: number): boolean {
    return this.told !== undefined && at <= this.told.at + BEHIND && value === this.told[part]
  }

  /** The tally of the hour this moment falls in; `undefined` for `closed` where it was open already. */
  open(at: number): { tally: Tally; closed: Tally | undefined } {
    const start = at - (at % 3_600_000)
    if (this.tally?.start === start) return { tally: this.tally, closed: undefined }
    const closed = this.tally
    this.tally = emptyTally(start)
    return { tally: this.tally, closed }
  }

  /** Bytes of an hour that only one in fifty of theirs exceeds; at first, a megabyte. */
  get usualHour(): number {
    return this.hourly.weight < 8 ? 1_048_576 : 2 ** this.hourly.quantile(0.98)
  }

  /** Share of a model that only one in twenty of their hours exceeds; at first, one in sixteen. */
  get usualPart(): number {
    return this.part.weight < 8 ? 1 / 16 : 2 ** this.part.quantile(0.95)
  }

  /** Adds an hour's bytes; returns those of the 24 hours that end with it. */
  lastDay(start: number, bytes: number): number {
    const hour = start / 3_600_000
    for (let h = Math.max(this.#hour + 1, hour - 23); h <= hour; h++) this.#hours[h % 24] = 0
    this.#hour = Math.max(hour, this.#hour)
    this.#hours[hour % 24] = bytes
    let sum = 0
    for (const value of this.#hours) sum += value
    return sum
  }
}

/** What is known of all who share a role. */
export class Peers {
  readonly rhythm = new Rhythm()
  readonly hourly = newVolume()
  readonly part = newPart()
  readonly anew = newPart()
  readonly daily = newVolume()
  readonly transitions = new Transitions()
  readonly usualBits = new UsualBits()
  /** By how many bits an hour's acts exceed that, in quarters. */
  readonly bits = new Tail(0, 64)
  readonly growths = new Growths()
  readonly members = new Set<string>()
  refusedPerDay = 0.05
}
