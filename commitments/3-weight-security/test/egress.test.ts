import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { beginApproval, finishApproval, LOCAL, type Principal } from '@avouch/core/auth'
import type { TestPerson } from '@avouch/core/auth/testing'
import { AvouchError, httpStatus } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import fastify, { type FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokeLease } from '../src/access/lease-end.ts'
import { whoDid } from '../src/access/who-did.ts'
import { egressAct } from '../src/egress/act.ts'
import { egressRoutes } from '../src/egress/routes.ts'
import { setLimits } from '../src/egress/set.ts'
import { limitsInForce } from '../src/egress/store.ts'
import { weightEventSchema } from '../src/event.ts'
import type { SegmentRange } from '../src/object/authorise.ts'
import type { WeightObject } from '../src/object/object.ts'
import { sealWeights } from '../src/object/seal-weights.ts'
import { eventOf } from '../src/serve/entry.ts'
import { MOST_REFUSALS } from '../src/serve/refusals.ts'
import { serveRoutes } from '../src/serve/routes.ts'
import { sealReads } from '../src/serve/seal-reads.ts'
import { employee, grant } from './granted.ts'
import { FULL, MODEL, openServed, plain, type Served } from './served.ts'
import type { Vault } from './vault.ts'

let vault: Vault
let object: WeightObject
let holder: TestPerson
let approvers: [TestPerson, TestPerson]
let leased: Served['leased']
let read: Served['read']
let entries: Served['entries']

beforeAll(async () => {
  ;({ vault, object, holder, approvers, leased, read, entries } = await openServed())
})
afterAll(() => vault.close())

describe('egress budgets', () => {
  it('end a read that would go beyond them, for all readers together, and nothing is taken twice', async () => {
    const { installation } = vault
    const { kysely } = installation.db
    await sql`delete from weight_security.egress_used`.execute(kysely)
    const other = await employee(installation, 'red')
    const mine = await leased()
    const [theirs] = await grant(installation, { holder: other, approvers }, { model: MODEL })
    const by = await holder.principal()
    const limits = {
      budgets: [
        { id: 'person', per: ['person' as const], only: {}, bytesPerHour: 20 * FULL },
        { id: 'model', per: ['model' as const], only: {}, share: { of: 1, days: 2 } },
      ],
    }
    await setLimits(installation, LOCAL, { limits, reason: 'a first try' })
    await expect(read(mine, { by })).rejects.toMatchObject({
      code: 'limit',
      message: expect.stringContaining(`budget person has ${4 * FULL} of ${20 * FULL} bytes in an hour left`),
    })
    expect((await entries(mine)).map(({ outcome, bytes }) => [outcome, bytes])).toEqual([
      ['ok', 16 * FULL],
      ['denied', 0],
    ])
    // four segments are left this hour, however many ask at once
    const asked = await Promise.allSettled(
      Array.from({ length: 6 }, () => read(mine, { by, segments: [0, 1] })),
    )
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    // 70 minutes later
    await sql`update weight_security.egress_used set slot = slot - 14`.execute(kysely)
    await read(mine, { by, segments: [0, 9] })
    const theirHand = await other.principal()
    await expect(read(theirs!, { by: theirHand, segments: [0, 11] })).rejects.toThrow(/budget model/)
    await read(theirs!, { by: theirHand, segments: [0, 9] })
    await sql`delete from weight_security.egress_limits`.execute(kysely)
  })

  it('are charged for as long as any can look back, and no longer', async () => {
    const { installation } = vault
    const { kysely } = installation.db
    const slot = (days: number): number => Math.floor(Date.now() / 300_000) - days * 288
    for (const days of [366, 368])
      await sql`insert into weight_security.egress_used (person, environment, model, slot, bytes)
        values (${`past-${days}`}, 'evaluation', ${MODEL}, ${slot(days)}, 5)`.execute(kysely)
    await read(await leased(), { segments: [0, 0] })
    await sealReads(installation)
    const left = await sql<{ person: string }>`select person from weight_security.egress_used
      where person like 'past-%'`.execute(kysely)
    expect(left.rows).toEqual([{ person: 'past-366' }])
    await sql`delete from weight_security.egress_used where person = 'past-366'`.execute(kysely)
  })

  it('are widened by two people only, and by none where others were set meanwhile', async () => {
    const { installation } = vault
    const limits = (bytesPerHour: number) => ({
      budgets: [{ id: 'one', per: ['person' as const], only: {}, bytesPerHour }],
    })
    const set = (bytesPerHour: number) =>
      setLimits(installation, LOCAL, { limits: limits(bytesPerHour), reason: 'a reason' })
    const inForce = async () => (await limitsInForce(installation.db))?.limits.budgets[0]?.bytesPerHour
    expect(await set(100)).toMatchObject({ state: 'in-force', looser: [] })
    const [first, second] = [await set(200), await set(300)]
    expect(first).toMatchObject({ state: 'proposed', looser: ['one: more bytes an hour'] })
    expect(await inForce()).toBe(100)
    const act = egressAct(installation)
    const signFor = async ({ approval }: { approval?: string }, one: TestPerson) => {
      const by = await one.principal()
      const asking = await beginApproval(installation, by, approval!, act)
      await finishApproval(installation, by, approval!, one.answer(asking), act)
    }
    await signFor(first as { approval: string }, approvers[0])
    expect(await inForce()).toBe(100)
    await signFor(first as { approval: string }, approvers[1])
    expect(await inForce()).toBe(200)
    await signFor(second as { approval: string }, approvers[0])
    await expect(signFor(second as { approval: string }, approvers[1])).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(await inForce()).toBe(200)
    await sql`delete from weight_security.egress_limits`.execute(installation.db.kysely)
  })
})

