import { randomBytes } from 'node:crypto'
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  beginApproval,
  disablePerson,
  LOCAL,
  recordAccess,
  recordRevocations,
  setRoles,
} from '@avouch/core/auth'
import type { TestPerson } from '@avouch/core/auth/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beginBreakGlass, finishBreakGlass } from '../src/access/break-glass.ts'
import { breakGlassEvidence } from '../src/access/break-glass-evidence.ts'
import { listCases } from '../src/access/break-glass-store.ts'
import { requestEvidence } from '../src/access/evidence.ts'
import { usableLease } from '../src/access/lease.ts'
import { endGroundless } from '../src/access/lease-end.ts'
import { listNotices, seeNotice } from '../src/access/notice.ts'
import { adoptPolicies } from '../src/access/policy/adopt.ts'
import { policyEvidence } from '../src/access/policy/evidence.ts'
import { policyFolder } from '../src/access/policy/files.ts'
import { setProfile } from '../src/access/profile.ts'
import { requestAccess } from '../src/access/request.ts'
import {
  beginCaseReview,
  beginReviewDecisions,
  finishReview,
  nextReview,
  openReview,
} from '../src/access/review.ts'
import { listItems, listReviews } from '../src/access/review-store.ts'
import { findProfile, listLeases } from '../src/access/store.ts'
import { whoCould } from '../src/access/who-could.ts'
import { whoDid } from '../src/access/who-did.ts'
import { knownEvents } from '../src/following/known.ts'
import { sealWeights } from '../src/object/seal-weights.ts'
import { adoptDefaults, ask, employee, grant, sign } from './granted.ts'
import { raceToWrite } from './race.ts'
import { openVault, type Vault } from './vault.ts'

const MODEL = 'example-model@1'
let vault: Vault
let holder: TestPerson
let one: TestPerson
let two: TestPerson

beforeAll(async () => {
  vault = await openVault()
  await adoptDefaults(vault.installation, 'example-model')
  const path = join(vault.dir, 'weights.bin')
  await writeFile(path, randomBytes(20_000))
  await sealWeights(vault.installation, vault.kek, path, { model: MODEL, segmentBytes: 4096 })
  const [red, blue, green] = ['red', 'blue', 'green']
  holder = await employee(vault.installation, red!)
  one = await employee(vault.installation, blue!)
  two = await employee(vault.installation, green!)
})
afterAll(() => vault.close())

const emergency = { model: MODEL, environment: 'evaluation', seconds: 1800 }
const why = { emergency: 'the example service answers nothing, and the night shift is alone' }
const breakGlass = async (whom: TestPerson, given = emergency) => {
  const by = await whom.principal()
  const asking = await beginBreakGlass(vault.installation, by, { ...given, ...why })
  return finishBreakGlass(vault.installation, by, whom.answer(asking))
}

