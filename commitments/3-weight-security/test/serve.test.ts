import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync } from 'node:fs'
import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { beginApproval, finishApproval, LOCAL, type Principal, revokeSession } from '@avouch/core/auth'
import type { TestPerson } from '@avouch/core/auth/testing'
import { AvouchError, httpStatus } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import fastify, { type FastifyInstance } from 'fastify'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokeLease } from '../src/access/lease-end.ts'
import type { AccessRequest } from '../src/access/request-store.ts'
import { listLeases } from '../src/access/store.ts'
import { whoDid } from '../src/access/who-did.ts'
import { egressAct } from '../src/egress/act.ts'
import { egressRoutes } from '../src/egress/routes.ts'
import { setLimits } from '../src/egress/set.ts'
import { limitsInForce } from '../src/egress/store.ts'
import { weightEventSchema } from '../src/event.ts'
import { SEGMENT_OVERHEAD } from '../src/floe/parameters.ts'
import type { KeyEncryptionKey } from '../src/kek/kek.ts'
import type { SegmentRange } from '../src/object/authorise.ts'
import type { WeightObject } from '../src/object/object.ts'
import { openObject } from '../src/object/open.ts'
import { openToFile } from '../src/object/open-file.ts'
import { readPlaintext } from '../src/object/range.ts'
import { sealWeights } from '../src/object/seal-weights.ts'
import { auditReads } from '../src/serve/audit.ts'
import { eventOf, type ReadEntry } from '../src/serve/entry.ts'
import { readsEvidence } from '../src/serve/evidence.ts'
import { MOST_REFUSALS } from '../src/serve/refusals.ts'
import { serveRoutes } from '../src/serve/routes.ts'
import { sealReads } from '../src/serve/seal-reads.ts'
import { listReads } from '../src/serve/store.ts'
import { type LeaseUse, underLease } from '../src/serve/under-lease.ts'
import { adoptDefaults, ask, employee, grant, sign } from './granted.ts'
import { openVault, type Vault } from './vault.ts'

const MODEL = 'example-model@1'
const SEGMENT = 4096
const FULL = SEGMENT - SEGMENT_OVERHEAD
const plain = randomBytes(40 * FULL + 5)

let vault: Vault
let object: WeightObject
let holder: TestPerson
let approvers: [TestPerson, TestPerson]
let made = 0

/** A small disk of its own for the database needs root and Linux; elsewhere its test says so by being skipped. */
let disk: string | undefined
if (process.platform === 'linux' && process.getuid?.() === 0)
  try {
    const dir = mkdtempSync(join(tmpdir(), 'avouch-reads-disk-'))
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m,mode=755', 'tmpfs', dir], { stdio: 'ignore' })
    disk = dir
  } catch {
    disk = undefined
  }

beforeAll(async () => {
  vault = await openVault()
  await adoptDefaults(vault.installation, 'example-model')
  const path = join(vault.dir, 'weights.bin')
  await writeFile(path, plain)
  const sealed = await sealWeights(vault.installation, vault.kek, path, {
    model: MODEL,
    segmentBytes: SEGMENT,
  })
  object = sealed[0]!.object
  holder = await employee(vault.installation, 'red')
  approvers = [await employee(vault.installation, 'blue'), await employee(vault.installation, 'green')]
})
afterAll(async () => {
  await vault.close()
  if (disk === undefined) return
  execFileSync('umount', [disk])
  await rm(disk, { recursive: true })
})

const leased = async (wanted = {}): Promise<string> =>
  (await grant(vault.installation, { holder, approvers }, { model: MODEL, ...wanted }))[0]!

/** The lease of a request, once both have signed. */
async function leaseOf(request: AccessRequest): Promise<string> {
  const { installation } = vault
  for (const approver of approvers) await sign(installation, approver, request)
  const all = await listLeases(installation.db, { holder: holder.person.id })
  const made = all.find((lease) => lease.request === request.id)!
  await installation.evidence.logged([made.evidence])
  return made.id
}

type Way = Partial<LeaseUse> & { segments?: SegmentRange; installation?: Installation }

