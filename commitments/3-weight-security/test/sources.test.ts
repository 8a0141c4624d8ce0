import { createHash } from 'node:crypto'
import { appendFile, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import fastify from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { whoDid } from '../src/access/who-did.ts'
import { sourceEvidence } from '../src/following/evidence.ts'
import { followRound } from '../src/following/follow.ts'
import { knownEvents } from '../src/following/known.ts'
import { runOverKnown } from '../src/following/run.ts'
import { takenEvents, takenPersonnel } from '../src/following/store.ts'
import { coverageOf, viewCoverage } from '../src/shares/gather.ts'
import { coverageRoutes } from '../src/shares/routes.ts'
import { sourceOf } from '../src/sources.ts'
import { type Mapping, mappingSchema } from '../src/taking/mapping.ts'
import { openVault, type Vault } from './vault.ts'

const MIB = 2 ** 20
const MODEL = 'example-model@1.0'
const mapping = (over: Partial<Mapping> = {}) => ({
  mapping: {
    ...mappingSchema.parse({
      models: [{ model: MODEL, objects: [{ at: 's3://example-weights/a', bytes: 10 * MIB }] }],
      principals: [{ id: 'person-1', names: ['arn:aws:iam::111122223333:user/one'] }],
      groups: [{ names: ['weights-readers'], role: 'weights-reader' }],
    }),
    ...over,
  },
  digest: over.principals ? 'b'.repeat(64) : 'a'.repeat(64),
})

const record = (n: number, over: Record<string, unknown> = {}): Record<string, unknown> => ({
  ...{ eventID: `event-${n}`, eventTime: `2026-01-05T09:00:${String(n % 60).padStart(2, '0')}Z` },
  ...{ eventSource: 's3.amazonaws.com', eventName: 'GetObject', sourceIPAddress: '198.51.100.7' },
  userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/one' },
  requestParameters: {
    bucketName: 'example-weights',
    key: 'a',
    range: `bytes=${(n % 10) * MIB}-${(n % 10) * MIB + 9}`,
  },
  additionalEventData: { bytesTransferredOut: 10, SSEApplied: 'SSE_KMS' },
  ...over,
})
const user = (name: string) => ({ type: 'IAMUser', arn: `arn:aws:iam::111122223333:user/${name}` })

let vault: Vault
let folder: string
beforeAll(async () => {
  vault = await openVault()
  folder = join(vault.dir, 'trail')
  await mkdir(join(folder, 'eu-west-1'), { recursive: true })
  const first = [record(0), record(1), record(1), record(2, { errorCode: 'AccessDenied' }), { nothing: true }]
  await writeFile(join(folder, 'eu-west-1', 'one.json.gz'), gzipSync(JSON.stringify({ Records: first })))
  // a NUL and half a character: no database keeps them as they are
  const stranger = record(3, { userIdentity: user('\u0000two\ud800') })
  await writeFile(join(folder, 'two.json'), JSON.stringify({ Records: [stranger, record(1)] }))
})
afterAll(() => vault.close())

const follow = async (path = folder, given = mapping()) =>
  followRound(vault.installation, { source: await sourceOf('cloudtrail'), mapping: given, path })
async function kept() {
  const found = []
  for await (const page of takenEvents(vault.installation.db)) found.push(...page)
  return found
}

describe('following a log', () => {
  it('keeps every act once, and records what was taken without a name', async () => {
    const round = await follow()
    expect(round).toMatchObject({ files: 2, before: 0, unreadable: [] })
    expect(round.taking.counts.of).toMatchObject({ taken: 4, repeated: 2, malformed: 1 })
    const events = await kept()
    expect(events.map(({ id, person, outcome }) => [id, person, outcome])).toEqual([
      ['event-0', 'person-1', 'ok'],
      ['event-1', 'person-1', 'ok'],
      ['event-2', 'person-1', 'denied'],
      ['event-3', expect.stringMatching(/^unmapped:/), 'ok'],
    ])
    expect(events[1]).toMatchObject({ segments: [1, 1], told: 'range', within: [0, 9], bytes: 10 })
    const [evidence] = await vault.installation.evidence.list({ type: sourceEvidence })
    expect(evidence!.about).toEqual({ release: MODEL })
    expect(evidence!.fields).toMatchObject({
      ...{ source: 'cloudtrail', records: 7, unmappedPrincipals: 1, unreadable: 0 },
      files: [{ digest: expect.any(String) }, { digest: expect.any(String) }],
      model: {
        segments: 10,
        events: 4,
        reads: { range: 3 },
        refused: 1,
        encrypted: 3,
        people: 2,
        unmapped: 1,
      },
    })
    expect(JSON.stringify(evidence!.fields)).not.toMatch(/person-1|user\/|198\.51/)
  })

  it('reads no file again, and takes what is new of one that has grown', async () => {
    expect(await follow()).toMatchObject({ files: 0, before: 2, evidence: [] })
    const growing = join(folder, 'growing.jsonl')
    await writeFile(growing, `${JSON.stringify(record(10))}\n`)
    expect((await follow()).taking.counts.of).toMatchObject({ taken: 1, repeated: 0 })
    await appendFile(growing, `${JSON.stringify(record(11))}\n`)
    expect((await follow()).taking.counts.of).toMatchObject({ taken: 1, repeated: 1 })
  })

  it('counts a file that breaks off, keeps what was read of it, and tries it again', async () => {
    const whole = gzipSync(
      Array.from({ length: 1_500 }, (_, n) => JSON.stringify(record(100 + n, { pad: Math.random() }))).join(
        '\n',
      ),
    )
    const broken = join(vault.dir, 'broken.json.gz')
    await writeFile(broken, whole.subarray(0, whole.length - 5000))
    const round = await follow(broken)
    expect(round.unreadable).toEqual([broken])
    expect(round.taking.counts.of.taken).toBeGreaterThan(100)
    await writeFile(broken, whole)
    const again = await follow(broken)
    expect(again.unreadable).toEqual([])
    expect(again.taking.counts.of.taken + round.taking.counts.of.taken).toBe(1_500)
  })

  it('finds who is behind a session, in whatever file and order the log delivers it', async () => {
    const trail = join(vault.dir, 'sessions')
    await mkdir(trail)
    const put = (name: string, one: Record<string, unknown>) =>
      writeFile(join(trail, `1_CloudTrail_${name}_x.json`), JSON.stringify({ Records: [one] }))
    const under = (n: number, accessKeyId: string) =>
      record(n, {
        userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::1:assumed-role/R/s', accessKeyId },
      })
    const assume = record(9000, {
      ...{ eventSource: 'sts.amazonaws.com', eventName: 'AssumeRole' },
      responseElements: { credentials: { accessKeyId: 'SESSION' } },
    })
    // the log of the other region, in which it was taken on, comes later by its name
    await put('eu-west-1_20260105T0900Z', under(9001, 'SESSION'))
    await put('us-east-1_20260105T0905Z', assume)
    await follow(trail)
    // and a later round knows it still
    await put('eu-west-1_20260105T0910Z', under(9002, 'SESSION'))
    await put('eu-west-1_20260105T0915Z', under(9003, 'ANOTHER'))
    await follow(trail)
    const found = (await kept()).filter(({ id }) => /^event-900[123]$/.test(id))
    expect(found.map(({ person, unmapped }) => [person, unmapped])).toEqual([
      ['person-1', false],
      ['person-1', false],
      ['unmapped:arn:aws:sts::1:assumed-role/R/s', true],
    ])
  })

  it("holds a trail against CloudTrail's own digest files", async () => {
    const trail = join(vault.dir, 'digests')
    const own = join(trail, 'CloudTrail-Digest', 'eu-west-1')
    await mkdir(own, { recursive: true })
    const hash = (text: string) => createHash('sha256').update(text).digest('hex')
    const logs = [9100, 9101].map((n) => JSON.stringify({ Records: [record(n)] }))
    await writeFile(join(trail, 'log-0.json.gz'), gzipSync(logs[0]!))
    const named = logs.map((text, n) => ({ s3Object: `AWSLogs/1/log-${n}.json.gz`, hashValue: hash(text) }))
    const first = JSON.stringify({ logFiles: named, previousDigestS3Object: null })
    await writeFile(join(own, 'first.json.gz'), gzipSync(first))
    const previous = {
      previousDigestS3Object: 'AWSLogs/1/first.json.gz',
      previousDigestHashValue: hash(first),
    }
    await writeFile(join(own, 'second.json.gz'), gzipSync(JSON.stringify({ logFiles: [], ...previous })))
    const check = async () => (await follow(trail)).digests
    expect(await check()).toEqual({ digests: 2, named: 2, missing: 1, altered: 0, broken: 0 })
    // what was in order is not looked at again, and the rest is until it is
    await writeFile(join(trail, 'log-1.json.gz'), gzipSync(`${logs[1]} `))
    expect(await check()).toEqual({ digests: 1, named: 2, missing: 0, altered: 1, broken: 0 })
    await writeFile(join(trail, 'log-1.json.gz'), gzipSync(logs[1]!))
    expect(await check()).toMatchObject({ digests: 1, altered: 0 })
    expect(await check()).toMatchObject({ digests: 0 })
    await writeFile(join(own, 'first.json.gz'), gzipSync(`${first} `))
    await writeFile(join(own, 'third.json.gz'), gzipSync(JSON.stringify({ ...previous, logFiles: [] })))
    await writeFile(join(own, 'fourth.json'), 'no JSON')
    expect(await check()).toEqual({ digests: 3, named: 2, missing: 0, altered: 0, broken: 2 })
  })

  it('takes the names of a better mapping', async () => {
    const better = mappingSchema.parse({
      principals: [{ id: 'person-$1', names: ['arn:aws:iam::111122223333:user/*'] }],
    }).principals
    const { taking } = await follow(join(folder, 'two.json'), mapping({ principals: better }))
    expect(taking.counts.of).toMatchObject({ taken: 2, repeated: 0 })
    expect((await kept()).find(({ id }) => id === 'event-3')).toMatchObject({ unmapped: false })
  })

  it('keeps news of people', async () => {
    const path = join(vault.dir, 'okta.jsonl')
    const event = {
      ...{ uuid: 'u1', published: '2026-01-06T09:00:00Z', eventType: 'group.user_membership.add' },
      outcome: { result: 'SUCCESS' },
      target: [
        { type: 'User', id: 'arn:aws:iam::111122223333:user/one' },
        { type: 'UserGroup', displayName: 'weights-readers' },
      ],
    }
    await writeFile(path, JSON.stringify(event))
    const okta = await sourceOf('okta')
    const round = () =>
      followRound(vault.installation, { source: okta, mapping: mapping({ models: [] }), path })
    expect((await round()).taking.counts.of.personnel).toBe(1)
    expect(await round()).toMatchObject({ files: 0, before: 1 })
    expect(await takenPersonnel(vault.installation.db)).toEqual([
      { time: '2026-01-06T09:00:00.000Z', person: 'person-1', event: 'role-change', role: 'weights-reader' },
    ])
  })

  it('answers who has read what share, by route too', async () => {
    const { covered } = await coverageOf(vault.installation, { asOf: new Date('2026-02-01') })
    expect(covered[0]).toMatchObject({ person: null, model: MODEL, share: { low: 1, high: 1 } })
    expect((await coverageOf(vault.installation, { asOf: new Date('2026-09-01') })).covered).toEqual([])
    const day = { from: new Date('2026-01-05'), to: new Date('2026-01-06') }
    const { byLogs, reads } = await whoDid(vault.installation, MODEL, day)
    expect(reads).toEqual([])
    expect(byLogs.find(({ person }) => person === 'person-1')).toMatchObject({
      source: 'cloudtrail',
      refused: 1,
      keys: 0,
    })
    expect(await whoDid(vault.installation, MODEL, { from: day.to, to: new Date() })).toMatchObject({
      byLogs: [],
    })
    const app = fastify()
    await app.register(coverageRoutes(vault.installation))
    const answer = await app.inject({
      url: '/read-coverage',
      query: { asOf: '2026-02-01T00:00:00Z', model: MODEL },
    })
    expect(answer.json()).toMatchObject({ days: 90, models: [{ model: MODEL, segments: 10 }] })
    expect((await app.inject('/read-coverage?asOf=soon')).statusCode).toBeGreaterThanOrEqual(400)
    await app.close()
  })

  it('counts reads under leases through the objects of a sealed model', async () => {
    const { kysely } = vault.installation.db
    const ids = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222']
    const hash = Buffer.alloc(32)
    for (const [n, id] of ids.entries())
      await sql`insert into weight_security.object (id, model, name, digest, bytes, segments, segment_bytes, header,
        wrapped_key, kek, blob, evidence, sealed_at) values (${id}, 'example-sealed@1', ${`part-${n}`}, ${hash},
        ${4 * MIB}, 4, ${MIB}, ${hash}, ${hash}, 'key', ${id}, ${id}, now())`.execute(kysely)
    const read = async (number: number, object: string, segments: number[], outcome = 'ok') => {
      const entry = JSON.stringify({ segments, outcome, host: 'h', environment: null, sink: 'http' })
      await sql`insert into weight_security.read_record (number, at, lease, object, person, model, bytes, entry, hash)
        values (${number}, ${`2026-01-07T09:00:0${number}Z`}, ${object}, ${object}, 'person-9', 'example-sealed@1', 5,
          ${entry}, ${hash})`.execute(kysely)
    }
    await read(1, ids[0]!, [2, 3])
    await read(2, ids[1]!, [0, 0])
    await read(3, ids[1]!, [0, 3], 'denied')
    const answer = await coverageOf(vault.installation, {
      model: 'example-sealed@1',
      asOf: new Date('2026-02-01'),
    })
    expect(answer.covered[1]).toMatchObject({
      person: 'person-9',
      share: { low: 3 / 8, high: 3 / 8 },
      reads: 2,
    })
    const all = []
    for await (const page of (await knownEvents(vault.installation.db)).events) all.push(...page)
    expect(all.filter(({ source }) => source === 'leases')).toMatchObject([
      { segments: [2, 3] },
      { segments: [4, 4] },
      { outcome: 'denied' },
    ])
    expect(all.map(({ at }) => at)).toEqual(all.map(({ at }) => at).toSorted((a, b) => a - b))
    const run = await runOverKnown(vault.installation, { alertsPerDay: 1 })
    expect(run.detection.events).toBe(all.length)
  })

  it('places reads in a bucket on what stands sealed of the same bytes, and says where it cannot', async () => {
    const { kysely } = vault.installation.db
    const seal = async (name: string, segments: number) => {
      const [id, hash] = [crypto.randomUUID(), Buffer.alloc(32)]
      await sql`insert into weight_security.object (id, model, name, digest, bytes, segments, segment_bytes, header,
        wrapped_key, kek, blob, evidence, sealed_at) values (${id}, ${MODEL}, ${name}, ${hash}, ${10 * MIB},
        ${segments}, ${2 * MIB + 32}, ${hash}, ${hash}, 'key', ${id}, ${id}, now())`.execute(kysely)
    }
    // two of the mapping's segments to one of plaintext that stands sealed
    await seal('a', 5)
    const asked = { model: MODEL, asOf: new Date('2026-02-01') }
    const answer = await coverageOf(vault.installation, asked)
    expect([answer.unplaced, answer.covered[0]?.share]).toEqual([[], { low: 1, high: 1 }])
    expect(answer.sizes.get(MODEL)).toMatchObject({ segments: 5, segmentBytes: 2 * MIB })
    await seal('another', 5)
    const apart = await coverageOf(vault.installation, asked)
    expect([apart.unplaced, apart.covered[0]?.share]).toEqual([[MODEL], { low: 0, high: 1 }])
    expect(viewCoverage(apart)).toMatchObject({ models: [{ model: MODEL, unplaced: true }] })
    await sql`delete from weight_security.object where model = ${MODEL}`.execute(kysely)
  })

  it('lets go of what is older than it is to be kept', async () => {
    const seen = new Set<string>()
    const given = { source: await sourceOf('cloudtrail'), mapping: mapping(), path: folder, seen }
    expect(await followRound(vault.installation, given)).toMatchObject({ before: 3, forgotten: 0 })
    expect(seen.size).toBe(3)
    const now = Date.parse('2026-01-05T09:00:30Z') + 100 * 86_400_000
    const later = { ...vault.installation, now: () => new Date(now) }
    const round = await followRound(later, { ...given, keepDays: 100 })
    expect(round.before).toBe(3)
    expect(round.forgotten).toBeGreaterThan(0)
    expect((await kept()).every(({ time }) => time >= '2026-01-05T09:00:30')).toBe(true)
  })
})