describe('policies in force', () => {
  it('decide who may ask; what they refuse is on record', async () => {
    await expect(
      ask(vault.installation, holder, { model: MODEL, environment: 'production' }),
    ).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('no policy permits it') })
    const [refused] = await vault.installation.evidence.list({
      type: requestEvidence,
      newest: true,
      limit: 1,
    })
    expect(refused?.fields).toMatchObject({ outcome: 'refused', holder: holder.person.id })
    await expect(
      setProfile(vault.installation, await holder.principal(), holder.person.id, {
        ...{ team: 'red', functions: ['weights-approver'], projects: [], environments: [] },
      }),
    ).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('count for the command line too, which asks for others and never approves', async () => {
    const wanted = {
      ...{ model: MODEL, environment: 'evaluation', seconds: 600, purpose: 'evaluation' },
      reason: 'asked for by telephone',
    }
    const asking = (whom: string) => requestAccess(vault.installation, LOCAL, wanted, whom)
    await expect(asking(crypto.randomUUID())).rejects.toThrow(/has enrolled/)
    const whom = await employee(vault.installation, 'red')
    const request = await asking(whom.person.id)
    await expect(beginApproval(vault.installation, LOCAL, request.approval!)).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(sign(vault.installation, whom, request)).rejects.toThrow(/own reading/)
    for (const approver of [one, two]) await sign(vault.installation, approver, request)
    expect(await listLeases(vault.installation.db, { holder: whom.person.id })).toHaveLength(1)
    // and a person asks for nobody else
    const by = await one.principal()
    await expect(requestAccess(vault.installation, by, wanted, whom.person.id)).rejects.toMatchObject({
      code: 'forbidden',
    })
  })

  it('let nobody approve whom the one who asks has appointed', async () => {
    const { installation } = vault
    const boss = await employee(installation, 'violet', ['owner', 'custodian'])
    const friend = await employee(installation, 'violet')
    const moved = {
      ...{
        team: 'amber',
        functions: ['weights-approver'],
        projects: ['example'],
        environments: ['evaluation'],
      },
    }
    await setProfile(installation, await boss.principal(), friend.person.id, moved)
    const request = await ask(installation, boss, { model: MODEL })
    await expect(sign(installation, friend, request)).rejects.toThrow(/nobody appoints their own approvers/)
    // of others' requests the same friend may judge
    await sign(installation, friend, await ask(installation, holder, { model: MODEL }))
  })

  it('let nobody read while a file is broken, changed or gone, and again when it is put back', async () => {
    const [id] = await grant(vault.installation, { holder, approvers: [one, two] }, { model: MODEL })
    await usableLease(vault.installation, id!)
    const folder = policyFolder(vault.installation.config)
    const extra = join(folder, 'extra.cedar')
    await writeFile(extra, 'permit (principal')
    await expect(usableLease(vault.installation, id!)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('changed after they were adopted'),
    })
    await expect(adoptPolicies(vault.installation, LOCAL)).rejects.toMatchObject({
      code: 'input',
      where: 'extra.cedar:1',
    })
    // one whose own cases it answers otherwise is not put in force
    await writeFile(extra, '@id("closed") forbid (principal, action, resource);')
    await expect(adoptPolicies(vault.installation, LOCAL)).rejects.toMatchObject({ code: 'conflict' })
    await rename(extra, join(vault.dir, 'extra.cedar'))
    await usableLease(vault.installation, id!)
    expect((await adoptPolicies(vault.installation, LOCAL)).isNew).toBe(false)
    await rename(folder, `${folder}-gone`)
    await expect(usableLease(vault.installation, id!)).rejects.toMatchObject({ code: 'config' })
    await rename(`${folder}-gone`, folder)
    const adopted = await vault.installation.evidence.list({ type: policyEvidence })
    expect(adopted).toHaveLength(1)
    expect(adopted[0]?.attachments).toHaveLength(1)
  })
})

