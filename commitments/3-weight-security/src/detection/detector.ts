import type { PersonnelEvent } from '../event.ts'
import type { Candidate } from './alert.ts'
import { Approvals } from './approvals.ts'
import type { Bait } from './bait.ts'
import { Fusion } from './fusion.ts'
import { Growths } from './growth.ts'
import { judgeDay } from './judge-day.ts'
import { judgeHour } from './judge-hour.ts'
import { judgeYoung, readThrough } from './judge-young.ts'
import { ModelRecord } from './model-record.ts'
import { CommonKnowledge, type Familiar } from './novelty.ts'
import type { Timed } from './ordered.ts'
import { Reading } from './reading.ts'
import { Refusals } from './refusals.ts'
import { Roster } from './roster.ts'
import { bitsOf, tokenOf } from './sequence.ts'
import { judgeStatus } from './status.ts'
import type { Peers, Subject } from './subject.ts'
import { type Tally, takenOf } from './tally.ts'
import { judgeTogether } from './together.ts'
import { YoungPlaces } from './young.ts'

const DAY = 86_400_000
/** Nothing is raised in the first days but what needs no habit to compare with. */
const WARM_UP = 7
const NONE: ReadonlySet<string> = new Set()
/** What touching bait scores: no chance brings anybody to it. */
const CERTAIN = 7
/** Signals that an hour keeps at most. */
const MOST_SIGNALS = 64

/** What a detector is given beside the events. */
export type DetectorOptions = {
  /** Told of everything that might be raised. */
  candidate(candidate: Candidate): void
  /** What nobody has reason to touch. */
  bait?: Bait
  /** Segments of models whose size is known; of others, as many as were seen. */
  sizes?: ReadonlyMap<string, { segments: number }>
}

/**
 * Watches who does what with weights. Takes events in the order of their time; learns everybody's habits and their
 * colleagues'; after each hour of somebody's work, and after each day, says how unusual it was and why. Memory is
 * bounded by people times models.
 */
export class Detector {
  readonly roster = new Roster()
  readonly subjects = this.roster.subjects
  readonly peers = this.roster.peers
  readonly teams = this.roster.teams
  readonly models = new Map<string, ModelRecord>()
  readonly growths = new Growths()
  readonly common = new CommonKnowledge()
  readonly approvals = new Approvals()
  readonly young = new YoungPlaces()
  readonly hourly = new Fusion()
  readonly daily = new Fusion()
  readonly together = new Fusion()
  readonly #options: DetectorOptions
  readonly #refusals = new Refusals()
  #first: number | undefined
  #latest = Number.NEGATIVE_INFINITY
  #day = Number.NEGATIVE_INFINITY
  /** Days on which anything happened. */
  #days = 0

  constructor(options: DetectorOptions) {
    this.#options = options
  }

