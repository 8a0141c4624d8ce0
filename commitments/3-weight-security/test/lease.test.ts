import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  beginApproval,
  disablePerson,
  finishApproval,
  LOCAL,
  listPasskeys,
  recordAccess,
  revokePasskey,
  revokeSession,
  setRoles,
} from '@avouch/core/auth'
import type { TestPerson } from '@avouch/core/auth/testing'
import { proofBundle, publishCheckpoint } from '@avouch/core/log'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { trustClock } from '../src/access/clock.ts'
import { closeRequest } from '../src/access/close-request.ts'
import { leaseEndEvidence } from '../src/access/evidence.ts'
import { grantAct } from '../src/access/grant.ts'
import { usableLease } from '../src/access/lease.ts'
import { endGroundless, revokeLease } from '../src/access/lease-end.ts'
import { adoptPolicies } from '../src/access/policy/adopt.ts'
import { policyFolder } from '../src/access/policy/files.ts'
import { setProfile } from '../src/access/profile.ts'
import { findRequest } from '../src/access/request-store.ts'
import { findLease, listLeases, setLatestMoment } from '../src/access/store.ts'
import type { WeightObject } from '../src/object/object.ts'
import { sealWeights } from '../src/object/seal-weights.ts'
import { adoptDefaults, ask, employee, grant, sign } from './granted.ts'
import { openVault, type Vault } from './vault.ts'

const MODEL = 'example-model@1'
let vault: Vault
let object: WeightObject
let holder: TestPerson
let one: TestPerson
let two: TestPerson
const now = (): Date => vault.installation.now()
const later = (seconds: number): Date => new Date(now().getTime() + 1000 * seconds)
const profile = { team: 'red', functions: [], projects: [], environments: [] }

beforeAll(async () => {
  vault = await openVault()
  await adoptDefaults(vault.installation, 'example-model')
  const path = join(vault.dir, 'weights.bin')
  await writeFile(path, randomBytes(20_000))
  const sealed = await sealWeights(vault.installation, vault.kek, path, { model: MODEL, segmentBytes: 4096 })
  object = sealed[0]!.object
  ;[holder, one, two] = await Promise.all([
    employee(vault.installation, 'red'),
    employee(vault.installation, 'blue'),
    employee(vault.installation, 'green'),
  ])
})
afterAll(() => vault.close())

const granted = async (whom: TestPerson, wanted = {}): Promise<string> =>
  (await grant(vault.installation, { holder: whom, approvers: [one, two] }, { model: MODEL, ...wanted }))[0]!