describe('breaking the glass', () => {
  it('lets one person read at once and briefly, tells everyone who approves, and waits for a review', async () => {
    const made = await breakGlass(holder)
    const [lease] = await listLeases(vault.installation.db, { holder: holder.person.id })
    await vault.installation.evidence.logged([lease!.evidence])
    const usable = await usableLease(vault.installation, lease!.id)
    expect(usable).toMatchObject({ basis: 'break-glass', grantEvidence: made.evidence })
    expect(usable.end.getTime() - usable.start.getTime()).toBe(1_800_000)
    const record = await vault.installation.evidence.get(made.evidence)
    expect(record?.predicateType).toBe(breakGlassEvidence.predicateType)
    expect(record?.signers).toContain(holder.credential.keyid)

    const [notice] = await listNotices(vault.installation.db, one.person.id)
    expect(notice).toMatchObject({ kind: 'break-glass', about: made.id, seenAt: undefined })
    await seeNotice(vault.installation.db, one.person.id, notice!.id, vault.installation.now())
    expect((await listNotices(vault.installation.db, one.person.id))[0]?.seenAt).toBeDefined()
    expect(
      (await listNotices(vault.installation.db, holder.person.id)).filter(
        ({ kind }) => kind === 'break-glass',
      ),
    ).toEqual([])

    const review = async (by: TestPerson) => {
      const principal = await by.principal()
      const found = { outcome: 'justified' as const, words: 'the service was down' }
      const asking = await beginCaseReview(vault.installation, principal, made.id, found)
      await finishReview(vault.installation, principal, by.answer(asking))
    }
    await expect(review(holder)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(review(await employee(vault.installation, 'red'))).rejects.toMatchObject({
      code: 'forbidden',
    })
    await review(one)
    await expect(review(two)).rejects.toMatchObject({ code: 'conflict' })
    expect(await listCases(vault.installation.db, { unreviewed: true })).toEqual([])
  })

  it('is refused to who is not on call, for long, at the command line, and in few words', async () => {
    const other = await employee(vault.installation, 'red', ['custodian'], {
      functions: ['weights-evaluation'],
    })
    await expect(breakGlass(other)).rejects.toThrow(/no policy permits it/)
    await expect(breakGlass(holder, { ...emergency, seconds: 3601 })).rejects.toThrow(/no policy permits it/)
    await expect(breakGlass(holder, { ...emergency, seconds: 86_400 })).rejects.toMatchObject({
      code: 'input',
    })
    await expect(beginBreakGlass(vault.installation, LOCAL, { ...emergency, ...why })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(
      beginBreakGlass(vault.installation, await holder.principal(), { ...emergency, emergency: 'because' }),
    ).rejects.toMatchObject({ code: 'input' })
  })
})

describe('a review of access', () => {
  it('is due at once, then on schedule; decided person by person, and what is removed ends at once', async () => {
    expect(await nextReview(vault.installation)).toBeDefined()
    const mover = await employee(vault.installation, 'red')
    const [id] = await grant(vault.installation, { holder: mover, approvers: [one, two] }, { model: MODEL })
    // two workers find none open at the same moment; one of them opens it
    const races = await raceToWrite(vault.installation, 'weight_security.review', () =>
      openReview(vault.installation),
    )
    expect(races.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(races.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } })
    const [review] = races.flatMap((race) => (race.status === 'fulfilled' ? [race.value] : []))
    if (review === undefined) throw new Error('no review was opened')
    expect(await listReviews(vault.installation.db)).toHaveLength(1)
    expect(await nextReview(vault.installation)).toBeUndefined()
    await expect(openReview(vault.installation)).rejects.toMatchObject({
      ...{ code: 'conflict', fix: expect.stringContaining(`/console/access/reviews/${review.id}`) },
    })
    const items = await listItems(vault.installation.db, review.id)
    expect(items.find(({ person }) => person === mover.person.id)?.access).toMatchObject({ leases: 1 })
    expect((await listNotices(vault.installation.db, one.person.id))[0]).toMatchObject({ kind: 'review-due' })

    const decide = async (by: TestPerson, people: string[]) => {
      const principal = await by.principal()
      const decisions = people.map((person) => ({
        person,
        decision: person === mover.person.id ? ('remove' as const) : ('keep' as const),
        words: 'as their work needs',
      }))
      const asking = await beginReviewDecisions(vault.installation, principal, review.id, decisions)
      return () => finishReview(vault.installation, principal, by.answer(asking))
    }
    await expect(decide(one, [one.person.id])).rejects.toThrow(/own access/)
    const others = items.map(({ person }) => person).filter((person) => person !== one.person.id)
    const stale = await decide(two, [mover.person.id])
    await (await decide(one, others))()
    await expect(stale()).rejects.toMatchObject({ code: 'conflict' })
    expect(await findProfile(vault.installation.db, mover.person.id)).toMatchObject({ functions: [] })
    await expect(usableLease(vault.installation, id!)).rejects.toThrow(/review/)
    expect((await listReviews(vault.installation.db))[0]?.closedAt).toBeUndefined()
    await (await decide(two, [one.person.id]))()
    const [closed] = await listReviews(vault.installation.db)
    expect(closed?.closedAt).toBeDefined()
    const next = await nextReview(vault.installation)
    expect(next?.getTime()).toBe(closed!.openedAt.getTime() + 90 * 86_400_000)
  })
})

describe('who could have read', () => {
  it('is told from what stood in the log then', async () => {
    const before = new Date(vault.installation.now().getTime() - 1)
    const reader = await employee(vault.installation, 'red', ['custodian'], {
      functions: ['weights-evaluation'],
    })
    const [id] = await grant(
      vault.installation,
      { holder: reader, approvers: [one, two] },
      { model: MODEL, segments: [1, 2] },
    )
    const granted = vault.installation.now()
    const at = async (from: Date) => {
      const answer = await whoCould(vault.installation, MODEL, { from, to: new Date(from.getTime() + 1) })
      return answer.people.find(({ person }) => person === reader.person.id)
    }
    expect(await at(before)).toBeUndefined()
    expect(await at(granted)).toMatchObject({
      leases: [{ lease: id, segments: [1, 2], environment: 'evaluation', basis: 'grant' }],
      alone: [],
      byAsking: ['evaluation'],
    })
    const lasting = await employee(vault.installation, 'red')
    await setRoles(vault.installation, lasting.person.id, ['reader'], recordAccess(vault.installation, LOCAL))
    await disablePerson(vault.installation, reader.person.id)
    await recordRevocations(vault.installation)
    await endGroundless(vault.installation)
    const recorded = await vault.installation.evidence.list({ newest: true, limit: 10 })
    await vault.installation.evidence.logged(recorded.map((record) => record.id))
    const after = new Date(vault.installation.now().getTime() + 1000)
    expect(await at(after)).toBeUndefined()
    const all = await whoCould(vault.installation, MODEL, { from: after, to: new Date(after.getTime() + 1) })
    expect(all.people.find(({ person }) => person === lasting.person.id)).toMatchObject({
      alone: ['evaluation'],
    })
    expect(all.evidence.notLogged).toBe(0)
    // what the detector is told of it
    const known = []
    for await (const page of (await knownEvents(vault.installation.db, { from: before, to: granted })).events)
      known.push(...page)
    expect(known.filter(({ lease }) => lease === id)).toMatchObject([
      { action: 'request', person: reader.person.id, outcome: 'granted' },
      ...[one, two].map(({ person }) => ({
        ...{ action: 'approve', person: person.id, subject: reader.person.id },
      })),
    ])
    // another model, of no project
    const none = await whoCould(vault.installation, 'other-model@1', { from: before, to: after })
    expect(none.people).toEqual([])
    expect(await whoDid(vault.installation, MODEL, { from: before, to: after })).toMatchObject({
      reads: [],
      withoutLease: [],
    })
  })
})

describe('a broken glass', () => {
  it('is not done again and again by one person while nobody looks at it', async () => {
    const night = await employee(vault.installation, 'ochre')
    for (let n = 0; n < 3; n++) await breakGlass(night)
    await expect(breakGlass(night)).rejects.toThrow(/nobody has looked at the 3 glasses/)
    const [last] = await listCases(vault.installation.db, { unreviewed: true })
    const by = await two.principal()
    const asking = await beginCaseReview(vault.installation, by, last!.id, {
      ...{ outcome: 'justified', words: 'the pager says the same' },
    })
    const ofLast = async () =>
      (await listLeases(vault.installation.db, { holder: night.person.id })).filter(
        ({ break_glass }) => break_glass === last!.id,
      )
    const [live] = await ofLast()
    expect(live).toMatchObject({ ended_at: null })
    await finishReview(vault.installation, by, two.answer(asking))
    // nothing is read under a glass that was looked at already
    expect(await ofLast()).toMatchObject([{ end_reason: 'review', ended_by: two.person.id }])
    await expect(usableLease(vault.installation, live!.id)).rejects.toThrow(/has ended/)
    await breakGlass(night)
  })
})
