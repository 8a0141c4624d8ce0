import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOCAL, type Role, recordAccess, setRoles } from '@avouch/core/auth'
import type { OpenInstallation } from '@avouch/core/open'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildApp } from '../apps/server/src/app.ts'
import { openTestInstallation, signedIn } from '../apps/server/src/testing.ts'
import { accessJobs, END_LEASES_JOB } from '../commitments/3-weight-security/src/access/jobs.ts'
import { usableLease } from '../commitments/3-weight-security/src/access/lease.ts'
import { setProfile } from '../commitments/3-weight-security/src/access/profile.ts'
import weightSecurity from '../commitments/3-weight-security/src/index.ts'
import { openKek } from '../commitments/3-weight-security/src/kek/open.ts'
import { sealWeights } from '../commitments/3-weight-security/src/object/seal-weights.ts'
import { recordComparison } from '../commitments/3-weight-security/src/programme/compare.ts'
import { adoptDefaults } from '../commitments/3-weight-security/test/granted.ts'

const MODEL = 'example-model@1'
const AREA = '/api/weight-security'
type Visitor = Awaited<ReturnType<typeof signedIn>>

let installation: OpenInstallation
let app: FastifyInstance
let folder: string
let evaluator: Visitor
let mate: Visitor
let custodian: Visitor
let security: Visitor

const visitor = async (team: string, roles: Role[], functions: string[]): Promise<Visitor> => {
  const someone = await signedIn(installation, roles)
  await setProfile(installation, LOCAL, someone.person.id, {
    ...{ team, functions, projects: ['example'], environments: ['evaluation'] },
  })
  return someone
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avouch-access-'))
  installation = await openTestInstallation({}, [weightSecurity])
  app = await buildApp(installation, { commitments: [weightSecurity], parts: ['console'] })
  await adoptDefaults(installation, 'example-model')
  await writeFile(join(folder, 'weights.bin'), randomBytes(9000))
  const kek = await openKek(installation.config)
  await sealWeights(installation, kek, join(folder, 'weights.bin'), { model: MODEL, segmentBytes: 4096 })
  await kek.close()
  evaluator = await visitor('evaluation', ['reader'], ['weights-evaluation', 'weights-on-call'])
  mate = await visitor('evaluation', ['custodian'], ['weights-approver'])
  custodian = await visitor('platform', ['custodian'], ['weights-approver'])
  security = await visitor('security', ['custodian', 'security'], ['weights-approver'])
})
afterAll(async () => {
  await app.close()
  await installation.close()
  await rm(folder, { recursive: true, force: true })
})

const DIGEST = 'a'.repeat(64)
const get = (who: Visitor, url: string) => app.inject({ url, headers: who.headers })
const post = (who: Visitor, url: string, payload: object = {}) =>
  app.inject({ method: 'POST', url, payload, headers: who.headers })
const approve = async (who: Visitor, approval: string) => {
  const begun = await post(who, `/api/approvals/${approval}/begin`)
  if (begun.statusCode !== 200) return begun
  return post(who, `/api/approvals/${approval}/finish`, who.answer(begun.json()))
}
const wanted = {
  ...{ model: MODEL, environment: 'evaluation', seconds: 3600, purpose: 'evaluation' },
  reason: 'to run the planned evaluation',
}

