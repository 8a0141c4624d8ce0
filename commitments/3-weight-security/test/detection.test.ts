import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Bait } from '../src/detection/bait.ts'
import { Covered, DAYS } from '../src/detection/covered.ts'
import { detect, Watch } from '../src/detection/detect.ts'
import { Ordering, type Timed } from '../src/detection/ordered.ts'
import { Tail } from '../src/detection/tail.ts'
import { weightEventSchema } from '../src/event.ts'
import { makeCompany } from '../src/exercise/company.ts'
import { everyday } from '../src/exercise/everyday.ts'
import { exercise, loadScenarios } from '../src/exercise/exercise.ts'
import { eventsOf } from '../src/intake/event-file.ts'

const START = Date.UTC(2026, 0, 5)
const small = (seed: string) => ({ seed, start: START, days: 70, people: 40 })
const read = (at: number, over: Partial<Timed> = {}): Timed => ({
  time: new Date(at).toISOString(),
  at,
  person: 'person-1',
  action: 'read',
  model: 'example-model@1.0',
  segments: [0, 9],
  bytes: 1000,
  ...over,
})

describe('what somebody has read', () => {
  it('only grows within 90 days, whatever the pace, and never beyond the whole', () => {
    const ranges = fc.array(fc.tuple(fc.nat(4999), fc.nat(400), fc.integer({ min: 0, max: 80 })), {
      maxLength: 60,
    })
    fc.assert(
      fc.property(ranges, (reads) => {
        const covered = new Covered()
        let before = 0
        for (const [from, length, day] of reads.sort((a, b) => a[2] - b[2])) {
          covered.mark(from, Math.min(4999, from + length), day + 1)
          const share = covered.share(5000, day + 1)
          expect(share).toBeGreaterThanOrEqual(before)
          expect(share).toBeLessThanOrEqual(1)
          before = share
        }
      }),
    )
  })

  it('fades after 90 days', () => {
    const covered = new Covered()
    covered.mark(0, 99, 1)
    expect(covered.share(100, DAYS)).toBe(1)
    expect(covered.share(100, DAYS + 1)).toBe(0)
  })
})

describe('the order of events', () => {
  it('is that of their time, within the hour; repetitions are counted and told once', () => {
    const minutes = fc.array(fc.integer({ min: 0, max: 59 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(minutes, (list) => {
        const told: number[] = []
        const ordering = new Ordering(({ at }) => told.push(at), { late: () => {}, aside: () => {} })
        for (const minute of list) ordering.add(read(START + minute * 60_000))
        ordering.end()
        expect(told).toEqual(
          [...new Set(list)].sort((a, b) => a - b).map((minute) => START + minute * 60_000),
        )
        expect(ordering.rejections.repeated).toBe(list.length - new Set(list).size)
      }),
    )
  })

  it('counts what is ten years old, and lets no single wrong clock end the day', () => {
    const told: number[] = []
    const late: number[] = []
    const ordering = new Ordering(({ at }) => told.push(at), {
      late: ({ at }) => late.push(at),
      aside: () => {},
    })
    ordering.add(read(START))
    ordering.add(read(START + 3 * 3_600_000))
    ordering.add(read(START - 3650 * 86_400_000))
    ordering.add(read(START + 3650 * 86_400_000))
    ordering.add(read(START + 4 * 3_600_000))
    ordering.end()
    expect(told).toEqual([START, START + 3 * 3_600_000, START + 4 * 3_600_000])
    expect(ordering.rejections).toEqual({ repeated: 0, late: 1, future: 1 })
    // it is not of this record, so it says nothing of what was read within it
    expect(late).toHaveLength(0)
  })
})

describe('a file of events', () => {
  const DAY = 86_400_000
  let dir: string
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'avouch-events-'))
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  /** What a run over these lines counted, and what everybody had read by its end. */
  async function countsOf(lines: string[]) {
    const path = join(dir, 'events.jsonl')
    await writeFile(path, lines.join('\n'))
    const malformed = { count: 0, first: [] }
    const watch = new Watch({ alertsPerDay: 1 })
    for await (const batch of eventsOf(path, malformed)) for (const event of batch) watch.add(event)
    const { events, rejected, coverage, people } = watch.end()
    return { events, ...rejected, malformed: malformed.count, coverage, people }
  }

  it('loses nothing: what is malformed, repeated, ten years old or of the future is counted', async () => {
    const line = (at: number, over: object = {}): string => {
      const { at: _, ...event } = read(at)
      return JSON.stringify({ ...event, ...over })
    }
    const good = Array.from({ length: 200 }, (_, n) => line(START + n * 900_000, { segments: [n, n] }))
    const bad = [
      ...['', '{', 'null', '[]', '"text"', '{"time":"yesterday","person":"a","action":"read"}'],
      ...[line(START, { action: 'steal' }), line(START, { segments: [9, 3] }), line(START, { bytes: -1 })],
      ...[line(START, { person: '' }), line(START, { person: 'x'.repeat(201) }), 'x'.repeat(70_000)],
    ]
    const wrong = [line(START - 3650 * DAY), line(START + 3650 * DAY), line(START + 4000 * DAY)]
    const found = await countsOf([...good.slice(0, 100), ...bad, ...wrong, ...good.slice(90)])
    // an empty line is none
    expect(found).toMatchObject({ malformed: bad.length - 1, repeated: 10, events: 213 })
    expect(found.late + found.future).toBe(3)
    const share = found.coverage.find(({ person }) => person === 'person-1')!
    expect(share.share).toBe(1)
  })

  it('counts one person after the other as it counts them in the order of time', async () => {
    const acts = Array.from({ length: 300 }, (__, n) => {
      const { at: _, ...event } = read(START + n * 1_700_000, { person: `person-${n % 7}` })
      return event
    })
    const lines = (list: typeof acts): string[] => list.map((event) => JSON.stringify(event))
    const ordered = await countsOf(lines(acts))
    const grouped = [...acts].sort((a, b) => (a.person < b.person ? -1 : a.person > b.person ? 1 : 0))
    expect(await countsOf(lines(grouped))).toEqual(ordered)
    expect(ordered).toMatchObject({ events: 300, late: 0, repeated: 0, people: 7 })
  })
})