async function open(lease: string, way: Way = {}) {
  const { installation = vault.installation, segments, ...use } = way
  const by = use.by ?? (await holder.principal())
  const authorise = underLease(installation, { lease, sink: 'pipe', host: 'desk-1', ...use, by })
  return openObject(installation, object, { authorise, segments })
}

async function read(lease: string, way: Way = {}): Promise<Buffer> {
  const opened = await open(lease, way)
  return buffer(readPlaintext(opened)).finally(() => opened.close())
}

async function entries(lease: string): Promise<ReadEntry[]> {
  const rows = await listReads(vault.installation.db, { lease })
  return rows.map(({ entry }) => JSON.parse(entry) as ReadEntry).reverse()
}

describe('reading under a lease', () => {
  it('gives what was sealed, to a pipe and a file, each read on record before', async () => {
    const lease = await leased()
    expect((await read(lease)).equals(plain)).toBe(true)
    const done = await entries(lease)
    expect(done.map(({ segments }) => segments)).toEqual([
      [0, 15],
      [16, 31],
      [32, 40],
    ])
    expect(done.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(plain.length)
    expect(done[0]).toMatchObject({
      ...{ person: holder.person.id, model: MODEL, environment: 'evaluation', by: 'session' },
      ...{ host: 'desk-1', outcome: 'ok' },
    })
    for (const entry of done) weightEventSchema.parse(eventOf(entry))

    const path = join(vault.dir, `out-${++made}`)
    const opened = await open(lease, { sink: 'file', segments: [3, 20] })
    await openToFile(opened, vault.installation.config.blobs, path).finally(() => opened.close())
    expect((await readFile(path)).equals(plain.subarray(3 * FULL, 21 * FULL))).toBe(true)
    expect((await entries(lease)).length).toBe(5)
  })

  it('is refused to others, for other segments, objects and leases, and each refusal is on record', async () => {
    const lease = await leased({ segments: [2, 5] })
    expect((await read(lease, { segments: [2, 5] })).equals(plain.subarray(2 * FULL, 6 * FULL))).toBe(true)
    const stranger = (await approvers[0].principal()) as Principal & { kind: 'person' }
    const key: Principal = {
      kind: 'key',
      person: holder.person,
      key: { id: 'k', name: 'k', scopes: ['campaign:read'] },
    }
    const refused = async (way: Way, said: RegExp, id = lease): Promise<void> => {
      await expect(read(id, way)).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringMatching(said),
      })
      expect((await entries(id)).at(-1)).toMatchObject({ outcome: 'denied', bytes: 0 })
    }
    await refused({ segments: [2, 6] }, /segments 2-5, not 2-6/)
    await refused({}, /not 0-40/)
    await refused({ by: stranger, segments: [2, 2] }, /somebody else/)
    await refused({ by: key, segments: [2, 2] }, /lacks weight-security:use/)
    await refused({}, /no such lease/, 'honey-lease-nobody-was-given')
    await read(lease, {
      by: { ...key, key: { ...key.key, scopes: ['weight-security:use'] } },
      segments: [2, 2],
    })
    expect((await entries(lease)).at(-1)).toMatchObject({ by: 'key', outcome: 'ok' })
  })

  it('ends in the middle with revocation, the holder’s session, the clock and the lease’s end', async () => {
    const later = (ms: number): Installation => ({
      ...vault.installation,
      now: () => new Date(Date.now() + ms),
    })
    const cut = async (
      end: (lease: string) => Promise<Installation | undefined>,
      bound?: Awaited<ReturnType<typeof ask>>,
    ) => {
      const lease = bound ? await leaseOf(bound) : await leased()
      let installation: Installation = vault.installation
      const opened = await open(lease, {
        ...(bound && { by: bound.by }),
        installation: new Proxy(installation, {
          get: (_, name) => installation[name as keyof Installation],
        }),
      })
      const given: Buffer[] = []
      const reading = (async () => {
        for await (const piece of readPlaintext(opened)) {
          given.push(piece)
          if (given.length === 1) installation = (await end(lease)) ?? installation
        }
      })()
      await expect(reading.finally(() => opened.close())).rejects.toMatchObject({ code: 'forbidden' })
      expect(Buffer.concat(given).length).toBe(16 * FULL)
      expect((await entries(lease)).map(({ outcome }) => outcome)).toEqual(['ok', 'denied'])
    }
    await cut(async (lease) => {
      await revokeLease(vault.installation, LOCAL, lease)
      return undefined
    })
    await cut(
      async () => {
        await revokeSession(vault.installation, holder.person.id)
        return undefined
      },
      await ask(vault.installation, holder, { model: MODEL, endsWithSession: true }),
    )
    await cut(async () => later(-7_200_000))
    await cut(async () => later(3_700_000))
    await sql`delete from weight_security.clock`.execute(vault.installation.db.kysely)
  })

  it('fails where the read cannot be recorded, and gives nothing out', async () => {
    const lease = await leased()
    const { db } = vault.installation
    await sql`alter table weight_security.read_record add constraint full_disk check (false) not valid`.execute(
      db.kysely,
    )
    try {
      const opened = await open(lease)
      const pieces = readPlaintext(opened)[Symbol.asyncIterator]()
      await expect(pieces.next()).rejects.toThrow(/full_disk/)
      await opened.close()
      const path = join(vault.dir, `out-${++made}`)
      const again = await open(lease)
      await expect(
        openToFile(again, vault.installation.config.blobs, path).finally(() => again.close()),
      ).rejects.toThrow(/full_disk/)
      await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' })
    } finally {
      await sql`alter table weight_security.read_record drop constraint full_disk`.execute(db.kysely)
    }
    expect(await entries(lease)).toEqual([])
    expect((await read(lease)).equals(plain)).toBe(true)
  })

  it.runIf(disk !== undefined)(
    'on a disk that is really full gives nothing out, and goes on with room',
    async () => {
      const lease = await leased()
      const { kysely } = vault.installation.db
      // as much as there is: filling a disk ends with its being full
      const fill = () => writeFile(join(disk!, 'ballast'), Buffer.alloc(2 ** 22)).catch(() => undefined)
      const { rows } = await sql<{ dir: string }>`select current_setting('data_directory') as dir`.execute(
        kysely,
      )
      const { uid, gid } = await stat(rows[0]!.dir)
      await mkdir(join(disk!, 'data'), { mode: 0o700 })
      await chown(join(disk!, 'data'), uid, gid)
      await sql.raw(`create tablespace small location '${disk}/data'`).execute(kysely)
      try {
        await sql`alter table weight_security.read_record set tablespace small`.execute(kysely)
        await fill()
        let failure: unknown
        let given = 0
        // what is left of the last page takes a few
        for (let n = 0; n < 100 && failure === undefined; n++)
          await read(lease, { segments: [0, 0] }).then(
            () => given++,
            (error: unknown) => {
              failure = error
            },
          )
        expect(String(failure)).toMatch(/No space left on device/)
        const path = join(vault.dir, `out-${++made}`)
        const opened = await open(lease)
        await expect(
          openToFile(opened, vault.installation.config.blobs, path).finally(() => opened.close()),
        ).rejects.toThrow(/No space left/)
        await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' })
        // what was given is on record, nothing else is
        expect((await entries(lease)).map(({ outcome }) => outcome)).toEqual(Array(given).fill('ok'))
        await rm(join(disk!, 'ballast'))
        expect((await read(lease)).equals(plain)).toBe(true)
      } finally {
        await rm(join(disk!, 'ballast'), { force: true })
        await sql`alter table weight_security.read_record set tablespace pg_default`.execute(kysely)
        await sql`drop tablespace small`.execute(kysely)
      }
    },
  )

  it('needs the key and the log: a lease that the log does not prove opens nothing', async () => {
    const lease = await leased()
    await sql`update weight_security.lease set last_segment = 39 where id = ${lease}`.execute(
      vault.installation.db.kysely,
    )
    await expect(read(lease, { segments: [0, 1] })).rejects.toMatchObject({ code: 'proof' })
    expect((await entries(lease)).at(-1)).toMatchObject({ outcome: 'denied' })
  })

  it('gives out nothing where the key cannot be reached, and says so; what is open goes on', async () => {
    const lease = await leased()
    const opened = await open(lease)
    const by = await holder.principal()
    const authorise = underLease(vault.installation, { lease, by, sink: 'pipe', host: 'desk-1' })
    const gone: KeyEncryptionKey = {
      ...vault.kek,
      unwrap: async () => {
        throw new AvouchError('unavailable', 'the token with the key of the weights cannot be used')
      },
    }
    await expect(openObject(vault.installation, object, { authorise, kek: gone })).rejects.toMatchObject({
      code: 'unavailable',
    })
    expect(await entries(lease)).toEqual([])
    expect((await buffer(readPlaintext(opened)).finally(() => opened.close())).equals(plain)).toBe(true)
  })
})

