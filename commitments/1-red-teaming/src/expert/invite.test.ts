import { beginEnrolment, certify, finishEnrolment, LOCAL, listPeople, relyingParty } from '@avouch/core/auth'
import { softwareAuthenticator } from '@avouch/core/auth/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTestInstallation, staff, type TestInstallation } from '../testing.ts'
import { expertEvidence, invitationEvidence } from './evidence.ts'
import { endInvitationEarly, inviteExpert } from './invite.ts'
import { beginRecord, expertOf, finishRecord, recordOf } from './record.ts'
import { findExpert } from './store.ts'
import { type EnrolledExpert, enrolExpert, exampleInvitation, exampleRecord, signRecord } from './testing.ts'
import { viewExperts } from './view.ts'

let installation: TestInstallation
beforeAll(async () => {
  installation = await openTestInstallation()
})
afterAll(() => installation.close())

const draft = () => exampleInvitation(installation)

describe('an invitation', () => {
  it('makes a person who may do nothing but test, until its end, and is evidence that names nobody', async () => {
    const { invitation, link } = await inviteExpert(installation, LOCAL, ...draft())
    const person = (await listPeople(installation)).find(({ id }) => id === link?.person.id)
    expect(person).toMatchObject({ roles: ['expert'], state: 'invited', until: invitation.endsAt })
    const recorded = (await installation.evidence.get(invitation.evidence))!
    expect(installation.evidence.read(invitationEvidence, recorded)).toMatchObject({
      expert: invitation.expert,
      domains: ['cyber'],
      hoursAgreed: 8,
      endedEarly: false,
    })
    const text = JSON.stringify(recorded)
    expect(text).not.toContain(link!.person.id)
    expect(text).not.toContain(link!.person.name)
    expect(text).not.toContain(invitation.target.url)
  })

  it('is refused with an end in the past or far away, no domain, a world that there is not or that it could not act in, or a model that cannot be asked', async () => {
    const [good, asked] = draft()
    const refused = (change: object, target: object = {}) =>
      expect(
        inviteExpert(
          installation,
          LOCAL,
          { ...good, ...change },
          { ...asked, target: { ...asked.target, ...target } },
        ),
      ).rejects
    const people = (await listPeople(installation)).length
    await refused({ endsAt: new Date(installation.clock.at) }).toMatchObject({ code: 'input' })
    await refused({ endsAt: new Date(installation.clock.at + 400 * 86_400_000) }).toMatchObject({
      code: 'input',
    })
    await refused({ domains: [] }).toMatchObject({ code: 'input' })
    await refused({ worlds: ['bank'] }).toMatchObject({ code: 'input', where: 'worlds' })
    await refused({ worlds: ['office'] }, { adapter: 'http' }).toThrow('offers a model no tools')
    await refused({}, { allowPrivate: false, url: 'http://127.0.0.1:1/v1' }).toMatchObject({
      code: 'forbidden',
    })
    await refused({ person: '00000000-0000-4000-8000-000000000000' }).toMatchObject({ code: 'not-found' })
    expect((await listPeople(installation)).length).toBe(people)
  })

  it('ended early lets the expert in no more, unless another stands', async () => {
    const expert = await enrolExpert(installation)
    const [again, asked] = draft()
    const second = await inviteExpert(
      installation,
      LOCAL,
      { ...again, endsAt: new Date(installation.clock.at + 5 * 86_400_000), person: expert.person.id },
      asked,
    )
    expect(second.link).toBeUndefined()
    await endInvitationEarly(installation, expert.invitation.id)
    expect(await expert.principal()).toMatchObject({ person: { until: second.invitation.endsAt } })
    const recorded = (await installation.evidence.list({ type: invitationEvidence })).at(-1)!
    expect(recorded).toMatchObject({ fields: { endedEarly: true }, supersedes: expert.invitation.evidence })
    await endInvitationEarly(installation, second.invitation.id)
    await expect(expert.principal()).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(endInvitationEarly(installation, second.invitation.id)).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('that nobody opened in time opens no more', async () => {
    const { link, invitation } = await inviteExpert(
      installation,
      LOCAL,
      {
        ...draft()[0],
        endsAt: new Date(installation.clock.at + 60_000),
      },
      draft()[1],
    )
    const begun = await beginEnrolment(installation, { invitation: link!.token })
    const response = softwareAuthenticator(relyingParty(installation.config).origin).create(begun.options)
    installation.clock.at = invitation.endsAt.getTime()
    await expect(
      finishEnrolment(
        installation,
        { ceremony: begun.ceremony, response, label: 'x' },
        certify(installation, 'added'),
      ),
    ).rejects.toMatchObject({ code: 'unauthenticated' })
  })
})

describe('an expert’s record', () => {
  let expert: EnrolledExpert
  beforeAll(async () => {
    expert = await enrolExpert(installation)
  })

  it('is signed by their own passkey, and keeps what tells who they are out of the open', async () => {
    const { id } = await signRecord(installation, expert)
    await installation.evidence.logged([id])
    const record = (await installation.evidence.get(id))!
    expect(record.signers).toContain(expert.credential.keyid)
    expect(record.signers).toHaveLength(2)
    const { rows } = await installation.db.pool.query<{ statement: Buffer }>(
      'select statement from evidence.record where id = $1',
      [id],
    )
    const statement = rows[0]!.statement.toString('utf8')
    expect(JSON.parse(statement).predicate.fields).toEqual({
      expert: expert.invitation.expert,
      named: 'pseudonym',
      pseudonym: 'Example Expert 7',
      domains: ['cyber'],
      independent: true,
    })
    for (const secret of ['Example University', 'software security', expert.person.id])
      expect(statement).not.toContain(secret)
    expect(installation.evidence.read(expertEvidence, record).affiliation).toBe('Example University')
  })

  it('supersedes the one before, and says when they are no longer independent', async () => {
    const before = (await findExpert(installation.db, { id: expert.invitation.expert }))!.record
    const { id } = await signRecord(installation, expert, {
      independence: { ...exampleRecord.independence, equity: true },
    })
    expect(await installation.evidence.get(id)).toMatchObject({
      supersedes: before,
      fields: { independent: false },
    })
    const [view] = (await viewExperts(installation)).filter((one) => one.id === expert.invitation.expert)
    expect(view?.record).toMatchObject({ evidence: id, independent: false })
    expect(JSON.stringify(view)).not.toContain('127.0.0.1')
  })

  it('is for experts alone, and each for their own', async () => {
    const owner = await staff(installation, 'owner')
    await expect(expertOf(installation, await owner.principal())).rejects.toMatchObject({ code: 'forbidden' })
    await expect(expertOf(installation, LOCAL)).rejects.toMatchObject({ code: 'forbidden' })
    const other = await enrolExpert(installation)
    const begun = await beginRecord(installation, await expert.principal(), exampleRecord)
    await expect(
      finishRecord(installation, await other.principal(), other.answer(begun)),
    ).rejects.toMatchObject({ code: 'unauthenticated' })
    expect(
      await recordOf(installation, await expertOf(installation, await other.principal())),
    ).toBeUndefined()
  })
})