describe('a lease', () => {
  it('is usable from the second signature to its end, and says what it is for', async () => {
    const id = await granted(holder, { segments: [1, 3] })
    const lease = await usableLease(vault.installation, id)
    expect(lease).toMatchObject({
      object: object.id,
      objectDigest: object.digest,
      segments: [1, 3],
      holder: holder.person.id,
      environment: 'evaluation',
      basis: 'grant',
    })
    const request = await findRequest(vault.installation.db, {
      id: (await findLease(vault.installation.db, id))!.request!,
    })
    expect(request?.state).toBe('granted')
    expect(lease.start).toEqual(request?.decidedAt)
    expect(lease.end.getTime() - lease.start.getTime()).toBe(3_600_000)
    await expect(usableLease(vault.installation, id, later(3700))).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('ended at'),
    })
    await expect(usableLease(vault.installation, id, later(-7200))).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('set back'),
    })
    await expect(usableLease(vault.installation, crypto.randomUUID())).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(usableLease(vault.installation, 'no lease')).rejects.toMatchObject({ code: 'forbidden' })
    // a clock that had run ahead and is right again
    await expect(trustClock(vault.installation, 'nothing was wrong')).rejects.toMatchObject({
      code: 'conflict',
    })
    await setLatestMoment(vault.installation.db, later(86_400))
    await expect(usableLease(vault.installation, id)).rejects.toThrow(/set back/)
    await trustClock(vault.installation, 'the machine began with a wrong date')
    await usableLease(vault.installation, id)
    // its evidence can be shown to others
    const bundle = await proofBundle(vault.installation, [{ id: lease.grantEvidence, pointers: 'all' }])
    expect(bundle.evidence).toHaveLength(1)
  })

  it('is not usable where the stored row says more than the log', async () => {
    const id = await granted(holder, { segments: [0, 0] })
    await sql`update weight_security.lease set last_segment = 4 where id = ${id}`.execute(
      vault.installation.db.kysely,
    )
    await expect(usableLease(vault.installation, id)).rejects.toMatchObject({ code: 'proof' })
    await sql`update weight_security.lease set last_segment = 0, ends_at = ends_at + interval '1 day'
      where id = ${id}`.execute(vault.installation.db.kysely)
    await expect(usableLease(vault.installation, id)).rejects.toMatchObject({ code: 'proof' })
    // a grant that never was
    await sql`update weight_security.lease set ends_at = ends_at - interval '1 day',
      grant_evidence = ${object.evidence} where id = ${id}`.execute(vault.installation.db.kysely)
    await expect(usableLease(vault.installation, id)).rejects.toMatchObject({ code: 'proof' })
    await sql`update weight_security.lease set grant_evidence = ${crypto.randomUUID()} where id = ${id}`.execute(
      vault.installation.db.kysely,
    )
    await expect(usableLease(vault.installation, id)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('that has ended cannot be brought back by whoever writes only to the database', async () => {
    const { installation } = vault
    const { kysely } = installation.db
    const id = await granted(holder)
    await revokeLease(installation, LOCAL, id)
    const evidence = (await findLease(installation.db, id))!.end_evidence!
    await sql`update weight_security.lease set ended_at = null, end_reason = null, ended_by = null,
      end_evidence = null, end_marked_at = null where id = ${id}`.execute(kysely)
    await expect(usableLease(installation, id)).rejects.toMatchObject({
      code: 'proof',
      message: expect.stringContaining('has ended'),
    })
    // nor by taking what ended it out of the record too
    await sql`delete from evidence.record where id = ${evidence}`.execute(kysely)
    await expect(usableLease(installation, id)).rejects.toMatchObject({ code: 'proof' })
    // what could not be marked is marked later
    const other = await granted(holder)
    const blobs = { ...installation.blobs, put: () => Promise.reject(new Error('the disk is full')) }
    await revokeLease({ ...installation, blobs }, LOCAL, other)
    await expect(usableLease(installation, other)).rejects.toThrow(/revoked/)
    await endGroundless(installation)
    await sql`update weight_security.lease set ended_at = null where id = ${other}`.execute(kysely)
    await expect(usableLease(installation, other)).rejects.toMatchObject({ code: 'proof' })
  })

  it('ends at once, for good and on record, with revocation, role, session or holder', async () => {
    const ends: [string, RegExp, (whom: TestPerson) => Promise<unknown>][] = [
      [
        'revoked',
        /revoked/,
        async (whom) => {
          const [lease] = await listLeases(vault.installation.db, { holder: whom.person.id })
          await revokeLease(vault.installation, LOCAL, lease!.id)
        },
      ],
      [
        'role-change',
        /role changed/,
        async (whom) => {
          await setProfile(vault.installation, LOCAL, whom.person.id, { ...profile, team: 'elsewhere' })
          await setProfile(vault.installation, LOCAL, whom.person.id, profile)
        },
      ],
      [
        'role-change',
        /role changed/,
        async (whom) => {
          await setRoles(
            vault.installation,
            whom.person.id,
            ['reader'],
            recordAccess(vault.installation, LOCAL),
          )
        },
      ],
      ['session-end', /session/, (whom) => revokeSession(vault.installation, whom.person.id)],
      ['left', /no longer here/, (whom) => disablePerson(vault.installation, whom.person.id)],
    ]
    for (const [reason, said, act] of ends) {
      const whom = await employee(vault.installation, 'red')
      const id = await granted(whom, { endsWithSession: reason === 'session-end' })
      await usableLease(vault.installation, id)
      await act(whom)
      await expect(usableLease(vault.installation, id)).rejects.toThrow(said)
      await endGroundless(vault.installation)
      const row = await findLease(vault.installation.db, id)
      expect(row).toMatchObject({ end_reason: reason })
      const record = await vault.installation.evidence.get(row!.end_evidence!)
      expect(record?.predicateType).toBe(leaseEndEvidence.predicateType)
      expect(record?.fields).toMatchObject({ lease: id, reason })
    }
  })
})

describe('a company that wants grants to be published first', () => {
  it('has its leases wait for that', async () => {
    const { installation } = vault
    const path = join(policyFolder(installation.config), 'access.yaml')
    const before = await readFile(path, 'utf8')
    const adopt = async (text: string): Promise<void> => {
      await writeFile(path, text)
      await adoptPolicies(installation, LOCAL)
    }
    await adopt(before.replace('proof: signed', 'proof: published'))
    const id = await granted(holder)
    await expect(usableLease(installation, id)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('as it is published'),
    })
    await publishCheckpoint(installation)
    await usableLease(installation, id)
    await adopt(before.replace('proof: signed', 'proof: witnessed'))
    await expect(usableLease(installation, id)).rejects.toThrow(/as it is witnessed/)
    await adopt(before)
    await usableLease(installation, await granted(holder))
  })
})

