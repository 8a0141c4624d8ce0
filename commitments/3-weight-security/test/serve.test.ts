import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { chown, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { LOCAL, type Principal, revokeSession } from '@avouch/core/auth'
import type { TestPerson } from '@avouch/core/auth/testing'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { revokeLease } from '../src/access/lease-end.ts'
import type { AccessRequest } from '../src/access/request-store.ts'
import { listLeases } from '../src/access/store.ts'
import { weightEventSchema } from '../src/event.ts'
import type { KeyEncryptionKey } from '../src/kek/kek.ts'
import type { WeightObject } from '../src/object/object.ts'
import { openObject } from '../src/object/open.ts'
import { openToFile } from '../src/object/open-file.ts'
import { readPlaintext } from '../src/object/range.ts'
import { auditReads } from '../src/serve/audit.ts'
import { eventOf } from '../src/serve/entry.ts'
import { readsEvidence } from '../src/serve/evidence.ts'
import { sealReads } from '../src/serve/seal-reads.ts'
import { listReads } from '../src/serve/store.ts'
import { underLease } from '../src/serve/under-lease.ts'
import { ask, sign } from './granted.ts'
import { FULL, MODEL, openServed, plain, type Served, type Way } from './served.ts'
import type { Vault } from './vault.ts'

let vault: Vault
let object: WeightObject
let holder: TestPerson
let approvers: [TestPerson, TestPerson]
let leased: Served['leased']
let open: Served['open']
let read: Served['read']
let entries: Served['entries']
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
  ;({ vault, object, holder, approvers, leased, open, read, entries } = await openServed())
})
afterAll(async () => {
  await vault.close()
  if (disk === undefined) return
  execFileSync('umount', [disk])
  await rm(disk, { recursive: true })
})

/** The lease of a request, once both have signed. */
async function leaseOf(request: AccessRequest): Promise<string> {
  const { installation } = vault
  for (const approver of approvers) await sign(installation, approver, request)
  const all = await listLeases(installation.db, { holder: holder.person.id })
  const made = all.find((lease) => lease.request === request.id)!
  await installation.evidence.logged([made.evidence])
  return made.id
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
