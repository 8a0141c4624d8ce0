import { verifyEnvelope } from '@avouch/verify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadConfig } from '../config.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { evidenceMigrations } from '../evidence/migrations.ts'
import { openRecorder, type Recorder } from '../evidence/recorder.ts'
import { decisionEvidence, holdEvidence, holdLiftedEvidence } from '../gate/evidence.ts'
import { keyEvidence } from '../log/keys.ts'
import { logMigrations } from '../log/migrations.ts'
import { testDatabase } from '../testing/index.ts'
import { accessEvidence, recordAccess, recordRevocations } from './access.ts'
import { beginApproval, finishApproval, listApprovals, requestApproval } from './approval.ts'
import { certify } from './credential.ts'
import { authMigrations } from './migrations.ts'
import { disablePerson, getPerson, setRoles } from './people.ts'
import { LOCAL, type Principal } from './principal.ts'
import { requestRetraction } from './retraction.ts'
import { beginSignedEvidence, finishSignedEvidence } from './signed-evidence.ts'
import type { AuthContext } from './store.ts'
import { type TestPerson, testPerson } from './testing.ts'

let db: Database
let evidence: Recorder
let context: AuthContext & { evidence: Recorder }
let clock = Date.parse('2026-01-01T00:00:00Z')

beforeAll(async () => {
  db = await testDatabase([logMigrations, evidenceMigrations, authMigrations])
  const config = loadConfig({ AVOUCH_URL: 'https://avouch.example.com' })
  const now = () => new Date(clock)
  evidence = openRecorder(db, { origin: 'example.com/log', now, writable: () => {} })
  context = { db, config, now, evidence }
})
afterAll(() => db.close())

const lead = () => testPerson(context, ['release-lead'], certify(context, 'added'))
const lift = (hold = 'e1') => ({
  act: 'hold/lift',
  summary: 'Lift the hold: the cause was mended',
  draft: { type: holdLiftedEvidence, fields: { hold, reason: 'mended' }, about: { release: 'example@1' } },
})
const approve = async (person: TestPerson, id: string) => {
  const by = await person.principal()
  return finishApproval(context, by, id, person.answer(await beginApproval(context, by, id)))
}