describe('the address of an object', () => {
  let app: FastifyInstance
  let by: Principal
  const url = (lease: string, id = object.id) => `/objects/${id}/plaintext?lease=${lease}`

  beforeAll(async () => {
    app = fastify()
    app.decorateRequest('principal', { getter: () => by })
    app.setErrorHandler((error, _, reply) =>
      reply.code(error instanceof AvouchError ? httpStatus(error) : 500).send(String(error)),
    )
    await app.register(serveRoutes(vault.installation))
    await app.register(egressRoutes(vault.installation))
    await app.listen({ host: '127.0.0.1', port: 0 })
    by = await holder.principal()
  })
  afterAll(() => app.close())

  it('answers ranges of bytes', async () => {
    const lease = await leased()
    const get = (range?: string) =>
      app.inject({ url: url(lease), headers: range === undefined ? {} : { range } })
    const whole = await get()
    expect(whole.statusCode).toBe(200)
    expect(whole.rawPayload.equals(plain)).toBe(true)
    expect(whole.headers).toMatchObject({ 'cache-control': 'no-store', 'accept-ranges': 'bytes' })
    for (const [range, from, to] of [
      ['bytes=0-0', 0, 1],
      [`bytes=${FULL - 1}-${FULL}`, FULL - 1, FULL + 1],
      ['bytes=5000-', 5000, plain.length],
      ['bytes=-7', plain.length - 7, plain.length],
      ['bytes=9-999999999', 9, plain.length],
    ] as const) {
      const part = await get(range)
      expect(part.statusCode, range).toBe(206)
      expect(part.headers['content-range']).toBe(`bytes ${from}-${to - 1}/${plain.length}`)
      expect(part.rawPayload.equals(plain.subarray(from, to)), range).toBe(true)
    }
    const beyond = await get(`bytes=${plain.length}-`)
    expect([beyond.statusCode, beyond.headers['content-range']]).toEqual([416, `bytes */${plain.length}`])
    for (const wrong of ['bytes=', 'bytes=-', 'bytes=1-0', 'bytes=0-1,3-4', 'lines=1-2'])
      expect((await get(wrong)).statusCode, wrong).toBe(400)
  })

  it('answers HEAD as GET without its content, which is no read', async () => {
    const [lease, part] = [await leased(), await leased({ segments: [0, 1] })]
    const ask = (method: 'GET' | 'HEAD', of: string, range?: string) =>
      app.inject({ method, url: url(of), headers: range === undefined ? {} : { range } })
    const told = ['content-length', 'content-range', 'content-type', 'x-avouch-digest', 'accept-ranges']
    for (const [of, range] of [
      [lease],
      [lease, 'bytes=5-9'],
      [lease, `bytes=${plain.length}-`],
      [part],
      [part, 'bytes=5-9'],
    ] as const) {
      const [head, get] = [await ask('HEAD', of, range), await ask('GET', of, range)]
      expect([head.statusCode, head.rawPayload.length], range).toEqual([get.statusCode, 0])
      if (get.statusCode < 300)
        for (const name of told) expect(head.headers[name], name).toBe(get.headers[name])
    }
    expect((await entries(part)).map(({ outcome }) => outcome)).toEqual(['denied', 'denied', 'ok'])
    expect((await ask('HEAD', 'no-lease')).statusCode).toBe((await ask('GET', 'no-lease')).statusCode)
  })

  it('tells budgets and their arithmetic, and nobody by name', async () => {
    const told = await app.inject({ url: `/egress?model=${MODEL}&people=3` })
    expect(told.json()).toMatchObject({
      ...{ budgets: [], theft: { model: MODEL, alone: null, together: [{ people: 3, seconds: null }] } },
      lastHour: [{ model: MODEL, environment: 'evaluation' }],
    })
    expect(told.body).not.toContain(holder.person.id)
    expect((await app.inject({ url: '/egress?model=nothing@1' })).statusCode).toBe(404)
  })

  it('refuses before the first byte, tells nothing of other objects, and cuts the line of a lease that ends', async () => {
    const part = await leased({ segments: [0, 3] })
    const refused = await app.inject({ url: url(part) })
    expect([refused.statusCode, refused.body]).toEqual([403, expect.stringContaining('segments 0-3')])
    const absent = await app.inject({ url: url(part, crypto.randomUUID()) })
    expect([absent.statusCode, absent.body]).toEqual([403, expect.stringContaining('another object')])
    expect((await entries(part)).map(({ model }) => model)).toEqual([MODEL, 'unknown'])

    // nor its size
    const range = `bytes=${plain.length}-`
    for (const lease of [crypto.randomUUID(), await leased({ segments: [0, 3] })]) {
      by = await approvers[0].principal()
      const beyond = await app.inject({ url: url(lease), headers: { range } })
      expect(beyond.statusCode).toBe(403)
      expect(beyond.headers['content-range']).toBeUndefined()
      expect((await entries(lease)).map(({ outcome }) => outcome)).toEqual(['denied'])
    }
    by = await holder.principal()
    for (const id of [object.id, crypto.randomUUID()])
      expect((await app.inject({ url: url(part, id), headers: { range: 'bytes=1-0' } })).statusCode).toBe(400)

    const large = randomBytes(12 * 1024 * 1024)
    const path = join(vault.dir, 'large.bin')
    await writeFile(path, large)
    const model = 'example-model@2'
    const sealed = await sealWeights(vault.installation, vault.kek, path, { model, segmentBytes: 65_536 })
    const [lease] = await grant(vault.installation, { holder, approvers }, { model })
    const { port } = app.server.address() as AddressInfo
    const answer = await fetch(`http://127.0.0.1:${port}${url(lease!, sealed[0]!.object.id)}`)
    const reader = answer.body!.getReader()
    let got = (await reader.read()).value!.length
    await revokeLease(vault.installation, LOCAL, lease!)
    await expect(
      (async () => {
        for (let one = await reader.read(); !one.done; one = await reader.read()) got += one.value.length
      })(),
    ).rejects.toThrow()
    expect(got).toBeLessThan(large.length)
  })
})