describe('approving', () => {
  it('is refused to who asks, to their team, to who is on no known team, and to rings', async () => {
    const [asker, mate, stranger] = await Promise.all([
      employee(vault.installation, 'red'),
      employee(vault.installation, 'red'),
      employee(vault.installation, 'violet'),
    ])
    await sql`delete from weight_security.profile where person = ${stranger.person.id}`.execute(
      vault.installation.db.kysely,
    )
    const request = await ask(vault.installation, asker, { model: MODEL })
    await expect(sign(vault.installation, asker, request)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(sign(vault.installation, mate, request)).rejects.toThrow(/on the team/)
    await expect(sign(vault.installation, stranger, request)).rejects.toThrow(/whose team/)
    // asked at the command line, in somebody's name
    expect(await listLeases(vault.installation.db, { holder: asker.person.id })).toEqual([])

    const [a, b, c] = await Promise.all(
      ['team-a', 'team-b', 'team-c'].map((team) => employee(vault.installation, team)),
    )
    await sign(vault.installation, a!, await ask(vault.installation, b!, { model: MODEL }))
    const back = await ask(vault.installation, a!, { model: MODEL })
    await expect(sign(vault.installation, b!, back)).rejects.toThrow(/ring: 2 people/)
    await sign(vault.installation, c!, back)
    const third = await ask(vault.installation, c!, { model: MODEL })
    await expect(sign(vault.installation, b!, third)).rejects.toThrow(/ring: 3 people/)
    // signatures on what was withdrawn make no ring
    await closeRequest(vault.installation, back.id, 'withdrawn', 'not needed any more')
    await sign(vault.installation, b!, third)
  })

  it('gives no second lease for one request, and none that was withdrawn or whose asker changed', async () => {
    const whom = await employee(vault.installation, 'red')
    const request = await ask(vault.installation, whom, { model: MODEL })
    await sign(vault.installation, one, request)
    await expect(sign(vault.installation, one, request)).rejects.toMatchObject({ code: 'conflict' })
    await closeRequest(vault.installation, request.id, 'refused', 'not this week')
    await expect(sign(vault.installation, two, request)).rejects.toThrow(/has lapsed/)
    await expect(closeRequest(vault.installation, request.id, 'withdrawn', 'too late')).rejects.toMatchObject(
      {
        code: 'conflict',
      },
    )

    const moved = await ask(vault.installation, whom, { model: MODEL })
    await sign(vault.installation, one, moved)
    await setProfile(vault.installation, LOCAL, whom.person.id, { ...profile, team: 'moved' })
    await expect(sign(vault.installation, two, moved)).rejects.toThrow(/role .* has changed/)
    expect(await listLeases(vault.installation.db, { holder: whom.person.id })).toEqual([])
  })

  it('counts no approver who lost passkey or standing since', async () => {
    const [whom, weak, third] = await Promise.all([
      employee(vault.installation, 'red'),
      employee(vault.installation, 'yellow'),
      employee(vault.installation, 'orange'),
    ])
    const request = await ask(vault.installation, whom, { model: MODEL })
    await sign(vault.installation, weak, request)
    const [passkey] = await listPasskeys(vault.installation, weak.person.id)
    await revokePasskey(vault.installation, weak.person.id, passkey!.id)
    await expect(sign(vault.installation, third, request)).rejects.toThrow(/passkey .* revoked/)

    const again = await ask(vault.installation, whom, { model: MODEL })
    const [former] = [await employee(vault.installation, 'brown')]
    await sign(vault.installation, former, again)
    await setRoles(vault.installation, former.person.id, ['reader'])
    await expect(sign(vault.installation, third, again)).rejects.toThrow(/no longer approve/)
    expect(await listLeases(vault.installation.db, { holder: whom.person.id })).toEqual([])
  })

  it('that races a revocation leaves no usable lease, whoever comes first', async () => {
    for (let round = 0; round < 4; round++) {
      const whom = await employee(vault.installation, 'red')
      const request = await ask(vault.installation, whom, { model: MODEL })
      await sign(vault.installation, one, request)
      const by = await two.principal()
      const act = grantAct(vault.installation)
      const answer = two.answer(await beginApproval(vault.installation, by, request.approval!, act))
      const revoke =
        round % 2 === 0
          ? () => disablePerson(vault.installation, whom.person.id)
          : () => setProfile(vault.installation, LOCAL, whom.person.id, { ...profile, team: 'gone' })
      const finish = () => finishApproval(vault.installation, by, request.approval!, answer, act)
      const both = round < 2 ? [finish(), revoke()] : [revoke(), finish()]
      await Promise.allSettled(both)
      for (const { id } of await listLeases(vault.installation.db, { holder: whom.person.id }))
        await expect(usableLease(vault.installation, id)).rejects.toMatchObject({ code: 'forbidden' })
      await endGroundless(vault.installation)
      const left = await listLeases(vault.installation.db, { holder: whom.person.id, liveAt: now() })
      expect(left).toEqual([])
    }
  })

  it('by both at the moment of a revocation leaves none either', async () => {
    const { installation } = vault
    const act = grantAct(installation)
    for (let round = 0; round < 4; round++) {
      const whom = await employee(installation, 'red')
      const request = await ask(installation, whom, { model: MODEL })
      const finishes = []
      for (const approver of [one, two]) {
        const by = await approver.principal()
        const answer = approver.answer(await beginApproval(installation, by, request.approval!, act))
        finishes.push(() => finishApproval(installation, by, request.approval!, answer, act))
      }
      const revoke = (): Promise<unknown> =>
        round < 2
          ? setProfile(installation, LOCAL, whom.person.id, { ...profile, team: 'gone' })
          : closeRequest(installation, request.id, 'withdrawn', 'not needed any more')
      const [first, second] = finishes as [() => Promise<unknown>, () => Promise<unknown>]
      const done = await Promise.allSettled(
        round % 2 === 0 ? [first(), second(), revoke()] : [revoke(), first(), second()],
      )
      const leases = await listLeases(installation.db, { holder: whom.person.id })
      expect(leases.length).toBeLessThanOrEqual(1)
      // a request that was granted first is no longer to be withdrawn, and all else leaves nothing to read with
      if (round < 2 || done[round % 2 === 0 ? 2 : 0]!.status === 'fulfilled') {
        for (const { id } of leases)
          await expect(usableLease(installation, id)).rejects.toMatchObject({ code: 'forbidden' })
        await endGroundless(installation)
        expect(await listLeases(installation.db, { holder: whom.person.id, liveAt: now() })).toEqual([])
      }
    }
  })

  it('twice at the same moment counts once', async () => {
    const whom = await employee(vault.installation, 'red')
    const request = await ask(vault.installation, whom, { model: MODEL })
    const act = grantAct(vault.installation)
    const by = await one.principal()
    const answers = []
    for (let n = 0; n < 2; n++)
      answers.push(one.answer(await beginApproval(vault.installation, by, request.approval!, act)))
    const done = await Promise.allSettled(
      answers.map((answer) => finishApproval(vault.installation, by, request.approval!, answer, act)),
    )
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await Promise.allSettled([sign(vault.installation, two, request), sign(vault.installation, two, request)])
    expect(await listLeases(vault.installation.db, { holder: whom.person.id })).toHaveLength(1)
  })
})