describe('reading weights by request, over HTTP', () => {
  it('takes a request, two approvals in the console by people of other teams, and ends with the role', async () => {
    const asked = await post(evaluator, `${AREA}/requests`, wanted)
    expect(asked.statusCode).toBe(201)
    const { id, approval } = asked.json()
    const seenBy = async (who: Visitor) =>
      (await get(who, `${AREA}/requests`)).json().requests.find((one: { id: string }) => one.id === id)
    expect((await seenBy(mate)).refusal).toMatch(/on the team/)
    expect(await seenBy(custodian)).toMatchObject({ state: 'asked', refusal: null, signed: [] })
    // what others ask for is not for everyone, one's own is
    expect((await get(evaluator, `${AREA}/requests`)).statusCode).toBe(403)
    expect((await get(evaluator, `${AREA}/requests/mine`)).json().requests).toHaveLength(1)

    const refused = await approve(mate, approval)
    expect([refused.statusCode, refused.json().error.message]).toEqual([
      403,
      'you are on the team of the person who asks',
    ])
    expect((await approve(evaluator, approval)).statusCode).toBe(403)
    expect((await approve(custodian, approval)).statusCode).toBe(200)
    expect((await seenBy(security)).signed).toEqual([custodian.person.id])
    expect((await approve(security, approval)).statusCode).toBe(200)
    expect(await seenBy(custodian)).toMatchObject({ state: 'granted', refusal: null })

    const [lease] = (await get(evaluator, `${AREA}/leases/mine`)).json().leases
    expect(lease).toMatchObject({ state: 'live', model: MODEL, holder: evaluator.person.id })
    await installation.evidence.logged([lease.evidence])
    await usableLease(installation, lease.id)
    expect((await post(mate, `${AREA}/leases/${lease.id}/end`)).statusCode).toBe(200)
    await expect(usableLease(installation, lease.id)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('ends the leases of whose roles were changed, even where they were changed back', async () => {
    const { approval } = (await post(evaluator, `${AREA}/requests`, wanted)).json()
    for (const who of [custodian, security]) expect((await approve(who, approval)).statusCode).toBe(200)
    const [lease] = (await get(evaluator, `${AREA}/leases/mine`)).json().leases
    await installation.evidence.logged([lease.evidence])
    for (const roles of [['auditor'], ['reader']] as Role[][])
      await setRoles(installation, evaluator.person.id, roles, recordAccess(installation, LOCAL))
    await usableLease(installation, lease.id)
    // what the reaction to the evidence of it does
    const changes = await installation.evidence.list({
      type: 'https://avouch.dev/evidence/core/access/v1',
      newest: true,
      limit: 2,
    })
    for (const { id } of changes)
      await accessJobs[END_LEASES_JOB]!(installation, { evidence: id }, new AbortController().signal)
    await expect(usableLease(installation, lease.id)).rejects.toThrow(/role changed/)
  })

  it('refuses what policies or people refuse, with reasons, and takes back what is not needed', async () => {
    const long = await post(evaluator, `${AREA}/requests`, { ...wanted, seconds: 30 * 86_400 })
    expect([long.statusCode, long.json().error.message]).toEqual([
      403,
      expect.stringContaining('no policy permits it'),
    ])
    expect((await post(evaluator, `${AREA}/requests`, { ...wanted, seconds: 'long' })).statusCode).toBe(400)
    expect(
      (await post(security, `${AREA}/requests`, { ...wanted, model: 'example-model@9' })).statusCode,
    ).toBe(404)
    const { id, approval } = (await post(evaluator, `${AREA}/requests`, wanted)).json()
    const words = { why: 'not this week' }
    expect((await post(mate, `${AREA}/requests/${id}/withdraw`, words)).statusCode).toBe(404)
    expect((await post(evaluator, `${AREA}/requests/${id}/refuse`, words)).statusCode).toBe(403)
    expect((await post(custodian, `${AREA}/requests/${id}/refuse`, words)).statusCode).toBe(200)
    expect((await approve(custodian, approval)).statusCode).toBe(409)
    expect((await post(evaluator, `${AREA}/requests/${id}/withdraw`, words)).statusCode).toBe(409)
  })

  it('breaks the glass loudly, reviews it and everyone, and tells who could and did', async () => {
    const emergency = {
      ...{ model: MODEL, environment: 'evaluation', seconds: 600 },
      emergency: 'the example service answers nothing at night',
    }
    const begun = await post(evaluator, `${AREA}/break-glass/begin`, emergency)
    expect(begun.statusCode).toBe(200)
    const broken = await post(evaluator, `${AREA}/break-glass/finish`, evaluator.answer(begun.json()))
    expect(broken.statusCode).toBe(201)
    const { id } = broken.json()
    const { notices } = (await get(security, `${AREA}/notices`)).json()
    expect(notices[0]).toMatchObject({ kind: 'break-glass', about: id, seenAt: null })
    expect((await get(security, `${AREA}/break-glass?unreviewed=true`)).json().cases).toHaveLength(1)
    const found = { outcome: 'justified', words: 'It was down.' }
    expect((await post(mate, `${AREA}/break-glass/${id}/review/begin`, found)).statusCode).toBe(403)
    const seen = async (who: Visitor) => (await get(who, `${AREA}/break-glass/${id}`)).json()
    expect((await seen(mate)).refusal).toMatch(/another team/)
    expect(await seen(security)).toMatchObject({
      ...{ refusal: null, outcome: null, words: null, reviewedBy: null },
      leases: [{ state: 'live', basis: 'break-glass', bytesRead: 0 }],
    })
    const reviewing = await post(security, `${AREA}/break-glass/${id}/review/begin`, found)
    const done = await post(security, `${AREA}/reviews/finish`, security.answer(reviewing.json()))
    expect(done.statusCode).toBe(200)
    expect((await get(security, `${AREA}/break-glass?unreviewed=true`)).json().cases).toEqual([])

    const { reviewEvidence } = await seen(mate)
    await installation.evidence.logged([reviewEvidence])
    expect(await seen(mate)).toMatchObject({
      ...{ outcome: 'justified', words: 'It was down.', reviewedBy: security.person.id, refusal: null },
    })
    expect((await get(mate, `${AREA}/break-glass/${crypto.randomUUID()}`)).statusCode).toBe(404)

    const review = (await post(custodian, `${AREA}/reviews`)).json()
    const { items } = (await get(custodian, `${AREA}/reviews/${review.id}`)).json()
    expect(items).toHaveLength(4)
    const decisions = [
      { person: evaluator.person.id, decision: 'remove', words: 'They work on other things.' },
    ]
    const deciding = await post(custodian, `${AREA}/reviews/${review.id}/begin`, { decisions })
    expect(
      (await post(custodian, `${AREA}/reviews/finish`, custodian.answer(deciding.json()))).statusCode,
    ).toBe(200)
    expect((await get(custodian, `${AREA}/reviews`)).json().reviews[0]).toMatchObject({
      people: 4,
      decided: 1,
    })
    const whole = (await get(mate, `${AREA}/reviews/${review.id}`)).json()
    expect(new Set(whole.reviewers)).toEqual(
      new Set([mate, custodian, security].map(({ person }) => person.id)),
    )
    expect(whole.items.filter(({ decision }: { decision: unknown }) => decision !== null)).toMatchObject([
      { ...decisions[0], decidedBy: custodian.person.id, evidence: expect.any(String) },
    ])
    expect((await get(mate, `${AREA}/reviews/${crypto.randomUUID()}`)).statusCode).toBe(404)
    // a custodian may not read all that is known of people, and is told whom they decide on
    expect((await get(custodian, '/api/people/')).statusCode).toBe(403)
    expect((await get(custodian, `${AREA}/people`)).json().people).toContainEqual({
      ...{ id: mate.person.id, name: mate.person.name, state: 'active' },
    })
    expect((await get(evaluator, `${AREA}/people`)).statusCode).toBe(403)

    const on = new Date().toISOString().slice(0, 10)
    const could = (await get(security, `${AREA}/who-could?model=${MODEL}&on=${on}`)).json()
    expect(could.people.map(({ person }: { person: string }) => person)).toContain(evaluator.person.id)
    expect((await get(security, `${AREA}/who-did?model=${MODEL}&on=${on}`)).json()).toMatchObject({
      reads: [],
    })
    expect((await get(evaluator, `${AREA}/who-could?model=${MODEL}&on=${on}`)).statusCode).toBe(403)
    expect((await get(custodian, `${AREA}/policies`)).json()).toMatchObject({
      inForce: true,
      words: expect.arrayContaining(['weights-approver', 'production']),
    })
    const profile = { team: 'x', functions: [], projects: [], environments: [] }
    const put = (who: Visitor, person: string) =>
      app.inject({ method: 'PUT', url: `${AREA}/profiles/${person}`, payload: profile, headers: who.headers })
    expect((await put(custodian, custodian.person.id)).statusCode).toBe(403)
    expect((await put(evaluator, mate.person.id)).statusCode).toBe(403)
    expect((await put(custodian, mate.person.id)).statusCode).toBe(200)
  })

  it('takes a step of custody and a comparison that a person signs, and says whose signature it is', async () => {
    const steps = `${AREA}/custody/${encodeURIComponent(MODEL)}/steps`
    const step = { step: 'import', in: [], out: [DIGEST], note: 'from example partners' }
    expect((await post(evaluator, `${steps}/begin`, step)).statusCode).toBe(403)
    const impossible = await post(custodian, `${steps}/begin`, { step: 'quantise', in: [], out: [DIGEST] })
    expect([impossible.statusCode, impossible.json().error.message]).toEqual([
      400,
      'this quantise cannot be: nothing went into the quantise',
    ])
    const begun = await post(custodian, `${steps}/begin`, step)
    const made = await post(custodian, `${steps}/finish`, custodian.answer(begun.json()))
    expect(made.statusCode).toBe(201)
    await installation.evidence.logged([made.json().id])
    const record = await installation.evidence.get(made.json().id)
    expect(record).toMatchObject({
      about: { release: MODEL },
      fields: { step: 'import', out: [DIGEST], by: custodian.person.id },
      signers: expect.arrayContaining([custodian.credential.keyid]),
    })
    // made out of itself
    const circle = { step: 'train', in: [DIGEST], out: ['b'.repeat(64)] }
    const round = await post(custodian, `${steps}/begin`, circle)
    await post(custodian, `${steps}/finish`, custodian.answer(round.json()))
    const back = { step: 'train', in: ['b'.repeat(64)], out: [DIGEST] }
    expect((await post(custodian, `${steps}/begin`, back)).statusCode).toBe(409)

    const standing = async () => (await get(security, `${AREA}/comparison`)).json().comparison
    expect(await standing()).toBeNull()
    const said = { secrets: 'signing keys', atLeast: true, statement: 'as well', gaps: [] }
    const word = await recordComparison(installation, { ...said, by: 'example-head' })
    expect(await standing()).toMatchObject({ evidence: word.id, by: 'example-head', signedBy: null })
    const comparing = await post(security, `${AREA}/comparison/begin`, { ...said, atLeast: false })
    const signed = await post(security, `${AREA}/comparison/finish`, security.answer(comparing.json()))
    expect(signed.statusCode).toBe(200)
    await installation.evidence.logged([signed.json().id])
    expect(await standing()).toMatchObject({
      ...{ atLeast: false, secrets: 'signing keys', by: security.person.id, signedBy: security.person.id },
    })
    expect((await get(evaluator, `${AREA}/comparison`)).statusCode).toBe(403)
  })
  it('pins who signs models once two others have signed, and takes them off at once', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString()
    const reason = 'The key of the release pipeline.'
    const list = async () => (await get(mate, `${AREA}/signers`)).json().signers
    const secret = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
    for (const wrong of [secret, 'no key'])
      expect((await post(mate, `${AREA}/signers`, { name: 'x', pem: wrong, reason })).statusCode).toBe(400)
    expect((await post(evaluator, `${AREA}/signers`, { name: 'x', pem, reason })).statusCode).toBe(403)
    const asked = await post(mate, `${AREA}/signers`, { name: 'pipeline', pem, reason })
    expect([asked.statusCode, asked.json().state, await list()]).toEqual([201, 'proposed', []])
    for (const who of [custodian, security])
      expect((await approve(who, asked.json().approval)).statusCode).toBe(200)
    const [signer] = await list()
    expect(signer).toMatchObject({ name: 'pipeline', method: 'key' })
    const gone = await post(mate, `${AREA}/signers/removal`, { signer: signer.signer, reason: 'It leaked.' })
    expect([gone.statusCode, gone.json().state, await list()]).toEqual([200, 'in-force', []])
  })
})
