import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { LOCAL, type Principal } from '@avouch/core/auth'
import fastify, { type FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { actOnAlert } from '../src/alerts/act.ts'
import { detectorRun } from '../src/alerts/evidence.ts'
import { runOverFile } from '../src/alerts/keep.ts'
import { runLive } from '../src/alerts/live.ts'
import { precisionOf } from '../src/alerts/precision.ts'
import { alertRoutes } from '../src/alerts/routes.ts'
import { findAlert, listAlerts, listCoverage } from '../src/alerts/store.ts'
import { outcomesSoFar, pageOf } from '../src/alerts/view.ts'
import { placeBait, removeBait } from '../src/bait/bait.ts'
import { baitEvidence } from '../src/bait/evidence.ts'
import type { WeightEvent } from '../src/event.ts'
import { insertTaken } from '../src/following/store.ts'
import { linkIdentity } from '../src/identity/link.ts'
import { employee } from './granted.ts'
import { openVault, type Vault } from './vault.ts'

const START = Date.UTC(2026, 0, 5)
const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Eight people who each read a little every day; on day 20 one takes all of it at night, to a new place. */
function days(): WeightEvent[] {
  const events: WeightEvent[] = []
  const read = (person: number, at: number, over: Partial<WeightEvent> = {}): WeightEvent => ({
    time: new Date(at).toISOString(),
    person: `person-${person}`,
    role: 'research',
    team: `team-${person % 2}`,
    host: `desk-${person}`,
    action: 'read',
    model: 'example-model@1.0',
    segments: [person * 50, person * 50 + 9],
    bytes: 10_000_000,
    sink: 'cluster',
    outcome: 'ok',
    ...over,
  })
  for (let day = 0; day < 30; day++)
    for (let person = 0; person < 8; person++)
      events.push(
        read(person, START + day * DAY + (9 + person) * HOUR),
        read(person, START + day * DAY + (9 + person) * HOUR + 60_000),
      )
  for (let piece = 0; piece < 20; piece++)
    events.push(
      read(3, START + 20 * DAY + 2 * HOUR + piece * 60_000, {
        segments: [piece * 20, piece * 20 + 19],
        bytes: 4e9,
        sink: 'external-1',
        host: 'unknown-1',
      }),
    )
  return events.sort((a, b) => Date.parse(a.time) - Date.parse(b.time))
}

let vault: Vault
let file: string
beforeAll(async () => {
  vault = await openVault()
  file = join(vault.dir, 'events.jsonl')
  await writeFile(
    file,
    days()
      .map((event) => JSON.stringify(event))
      .join('\n'),
  )
})
afterAll(() => vault.close())

describe('alerts that are kept', () => {
  it('stand with what they are made of, and the same file twice keeps them once', async () => {
    const { installation } = vault
    const first = await runOverFile(installation, { events: file, alertsPerDay: 3 })
    expect(first.fresh).toHaveLength(first.alerts.length)
    const theft = (await listAlerts(installation.db, { limit: 100 }))[0]!
    expect(theft).toMatchObject({ person: 'person-3', state: 'open', model: 'example-model@1.0' })
    const { timeline } = await pageOf(installation, theft)
    const taken = timeline.find(({ sink }) => sink === 'external-1')
    expect(taken).toMatchObject({ person: 'person-3', host: 'unknown-1', action: 'read' })
    expect(taken!.acts).toBeGreaterThan(1)
    expect(timeline.map(({ from }) => from)).toEqual(timeline.map(({ from }) => from).sort())
    const held = await listCoverage(installation.db, { person: 'person-3', limit: 10 })
    expect(held).toMatchObject([{ model: 'example-model@1.0', share: 1 }])

    const again = await runOverFile(installation, { events: file, alertsPerDay: 3 })
    expect(again.alerts).toHaveLength(first.alerts.length)
    expect(again.fresh).toEqual([])
    expect(await listAlerts(installation.db, { limit: 100 })).toHaveLength(first.alerts.length)
    const record = (await installation.evidence.get(again.evidence))!
    const run = installation.evidence.read(detectorRun, record)
    expect(run).toMatchObject({
      ...{ source: 'file', newAlerts: 0, alerts: first.alerts.length, precision: null },
      ...{ events: { read: 500, judged: 500 }, people: 8, models: 1 },
    })
    expect(run.eventsDigest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('are acknowledged, explained, escalated and closed, never by whom they are about', async () => {
    const { installation } = vault
    const id = (await listAlerts(installation.db, { limit: 1 }))[0]!.id
    const act = (move: Parameters<typeof actOnAlert>[2]) => actOnAlert(installation, id, move)
    await expect(act({ act: 'acknowledge', by: 'person-3' })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(
      act({ act: 'close', by: 'person-3', words: 'nothing', outcome: 'benign' }),
    ).rejects.toMatchObject({ code: 'forbidden' })
    expect((await act({ act: 'acknowledge', by: 'guard-1' })).alert.state).toBe('acknowledged')
    await expect(act({ act: 'acknowledge', by: 'guard-1' })).rejects.toMatchObject({ code: 'conflict' })
    await act({ act: 'explain', by: 'person-3', words: 'A backup, I was told.' })
    expect((await act({ act: 'escalate', by: 'guard-1', words: 'To the custodian.' })).alert.state).toBe(
      'escalated',
    )
    const closed = await act({ act: 'close', by: 'guard-2', words: 'It was one.', outcome: 'benign' })
    expect(closed.alert).toMatchObject({ state: 'closed', outcome: 'benign', evidence: closed.evidence })
    await expect(
      act({ act: 'close', by: 'guard-2', words: 'It was one.', outcome: 'benign' }),
    ).rejects.toMatchObject({ code: 'conflict' })
    // a correction takes the place of what was recorded first
    const corrected = await act({ act: 'close', by: 'guard-2', words: 'No.', outcome: 'true-positive' })
    const record = (await installation.evidence.get(corrected.evidence!))!
    expect(record).toMatchObject({ supersedes: closed.evidence, fields: { outcome: 'true-positive' } })
    const { acts } = await pageOf(installation, (await findAlert(installation.db, id))!)
    expect(acts.map((one) => one.act)).toEqual([
      ...['acknowledged', 'explained', 'escalated', 'closed', 'closed'],
    ])
    const { outcomes, precision } = await outcomesSoFar(installation)
    expect(outcomes).toMatchObject({ truePositive: 1, benign: 0 })
    expect(precision).toMatchObject({ value: 1, n: 1, clusters: 1 })
    expect(precision!.low).toBeLessThan(0.3)
  })

  it('are handled by nobody whom they are about under another name', async () => {
    const { installation } = vault
    const suspect = await employee(installation, 'red', ['security'])
    const by = await suspect.principal()
    const id = (await listAlerts(installation.db, { person: 'person-3', limit: 1 }))[0]!.id
    const close = () =>
      actOnAlert(installation, id, {
        ...{ act: 'close', by: suspect.person.id, words: 'Nothing.', outcome: 'duplicate' },
      } as const)
    const pageNow = async () => pageOf(installation, (await findAlert(installation.db, id))!)
    expect((await pageNow()).unlinked).toEqual(['person-3'])
    const name = 'person-3'
    const link = (who: Principal, person: string | null) => linkIdentity(installation, who, { name, person })
    await expect(link(by, suspect.person.id)).rejects.toMatchObject({ code: 'forbidden' })
    const { evidence } = await link(LOCAL, suspect.person.id)
    expect((await installation.evidence.get(evidence))?.fields).toMatchObject({ name, by: 'local' })
    await expect(close()).rejects.toMatchObject({ code: 'forbidden', message: 'this alert is about you' })
    expect((await pageNow()).unlinked).toEqual([])
    // and they do not take that back themselves
    await expect(link(by, null)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(link(by, crypto.randomUUID())).rejects.toThrow()
    await link(LOCAL, null)
    // nobody linked it, but it is how directories write them: the e-mail address, in whatever case
    const rename = (to: string, from: string) =>
      sql`update weight_security.alert set people = array_replace(people, ${from}, ${to}) where id = ${id}`.execute(
        installation.db.kysely,
      )
    const arn = 'arn:aws:sts::000000000000:assumed-role/reader/Suspect@example.com'
    await sql`update auth.person set email = 'suspect@example.com' where id = ${suspect.person.id}`.execute(
      installation.db.kysely,
    )
    await rename(arn, name)
    await expect(close()).rejects.toMatchObject({ code: 'forbidden', message: 'this alert is about you' })
    await rename(name, arn)
    await expect(link(LOCAL, null)).rejects.toMatchObject({ code: 'not-found' })
  })

  it('are told over HTTP, where only a person who is none of theirs decides', async () => {
    const app: FastifyInstance = fastify()
    let who = 'person-3'
    app.decorateRequest('principal')
    app.addHook('onRequest', async (request) => {
      request.principal = { kind: 'person', person: { id: who } } as typeof request.principal
    })
    await app.register(alertRoutes(vault.installation))
    const { alerts, outcomes } = (await app.inject('/alerts?limit=500')).json()
    expect(alerts).toHaveLength(outcomes.unclosed + 1)
    expect(alerts[0]).not.toHaveProperty('timeline')
    const own = alerts.find(({ person }: { person: string }) => person === 'person-3')
    const post = (body: object) =>
      app.inject({ method: 'POST', url: `/alerts/${own.id}/acts`, payload: body })
    expect((await post({ act: 'close', outcome: 'benign', words: 'No.' })).statusCode).toBe(500)
    expect((await post({ act: 'explain', words: 'I am innocent.' })).json().acts.at(-1)).toMatchObject({
      by: 'person-3',
    })
    who = 'guard-1'
    expect((await post({ act: 'close', outcome: 'duplicate', words: 'Seen.' })).json()).toMatchObject({
      ...{ state: 'closed', outcome: 'duplicate' },
    })
    expect((await app.inject(`/alerts/${own.id}`)).json().timeline.length).toBeGreaterThan(0)
    await app.close()
  })
})

describe('what goes on', () => {
  it('is judged as it becomes known, and tells of nobody twice', async () => {
    const { installation } = vault
    let now = START
    const live = { ...installation, now: () => new Date(now) }
    const take = async (events: WeightEvent[]): Promise<void> => {
      const taken = events.map((event, n) => ({
        ...{
          id: `${event.time}/${event.person}/${n}`,
          at: Date.parse(event.time),
          event,
          told: 'range' as const,
        },
        ...{ within: undefined, encryption: undefined, unmapped: false, workload: false },
      }))
      await installation.db.kysely
        .transaction()
        .execute((tx) =>
          insertTaken(tx, { source: 'cloudtrail', mapping: '00'.repeat(32), now: new Date(now) }, taken),
        )
    }
    const all = days().map((event) => ({ ...event, person: `live-${event.person}` }))
    const until = (at: number) => all.filter(({ time }) => Date.parse(time) < at)
    const theft = START + 20 * DAY + 2 * HOUR
    await take(until(theft))
    now = theft
    expect(await runLive(live, { alertsPerDay: 3 })).toBeDefined()
    expect(await runLive(live)).toBeUndefined()
    // ten minutes later half of it is gone
    await take(all.filter(({ time }) => Date.parse(time) >= theft && Date.parse(time) < theft + HOUR / 6))
    now = theft + HOUR / 6
    const caught = await runLive(live)
    expect(caught!.fresh).toHaveLength(1)
    const alert = (await findAlert(installation.db, caught!.fresh[0]!))!
    expect(alert).toMatchObject({ person: 'live-person-3', state: 'open' })
    expect(Date.parse(alert.time)).toBeLessThan(theft + HOUR / 6)
    await take(all.filter(({ time }) => Date.parse(time) >= theft + HOUR / 6))
    now = START + 30 * DAY
    const rest = await runLive(live)
    const again = await Promise.all(rest!.fresh.map((id) => findAlert(installation.db, id)))
    expect(again.map((one) => one!.person)).not.toContain('live-person-3')
  })
})

describe('bait', () => {
  it('raises an alert whatever else is known, names nothing in evidence, and can be taken away', async () => {
    const { installation, dir } = vault
    const bait = await placeBait(installation, { kind: 'segments', value: 'example-model@1.0#390-399' })
    const honey = await placeBait(installation, { kind: 'lease', value: 'honey-lease-1' })
    await expect(placeBait(installation, { kind: 'lease', value: 'honey-lease-1' })).rejects.toMatchObject({
      code: 'conflict',
    })
    const records = await installation.evidence.list({ type: baitEvidence })
    expect(JSON.stringify(records)).not.toContain('honey-lease-1')
    const touching = join(dir, 'touching.jsonl')
    // the wrong clock, the hour that has passed and the refusal do not hide it
    const event = (time: string, over: object) =>
      JSON.stringify({ time, person: 'person-9', action: 'read', model: 'example-model@1.0', ...over })
    await writeFile(
      touching,
      [
        ...Array.from({ length: 40 }, (_, n) =>
          event(`2026-03-01T${String(n % 24).padStart(2, '0')}:00:00Z`, { person: 'person-1' }),
        ).sort(),
        event('2026-03-01T20:00:00Z', { segments: [380, 420], outcome: 'denied' }),
        event('2016-03-01T20:00:00Z', { lease: 'honey-lease-1' }),
        event('2036-03-01T20:00:00Z', { lease: 'honey-lease-1', person: 'person-8' }),
      ].join('\n'),
    )
    const run = await runOverFile(installation, { events: touching, alertsPerDay: 0.01 })
    expect(run.alerts.map(({ person }) => person).sort()).toEqual(['person-8', 'person-9', 'person-9'])
    expect(run.alerts.flatMap(({ groups }) => groups)).toEqual(['bait', 'bait', 'bait'])
    await removeBait(installation, bait.id)
    await removeBait(installation, honey.id)
    await expect(removeBait(installation, bait.id)).rejects.toMatchObject({ code: 'not-found' })
    const after = await runOverFile(installation, { events: touching, alertsPerDay: 0.01 })
    expect(after.alerts).toEqual([])
  })
})

describe('precision', () => {
  it('takes people as the unit, and leaves out duplicates and what was planted', () => {
    const once = precisionOf([
      { person: 'a', outcome: 'true-positive' },
      { person: 'b', outcome: 'benign' },
      { person: 'c', outcome: 'duplicate' },
      { person: 'd', outcome: 'exercise' },
    ])
    expect(once.precision).toMatchObject({ value: 0.5, n: 2, clusters: 2 })
    const tenTimes = precisionOf(
      ['a', 'b'].flatMap((person) =>
        Array.from({ length: 10 }, () => ({
          person,
          outcome: person === 'a' ? ('true-positive' as const) : ('benign' as const),
        })),
      ),
    )
    expect(tenTimes.counts).toEqual([
      [0, 10, 1],
      [10, 10, 1],
    ])
    // ten alerts about one person tell no more than one
    expect(tenTimes.precision!.high - tenTimes.precision!.low).toBeGreaterThanOrEqual(
      once.precision!.high - once.precision!.low - 1e-9,
    )
    expect(precisionOf([]).precision).toBeNull()
  })
})
