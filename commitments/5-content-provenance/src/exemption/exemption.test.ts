import { beginApproval, certify, finishApproval, LOCAL, type Role } from '@avouch/core/auth'
import { type TestPerson, testPerson } from '@avouch/core/auth/testing'
import { gate } from '@avouch/core/gate'
import type { OpenInstallation } from '@avouch/core/open'
import Fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exemptionEvidence } from '../evidence.ts'
import commitment from '../index.ts'
import { type Marking, openMarking } from '../mark/marking.fixture.ts'
import { type ExemptionDraft, proposeExemption } from './propose.ts'
import { exemptionRoutes } from './routes.ts'
import { listExemptions } from './view.ts'
import { beginWithdrawal, finishWithdrawal } from './withdraw.ts'

const release = 'example-model@2.0'
const draft: ExemptionDraft = {
  model: `voices/${release}`,
  class: 'default-voice',
  description: 'The voice in which the assistant reads aloud.',
  reason: 'It says at the beginning that it is the assistant.',
}

let marking: Marking
let installation: OpenInstallation
beforeAll(async () => {
  marking = await openMarking()
  installation = marking.installation
})
afterAll(() => marking.close())

const someone = (...roles: Role[]) => testPerson(installation, roles, certify(installation, 'added'))
const approve = async (person: TestPerson, id: string) => {
  const by = await person.principal()
  return finishApproval(installation, by, id, person.answer(await beginApproval(installation, by, id)))
}
const shown = async () =>
  (await listExemptions(installation)).map(({ class: name, state }) => `${name} ${state}`)
const answer = async () => {
  const { obligations } = await gate(installation, release, commitment.obligations)
  return obligations.find(({ id }) => id === '5.4')
}

describe('content that is exempt from marking', () => {
  it('counts once two people of the right roles have signed, and no longer when one has withdrawn it', async () => {
    const [asker, lead, guard, reader] = await Promise.all([
      someone('release-lead'),
      someone('release-lead'),
      someone('security'),
      someone('auditor'),
    ])
    const asked = await proposeExemption(installation, await asker.principal(), draft)
    expect(asked.summary).toContain(draft.reason)
    expect(await shown()).toEqual(['default-voice waiting'])
    await expect(proposeExemption(installation, LOCAL, draft)).rejects.toMatchObject({ code: 'conflict' })
    for (const nobody of [asker, reader])
      await expect(approve(nobody, asked.id)).rejects.toMatchObject({ code: 'forbidden' })
    await approve(lead, asked.id)
    expect(await answer()).toMatchObject({ status: 'missing' })
    await approve(guard, asked.id)
    await installation.evidence.logged([asked.evidence])
    expect(await shown()).toEqual(['default-voice in-force'])
    expect(await answer()).toMatchObject({ status: 'met', evidence: [asked.evidence] })

    // asked for again, and withdrawn while that waits
    const again = await proposeExemption(installation, LOCAL, draft)
    const why = 'Too many products use other voices by now.'
    await expect(
      beginWithdrawal(installation, await reader.principal(), asked.evidence, why),
    ).rejects.toMatchObject({ code: 'forbidden' })
    const by = await guard.principal()
    const begun = await beginWithdrawal(installation, by, asked.evidence, why)
    const ended = await finishWithdrawal(installation, by, asked.evidence, guard.answer(begun))
    expect(await shown()).toEqual(['default-voice withdrawn'])
    expect(await answer()).toMatchObject({ status: 'missing' })
    const record = await installation.evidence.get(ended.evidence)
    expect(record?.signers).toContain(guard.credential.keyid)
    await expect(approve(lead, again.id)).rejects.toMatchObject({ code: 'conflict' })
    await expect(beginWithdrawal(installation, by, asked.evidence, why)).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  it('is nothing that a record without a signature says, and is of a release', async () => {
    await installation.evidence.append({
      type: exemptionEvidence,
      about: { release },
      fields: { class: 'drawings', description: 'Drawings', reason: draft.reason, ends: false },
    })
    expect(await shown()).toContain('drawings unsigned')
    expect(await answer()).toMatchObject({ status: 'missing', why: expect.stringContaining('drawings') })
    await expect(
      proposeExemption(installation, LOCAL, { ...draft, model: 'voices/no-release' }),
    ).rejects.toMatchObject({ code: 'usage' })
  })
  it('is proposed, listed and withdrawn over HTTP', async () => {
    const [lead, one, two] = [
      await someone('owner'),
      await someone('security'),
      await someone('release-lead'),
    ]
    const by = await lead.principal()
    const app = Fastify()
    app.decorateRequest('principal', { getter: () => by })
    await app.register(exemptionRoutes(installation))
    const post = (url: string, payload: object) => app.inject({ method: 'POST', url, payload })
    const reason = 'Every frame of them bears the word drawn.'
    const given = { ...draft, class: 'line-drawings', reason }
    // too short a reason would be none
    expect((await post('/', { ...given, reason: 'short' })).statusCode).toBeGreaterThan(399)
    const asked = await post('/', given)
    expect(asked.statusCode).toBe(201)
    const { approval, evidence } = asked.json()
    for (const signer of [one, two]) await approve(signer, approval)
    await installation.evidence.logged([evidence])
    const listed = async () =>
      (await app.inject('/')).json().exemptions.find((it: { class: string }) => it.class === 'line-drawings')
    expect(await listed()).toMatchObject({ state: 'in-force', release, reason, evidence })
    const begun = await post(`/${evidence}/withdrawal/begin`, { reason: 'They are photographs by now.' })
    expect(begun.statusCode).toBe(200)
    const ended = await post(`/${evidence}/withdrawal/finish`, lead.answer(begun.json()))
    expect(ended.statusCode).toBe(200)
    expect(await listed()).toMatchObject({ state: 'withdrawn', reason: 'They are photographs by now.' })
    await app.close()
  })
})