describe('an approval by two people', () => {
  it('records the evidence under both signatures, and not before', async () => {
    const [asker, one, two] = await Promise.all([lead(), lead(), lead()])
    const request = await requestApproval(context, await asker.principal(), lift())
    await expect(approve(asker, request.id)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await approve(one, request.id)).approvedAt).toBeUndefined()
    await expect(approve(one, request.id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await evidence.get(request.evidence)).toBeUndefined()

    const approved = await approve(two, request.id)
    expect(approved.approvedAt).toEqual(new Date(clock))
    const record = await evidence.get(request.evidence)
    expect(record?.digest).toBe(request.digest)
    expect(new Set(record?.signers)).toEqual(new Set([one.credential.keyid, two.credential.keyid]))
    await expect(approve(await lead(), request.id)).rejects.toMatchObject({ code: 'conflict' })

    const { rows } = await db.pool.query<{ statement: Buffer; signatures: { keyid: string; sig: string }[] }>(
      'select statement, signatures from evidence.record where id = $1',
      [request.evidence],
    )
    const keys = [one, two].map((it) => ({ algorithm: 'webauthn-es256' as const, ...it.credential }))
    const signers = await verifyEnvelope(
      {
        payloadType: 'application/vnd.in-toto+json',
        payload: new Uint8Array(rows[0]!.statement),
        signatures: rows[0]!.signatures.map(({ keyid, sig }) => ({
          keyid,
          sig: new Uint8Array(Buffer.from(sig, 'base64')),
        })),
      },
      keys,
    )
    expect(signers).toHaveLength(2)
    expect((await evidence.list({ type: keyEvidence })).map((r) => r.fields.keyid)).toContain(
      one.credential.keyid,
    )
  })

  it('is given by people with the permission alone', async () => {
    const request = await requestApproval(context, LOCAL, lift('e2'))
    const key: Principal = {
      kind: 'key',
      person: (await lead()).person,
      key: { id: 'k', name: 'k', scopes: ['*:*'] },
    }
    for (const by of [LOCAL, key, await (await testPerson(context, ['reader'])).principal()])
      await expect(beginApproval(context, by, request.id)).rejects.toMatchObject({ code: 'forbidden' })
    expect((await listApprovals(context)).find((it) => it.id === request.id)?.approvals).toEqual([])
  })

  it('lapses after a week, and takes at least two', async () => {
    await expect(requestApproval(context, LOCAL, { ...lift('e3'), needed: 1 })).rejects.toMatchObject({
      code: 'input',
    })
    const request = await requestApproval(context, LOCAL, lift('e3'))
    clock += 7 * 86_400_000
    await expect(approve(await lead(), request.id)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('gives the last signature only where what follows happens', async () => {
    const [one, two] = await Promise.all([lead(), lead()])
    const request = await requestApproval(context, LOCAL, lift('e4'))
    await approve(one, request.id)
    const by = await two.principal()
    const answer = two.answer(await beginApproval(context, by, request.id))
    const broken = finishApproval(context, by, request.id, answer, {
      onAccepted: async () => {
        throw new Error('disk')
      },
    })
    await expect(broken).rejects.toThrow('disk')
    expect(await evidence.get(request.evidence)).toBeUndefined()
    expect((await approve(two, request.id)).approvedAt).toBeDefined()
  })

  it('asks the act whether this person may, at the beginning and again with the request locked', async () => {
    const one = await lead()
    const request = await requestApproval(context, LOCAL, lift('e6'))
    const asked: boolean[] = []
    let allowed = false
    const act = {
      check: async (_: unknown, by: { id: string }, tx?: unknown) => {
        asked.push(tx !== undefined)
        if (!allowed) throw new AvouchError('forbidden', by.id)
      },
    }
    const by = await one.principal()
    await expect(beginApproval(context, by, request.id, act)).rejects.toThrow(one.person.id)
    allowed = true
    const answer = one.answer(await beginApproval(context, by, request.id, act))
    allowed = false
    await expect(finishApproval(context, by, request.id, answer, act)).rejects.toThrow(one.person.id)
    expect(asked).toEqual([false, false, true])
    expect((await listApprovals(context)).find((it) => it.id === request.id)?.approvals).toEqual([])
  })

  it('counts two who sign at the same moment once each', async () => {
    const [one, two] = await Promise.all([lead(), lead()])
    const request = await requestApproval(context, LOCAL, lift('e5'))
    const results = await Promise.allSettled([approve(one, request.id), approve(two, request.id)])
    expect(results.map((it) => it.status)).toEqual(['fulfilled', 'fulfilled'])
    expect(await evidence.get(request.evidence)).toBeDefined()
  })

  it('takes evidence back', async () => {
    const accepted = await db.kysely
      .transaction()
      .execute((tx) =>
        evidence.accept(tx, { type: holdEvidence, fields: { reason: 'x' }, about: { release: 'example@1' } }),
      )
    const asker = await lead()
    const request = await requestRetraction(
      context,
      await asker.principal(),
      accepted.id,
      'recorded by mistake',
    )
    await approve(await lead(), request.id)
    await approve(await lead(), request.id)
    expect((await evidence.get(accepted.id))?.retractedBy).toBe(request.evidence)
    await expect(requestRetraction(context, LOCAL, accepted.id, 'again')).rejects.toMatchObject({
      code: 'conflict',
    })
    await expect(requestRetraction(context, LOCAL, crypto.randomUUID(), 'x')).rejects.toMatchObject({
      code: 'not-found',
    })
  })
})

describe('evidence that one person signs', () => {
  const decision = {
    type: decisionEvidence,
    fields: {
      decision: 'hold' as const,
      reason: 'not yet',
      verdict: '0'.repeat(64),
      ready: false,
      waivers: [],
      decidedBy: 'person' as const,
    },
    about: { release: 'example@1' },
  }

  it('stands under their key, once, and only as what was begun', async () => {
    const person = await lead()
    const by = await person.principal()
    const asking = await beginSignedEvidence(context, by, decision)
    expect(JSON.parse(asking.statement)).toMatchObject({ predicateType: decisionEvidence.predicateType })
    await expect(
      finishSignedEvidence(context, by, holdEvidence.predicateType, person.answer(asking)),
    ).rejects.toMatchObject({ code: 'unauthenticated' })

    const again = await beginSignedEvidence(context, by, decision)
    const other = await lead()
    await expect(
      finishSignedEvidence(
        context,
        await other.principal(),
        decisionEvidence.predicateType,
        other.answer(again),
      ),
    ).rejects.toMatchObject({ code: 'unauthenticated' })

    const third = person.answer(await beginSignedEvidence(context, by, decision))
    const { id } = await finishSignedEvidence(context, by, decisionEvidence.predicateType, third)
    expect((await evidence.get(id))?.signers).toEqual([person.credential.keyid])
    await expect(
      finishSignedEvidence(context, by, decisionEvidence.predicateType, third),
    ).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    await expect(beginSignedEvidence(context, LOCAL, decision)).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('access', () => {
  it('that is given becomes evidence with it, and what is taken acts first', async () => {
    const person = await lead()
    const owner = await testPerson(context, ['owner'])
    const by = await owner.principal()
    await setRoles(context, person.person.id, ['reader'], recordAccess(context, by))
    const [given] = await evidence.list({ type: accessEvidence, newest: true, limit: 1 })
    expect(given?.fields).toEqual({
      change: 'roles-set',
      person: person.person.id,
      granted: ['reader'],
      by: owner.person.id,
    })

    const stopped = {
      ...context,
      evidence: { ...evidence, accept: () => Promise.reject(new Error('read-only')) },
    }
    await expect(setRoles(context, person.person.id, ['auditor'], recordAccess(stopped, by))).rejects.toThrow(
      'read-only',
    )
    expect((await getPerson(context, person.person.id)).roles).toEqual(['reader'])

    await disablePerson(context, person.person.id, by)
    await expect(recordRevocations(stopped)).rejects.toThrow('read-only')
    expect((await getPerson(context, person.person.id)).state).toBe('disabled')
    expect(await recordRevocations(context)).toBe(2)
    expect(await recordRevocations(context)).toBe(0)
    const [taken] = await evidence.list({ type: accessEvidence, newest: true, limit: 1 })
    expect(taken?.fields).toMatchObject({ change: 'disabled', by: owner.person.id })
    const [revoked] = await evidence.list({ type: keyEvidence, newest: true, limit: 1 })
    expect(revoked?.fields).toMatchObject({ action: 'revoked', keyid: person.credential.keyid })
  })
})