describe('the record of reads', () => {
  it('becomes evidence, of which an audit derives everything again, and finds what was changed', async () => {
    const { db, evidence } = vault.installation
    const lease = await leased()
    const by = await holder.principal()
    await Promise.all([read(lease, { by }), read(lease, { by }), read(lease, { by })])
    const ids = await sealReads(vault.installation)
    expect(ids).toHaveLength(1)
    expect(await sealReads(vault.installation)).toEqual([])
    const record = (await evidence.get(ids[0]!))!
    const fields = evidence.read(readsEvidence, record)
    expect(fields).toMatchObject({ first: 1, before: '0'.repeat(64) })
    await read(lease)
    const bulk = record.bulk!
    expect(bulk).toMatchObject({ records: `weight-reads/1-${fields.last}`, leaves: fields.last })
    expect(await auditReads(vault.installation, bulk.records)).toEqual({ root: bulk.root, problems: [] })

    const numbers = [2, fields.last, fields.last + 1]
    for (const number of numbers) {
      const before = (await listReads(db, { before: number + 1, limit: 1 }))[0]!
      await sql`update weight_security.read_record set bytes = bytes + 1,
        entry = replace(entry, ${`"bytes":${before.bytes}`}, ${`"bytes":${before.bytes + 1}`})
        where number = ${number}`.execute(db.kysely)
      const { problems } = await auditReads(vault.installation, bulk.records)
      expect(problems[0], `entry ${number}`).toMatch(new RegExp(`read ${number}: it does not follow`))
      await sql`update weight_security.read_record set bytes = ${before.bytes}, entry = ${before.entry}
        where number = ${number}`.execute(db.kysely)
    }
    await sql`update weight_security.read_record set person = 'nobody' where number = 3`.execute(db.kysely)
    expect((await auditReads(vault.installation, bulk.records)).problems).toEqual([
      'read 3: its row says something else than its entry',
      `budgets were charged less than nobody read of ${MODEL}`,
    ])
    await sql`update weight_security.read_record set person = ${holder.person.id} where number = 3`.execute(
      db.kysely,
    )
    // a lease brought back, and room made in a budget
    const gone = await leased()
    await revokeLease(vault.installation, LOCAL, gone)
    await sql`update weight_security.lease set ended_at = null, end_evidence = null where id = ${gone}`.execute(
      db.kysely,
    )
    await sql`update weight_security.egress_used set bytes = bytes - 1`.execute(db.kysely)
    expect((await auditReads(vault.installation, bulk.records)).problems).toEqual([
      `lease ${gone} ended on record, and stands as if it had not`,
      `budgets were charged less than ${holder.person.id} read of ${MODEL}`,
    ])
    await sql`update weight_security.egress_used set bytes = bytes + 1`.execute(db.kysely)
    await revokeLease(vault.installation, LOCAL, gone)
    expect((await auditReads(vault.installation, bulk.records)).problems).toEqual([])
    const lost = (await listReads(db, { limit: 1 }))[0]!
    await sql`delete from weight_security.read_record where number = ${lost.number}`.execute(db.kysely)
    expect((await auditReads(vault.installation, bulk.records)).problems[0]).toMatch(/reads are missing/)
    // and it is not signed over
    await expect(sealReads(vault.installation)).rejects.toMatchObject({ code: 'proof' })
    const { number, at, person, model, bytes, entry, hash } = lost
    await sql`insert into weight_security.read_record (number, at, lease, object, person, model, bytes, entry, hash)
      values (${number}, ${at}, ${lost.lease}, ${lost.object}, ${person}, ${model}, ${bytes}, ${entry}, ${hash})`.execute(
      db.kysely,
    )
    expect(await sealReads(vault.installation)).toHaveLength(1)
  })
})

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