describe('reads that are refused', () => {
  it('are looked at so many times and then counted, in the way of nobody else', async () => {
    const { installation } = vault
    const start = Date.now()
    const at = (minutes: number): Installation => ({
      ...installation,
      now: () => new Date(Math.ceil(start / 300_000) * 300_000 + 60_000 * minutes),
    })
    const lease = await leased({ segments: [0, 3] })
    const [stranger, other] = [await employee(installation, 'red'), await employee(installation, 'red')]
    const by = await stranger.principal()
    const ask = (who: Principal, segments: SegmentRange = [0, 1], minutes = 1) =>
      read(lease, { by: who, segments, installation: at(minutes) })
    const denied = async () => (await entries(lease)).filter(({ outcome }) => outcome === 'denied')
    for (let n = 0; n < MOST_REFUSALS; n++) await expect(ask(by)).rejects.toThrow(/somebody else/)
    // some one after the other, some at once
    await expect(ask(by)).rejects.toMatchObject({ code: 'limit' })
    const flood = await Promise.allSettled(Array.from({ length: 10 }, () => ask(by)))
    expect(flood.map((one) => one.status === 'rejected' && one.reason.code)).toEqual(Array(10).fill('limit'))
    expect(await denied()).toHaveLength(MOST_REFUSALS)
    // neither the holder, nor others, nor a key of the same person is kept out
    expect(await ask(await holder.principal())).toHaveLength(2 * FULL)
    const key = { id: 'k', name: 'k', scopes: ['weight-security:use'] }
    for (const who of [await other.principal(), { kind: 'key', person: stranger.person, key } as const])
      await expect(ask(who)).rejects.toThrow(/somebody else/)

    await sealReads(at(2))
    expect(await denied()).toHaveLength(MOST_REFUSALS + 2)
    const [evidence] = await sealReads(at(6))
    const told = (await denied()).at(-1)
    expect(told).toMatchObject({ person: stranger.person.id, lease, times: 11, bytes: 0 })
    weightEventSchema.parse(eventOf(told!))
    expect((await installation.evidence.get(evidence!))?.fields).toMatchObject({ refused: 11 })
    expect(await sealReads(at(7))).toEqual([])
    await expect(ask(by, [0, 1], 7)).rejects.toThrow(/somebody else/)
    // who did: what was refused was not read; clocks of tests before have been an hour ahead
    const { reads } = await whoDid(installation, MODEL, { from: new Date(start - 1000), to: at(180).now() })
    const of = ({ person: { id } }: TestPerson) =>
      reads.filter((one) => one.lease === lease && one.person === id)
    expect(of(stranger)).toMatchObject([{ reads: 0, bytes: 0, refused: MOST_REFUSALS + 1 + 11 + 1 }])
    expect(of(other)).toMatchObject([{ reads: 0, refused: 1 }])
    expect(of(holder)).toMatchObject([{ reads: 1, bytes: 2 * FULL, refused: 0 }])
    await sql`delete from weight_security.clock`.execute(installation.db.kysely)
  })
})