describe('how rare a value is', () => {
  it('never is nothing, and falls the further out it lies', () => {
    const tail = new Tail(0, 56)
    for (let day = 1; day <= 40; day++) tail.add(20 + (day % 5), day)
    const chances = [10, 20, 24, 30, 36, 44].map((value) => tail.above(value))
    expect(chances).toEqual([...chances].sort((a, b) => b - a))
    expect(chances.at(-1)).toBeGreaterThan(0)
    expect(chances.at(-1)).toBeLessThan(chances[2]! / 5)
  })
})

describe('the detector', () => {
  it('keeps to its budget of alerts, tells reasons, and says the same of the same events', async () => {
    const { events, personnel } = everyday(makeCompany(small('quiet')))
    expect(events.every((event) => weightEventSchema.safeParse(event).success)).toBe(true)
    const timed = events
      .map((event) => ({ ...event, at: Date.parse(event.time) }))
      .sort((a, b) => a.at - b.at)
    const first = detect(timed, { alertsPerDay: 2, personnel })
    const twice = detect(
      timed.flatMap((event) => [event, event]),
      { alertsPerDay: 2, personnel },
    )
    expect(first.alerts.length).toBeLessThanOrEqual(2 * 71)
    expect(twice.alerts).toEqual(first.alerts)
    expect(twice.rejected.repeated).toBeGreaterThanOrEqual(timed.length)
    for (const { reasons, people, person, score } of first.alerts) {
      expect(reasons.length).toBeGreaterThan(0)
      expect(people[0]).toBe(person)
      expect(score).toBeGreaterThan(0)
    }
  })

  it('finds what is planted among everyday work', async () => {
    const scenarios = (await loadScenarios()).filter(({ name }) =>
      ['off-hours-bulk', 'two-who-split', 'stolen-approver'].includes(name),
    )
    expect(scenarios).toHaveLength(3)
    const found: Record<string, number> = {}
    for (const scenario of scenarios)
      for (const seed of ['one', 'two', 'three']) {
        const [outcome] = await exercise(scenario, small(seed), [3])
        if (outcome!.found) found[scenario.name] = (found[scenario.name] ?? 0) + 1
      }
    for (const { name } of scenarios) expect(found[name], name).toBeGreaterThanOrEqual(2)
  })

  it('believes news of a role over logs that still tell the old one', () => {
    const events: Timed[] = []
    for (let day = 0; day < 40; day++)
      for (let n = 0; n < 8; n++) {
        if (n === 0 && day >= 20) continue
        events.push(
          read(START + day * 86_400_000 + (8 + n) * 3_600_000, {
            ...{ person: `person-${n}`, role: n < 4 ? 'research' : 'sales', segments: [n * 10, n * 10 + 1] },
            model: n < 4 ? 'example-model@1.0' : 'example-other@1.0',
          }),
        )
      }
    // their directory has not followed: each act names the role they left
    for (let day = 22; day < 30; day++)
      events.push(
        read(START + day * 86_400_000 + 8 * 3_600_000, {
          ...{ person: 'person-0', role: 'research', segments: [(day - 22) * 9, (day - 22) * 9 + 8] },
        }),
      )
    events.sort((a, b) => a.at - b.at)
    const time = new Date(START + 20 * 86_400_000).toISOString()
    const news = { time, person: 'person-0', event: 'role-change' as const, role: 'sales' }
    const { alerts } = detect(events, { alertsPerDay: 1, personnel: [news] })
    const told = alerts.filter(({ person }) => person === 'person-0').flatMap(({ reasons }) => reasons)
    expect(told.join()).toContain('changed from research to sales')
  })

  it('raises bait at once, whatever else is known', async () => {
    const { alerts } = detect([read(START), read(START + 60_000, { lease: 'honey-1' })], {
      alertsPerDay: 1,
      bait: new Bait([{ kind: 'lease', value: 'honey-1' }]),
    })
    expect(alerts).toHaveLength(1)
    expect(alerts[0]!.reasons.join()).toContain('honey-1')
  })
})