  /** The day of the stream, from 1. */
  dayOf(at: number): number {
    return Math.floor(at / DAY) - Math.floor((this.#first ?? at) / DAY) + 1
  }

  /** Notes what became of somebody. */
  personnel({ person, event, role, team, time }: PersonnelEvent): void {
    const at = Date.parse(time)
    const day = this.dayOf(at)
    const isMove = event === 'role-change'
    const subject = this.roster.subject(person, isMove ? undefined : role, isMove ? undefined : team, at, day)
    if (event === 'joined') {
      subject.joined = at
      subject.left = undefined
    } else if (event === 'leave') subject.left = at
    else if (event === 'notice') {
      subject.notice = at
      this.#propose(judgeStatus(this, subject, at, day))
    } else {
      const from = subject.role
      subject.told = { at, role: from, team: subject.team }
      this.roster.assign(subject, role ?? from, team ?? subject.team)
      // their acts may have told of it already
      const told = subject.moved && at - subject.moved.at < 7 * DAY && subject.moved.to === role
      if (!told) subject.moved = { at, day, from, to: role ?? 'another role' }
    }
  }

  /** An event whose hour has passed: it still counts for what was read, and for bait. */
  late(event: Timed): void {
    this.aside(event)
    const { at, person, model, segments, action } = event
    const day = this.dayOf(at)
    if (day >= 1 && model !== undefined && segments && (action === 'read' || action === 'export'))
      this.#reading(model, this.roster.subject(person, undefined, undefined, at, day), day).covered.mark(
        segments[0],
        segments[1],
        day,
      )
  }

  /** An event whose clock is wrong: when it was, nobody knows, but bait was touched. */
  aside(event: Timed): void {
    this.#touch(event, Math.max(this.#latest, this.#first ?? event.at))
  }

  /** Time has come so far: ends the day under way where it is over by then; answers whether another began. */
  advance(at: number): boolean {
    const number = Math.floor(at / DAY)
    if (number <= this.#day) return false
    if (this.#day !== Number.NEGATIVE_INFINITY) this.#endDay(Math.min(number, this.#day + 1) * DAY)
    this.#day = number
    return true
  }

  add(event: Timed): void {
    const { at } = event
    this.#first ??= at
    this.#latest = at
    if (this.advance(at)) this.#days++
    const subject = this.roster.subject(event.person, event.role, event.team, at, this.dayOf(at))
    const { tally, closed } = subject.open(at)
    if (closed) this.#endHour(subject, closed)
    this.#touch(event, at)
    this.#note(subject, tally, event)
    this.#look(subject, tally, at)
  }

  /** Judges an hour before it is over where it has become much, or has touched something new: theft takes minutes. */
  #look(subject: Subject, tally: Tally, at: number): void {
    if (tally.lookAt === 0) {
      tally.lookAt = subject.usualHour
      tally.lookAtPart = subject.usualPart
    }
    if (
      tally.bytes < tally.lookAt &&
      tally.part < tally.lookAtPart &&
      tally.anewPart < tally.lookAtAnew &&
      tally.signals.length <= tally.looked
    )
      return
    if (tally.bytes >= tally.lookAt) tally.lookAt = 2 * tally.bytes
    if (tally.part >= tally.lookAtPart) tally.lookAtPart = 1.5 * tally.part
    if (tally.anewPart >= tally.lookAtAnew) tally.lookAtAnew = 1.5 * tally.anewPart
    tally.looked = tally.signals.length
    const day = this.dayOf(at)
    this.#propose(judgeHour(this, subject, tally, day, at))
  }

  /** What share of each model everybody has read in the 90 days before a moment. */
  coverage(at: number): { model: string; person: string; share: number }[] {
    const day = this.dayOf(at)
    return [...this.models.values()].flatMap(({ name, segments, readings }) =>
      segments === 0
        ? []
        : [...readings]
            .map(([person, { covered }]) => ({ model: name, person, share: covered.share(segments, day) }))
            .filter(({ share }) => share > 0),
    )
  }

  /** Judges what is still open. */
  end(): void {
    for (const subject of this.subjects.values())
      if (subject.tally && subject.tally.acts > 0) {
        const { tally } = subject
        subject.tally = undefined
        this.#endHour(subject, tally)
      }
    if (this.#day !== Number.NEGATIVE_INFINITY) this.#endDay((this.#day + 1) * DAY)
  }

  #note(subject: Subject, tally: Tally, event: Timed): void {
    const { at, action, lease, bytes = 0, model, segments } = event
    const refused = event.outcome !== undefined && this.#refusals.has(event.outcome)
    tally.acts++
    tally.last = at
    subject.day.acts++
    const token = tokenOf(action)
    const peers = this.#peersOf(subject)
    if (subject.lastToken !== undefined && at - subject.lastAt < 12 * 3_600_000) {
      tally.bits += bitsOf(subject.lastToken, token, subject.transitions, peers.transitions)
      subject.transitions.add(subject.lastToken, token)
      peers.transitions.add(subject.lastToken, token)
    }
    subject.lastToken = token
    subject.lastAt = at
    if (refused) {
      tally.refused++
      subject.day.refused++
      return
    }
    this.#link(subject, 'host', event.host, at)
    this.#link(subject, 'sink', event.sink, at)
    this.#meet(subject.hosts, subject, tally, event.host, at)
    this.#meet(subject.sinks, subject, tally, event.sink, at)
    this.#meet(subject.environments, subject, tally, event.environment, at)
    this.#meet(subject.models, subject, tally, event.model, at)
    if (lease !== undefined && action === 'request') this.approvals.request(lease, subject.name, at)
    if (action === 'approve') {
      tally.approvals++
      tally.signals.push(...this.approvals.approve(lease, subject.name, event.subject, at))
    }
    if (action !== 'read' && action !== 'export') return
    tally.reads++
    tally.bytes += bytes
    subject.day.bytes += bytes
    if (lease !== undefined) {
      const { signal, approvers } = this.approvals.read(lease, subject.name)
      if (signal && tally.signals.length < MOST_SIGNALS) tally.signals.push(signal)
      if (approvers.length > 0) tally.others ??= new Set()
      for (const approver of approvers) if (approver !== subject.name) tally.others?.add(approver)
    }
    if (model === undefined) return
    const taken = takenOf(tally, model)
    taken.bytes += bytes
    if (!segments) {
      const day = this.dayOf(at)
      this.#reading(model, subject, day).take(bytes, day, this.models.get(model)!)
      return
    }
    readThrough(subject, event, this.dayOf(at))
    taken.anew += this.#read(subject, model, segments, bytes, at)
    taken.segments += segments[1] - segments[0] + 1
    const { segments: size } = this.models.get(model)!
    tally.part = Math.max(tally.part, Math.min(2, taken.segments / size))
    tally.anewPart = Math.max(tally.anewPart, Math.min(1, taken.anew / size))
  }

  /** Whoever touches bait, in any way and whether or not they were let, has no reason to. */
  #touch(event: Timed, at: number): void {
    const touched = this.#options.bait?.touched(event)
    if (touched === undefined || touched.length === 0) return
    const { person, model, action, time } = event
    this.#options.candidate({
      ...{ kind: 'certain', at, from: at, person, people: [person], model, score: CERTAIN, touched },
      reasons: touched.map((bait) => ({
        group: 'bait',
        surprise: CERTAIN,
        why: () => `they touched ${bait} (${action}, ${time}), which is bait that nobody has reason to touch`,
      })),
    })
  }

  #meet(familiar: Familiar, subject: Subject, tally: Tally, value: string | undefined, at: number): void {
    if (value === undefined) return
    const met = familiar.use(value, at)
    if (met === 'old') return
    const { aspect } = familiar
    const key = `${aspect} ${value}`
    tally.novel ??= new Set()
    if (tally.novel.has(key)) return
    const others = this.common.add(aspect, value, subject.name)
    if (met === 'new') this.common.first(aspect, others)
    tally.novel.add(key)
    const signal = familiar.surpriseOf(value, others, this.common)
    if (signal && tally.signals.length < MOST_SIGNALS) tally.signals.push(signal)
  }

  /** Keeps what few use, by which people who work together can be told. */
  #link(subject: Subject, aspect: 'host' | 'sink', value: string | undefined, at: number): void {
    if (value === undefined || subject.lastLink[aspect] === value) return
    subject.lastLink[aspect] = value
    subject.young[aspect] = this.young.of(aspect, value, !this.common.knows(aspect, value), this.dayOf(at))
    const others = this.common.add(aspect, value, subject.name)
    if (others < 6 && subject.links.size < 64) subject.links.add(`${aspect} ${value}`)
  }

  #read(subject: Subject, name: string, [from, to]: [number, number], bytes: number, at: number): number {
    const day = this.dayOf(at)
    const reading = this.#reading(name, subject, day)
    const model = this.models.get(name)!
    if (model.segments === 0) model.segments = this.#options.sizes?.get(name)?.segments ?? 0
    if (to >= model.segments) model.segments = to + 1
    reading.take(bytes, day, model)
    return reading.read(subject.name, from, to, at, day, model)
  }

  #endHour(subject: Subject, tally: Tally): void {
    this.#propose(judgeHour(this, subject, tally, this.dayOf(tally.start)))
  }

  #endDay(at: number): void {
    const day = this.dayOf(at - 1)
    let atWork = 0
    for (const subject of this.subjects.values()) {
      if (subject.tally && subject.tally.acts > 0) {
        const { tally } = subject
        subject.tally = undefined
        this.#endHour(subject, tally)
      }
      if (subject.day.acts === 0) continue
      atWork++
      for (const [name, reading] of subject.readings)
        if (reading.lastRead !== undefined && reading.lastRead < at - 3_600_000)
          reading.endSitting(subject.name, day, this.models.get(name)!)
      this.#propose(judgeDay(this, subject, at, day))
      this.#propose(judgeStatus(this, subject, at, day))
      subject.day = { number: day, bytes: 0, refused: 0, acts: 0 }
    }
    this.common.endDay(day, atWork)
    for (const candidate of judgeYoung(this, at, day, atWork)) this.#propose(candidate)
    const links = (person: string): ReadonlySet<string> => this.subjects.get(person)?.links ?? NONE
    for (const model of this.models.values())
      for (const candidate of judgeTogether(model, {
        at,
        day,
        links,
        fusion: this.together,
        growths: this.growths,
      }))
        this.#propose(candidate)
  }

  #propose(candidate: Candidate | undefined): void {
    if (candidate && this.#days > WARM_UP) this.#options.candidate(candidate)
  }

  #reading(name: string, subject: Subject, day: number): Reading {
    let reading = subject.readings.get(name)
    if (!reading) {
      let model = this.models.get(name)
      if (!model) {
        model = new ModelRecord(name)
        this.models.set(name, model)
      }
      reading = new Reading(day)
      subject.readings.set(name, reading)
      model.readings.set(subject.name, reading)
    }
    return reading
  }

  #peersOf(subject: Subject): Peers {
    return this.peers.get(subject.role)!
  }
}
