import { defineCommitment } from '@avouch/core/commitment'
import { defineEvidence } from '@avouch/core/evidence'
import { holdEvidence, registerRelease } from '@avouch/core/gate'
import type { Obligation } from '@avouch/core/obligation'
import type { OpenInstallation } from '@avouch/core/open'
import { base64, fromBase64, parseEnvelope, parseNote } from '@avouch/verify'
import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { buildApp } from './app.ts'
import { openTestInstallation, signedIn } from './testing.ts'

const RELEASE = 'example-model@2.0'
const obligation: Obligation = {
  id: '99.1',
  title: 'Example',
  promise: 'Something is shown',
  binds: 'release',
  force: 'asked',
  due: 'before',
  rule: () => ({ status: 'missing', why: 'Nothing is recorded.', evidence: [] }),
}
const bell = defineEvidence('rooms/bell/v1', { title: 'Bell', schema: z.object({ tone: z.string() }) })
const rooms = defineCommitment({
  evidence: async () => [bell],
  number: 99,
  name: 'rooms',
  title: 'Rooms',
  promise: 'x',
  obligations: [obligation],
})

let installation: OpenInstallation
let app: FastifyInstance

beforeAll(async () => {
  installation = await openTestInstallation()
  app = await buildApp(installation, { commitments: [rooms], parts: ['console', 'portal'] })
  await registerRelease(
    installation,
    { release: RELEASE, snapshot: 'id:example-model-2.0', configuration: 'safeguarded' },
    { model: 'example-model', adapter: 'openai' },
  )
})
afterAll(async () => {
  await app.close()
  await installation.close()
})

type Visitor = Awaited<ReturnType<typeof signedIn>>
const get = (who: Visitor, url: string) => app.inject({ url, headers: who.headers })
const post = (who: Visitor, url: string, payload: object = {}) =>
  app.inject({ method: 'POST', url, payload, headers: who.headers })
const approve = async (who: Visitor, id: string) => {
  const begun = await post(who, `/api/approvals/${id}/begin`)
  if (begun.statusCode !== 200) return begun
  return post(who, `/api/approvals/${id}/finish`, who.answer(begun.json()))
}

describe('a decision', () => {
  it('is made by a person with a passkey on the verdict of the gate, and becomes evidence', async () => {
    const lead = await signedIn(installation, ['release-lead'])
    expect((await get(lead, '/api/releases')).json()).toMatchObject([
      { name: RELEASE, configuration: 'safeguarded' },
    ])
    const verdict = (await get(lead, `/api/releases/${encodeURIComponent(RELEASE)}/gate`)).json()
    expect(verdict).toMatchObject({ ready: false, obligations: [{ id: '99.1', status: 'missing' }] })
    expect((await get(lead, '/api/releases/unknown@1/gate')).statusCode).toBe(404)

    const begun = (
      await post(lead, `/api/releases/${RELEASE}/decision/begin`, {
        decision: 'ship',
        reason: 'Known and accepted',
      })
    ).json()
    expect(begun).toMatchObject({ ready: false, waivers: ['99.1'] })
    expect(begun.statement).toContain('core/decision/v1')
    const reader = await signedIn(installation, ['reader'])
    expect(
      (await post(reader, `/api/releases/${RELEASE}/decision/begin`, { decision: 'ship', reason: 'x' }))
        .statusCode,
    ).toBe(403)
    const made = await post(lead, `/api/releases/${RELEASE}/decision/finish`, lead.answer(begun))
    expect(made.statusCode).toBe(201)
    await installation.evidence.logged([made.json().id])
    expect((await get(lead, `/api/decisions?release=${RELEASE}`)).json()).toMatchObject([
      { id: made.json().id, state: 'logged', fields: { decision: 'ship', decidedBy: 'person' } },
    ])
    const after = (await get(lead, `/api/releases/${RELEASE}/gate`)).json()
    expect(after.decision).toMatchObject({ id: made.json().id, decision: 'ship' })
  })
})

describe('a hold', () => {
  it('closes the gate at once; two others lift it', async () => {
    const tester = await signedIn(installation, ['red-teamer'])
    const [asker, one, two] = await Promise.all(
      ['security', 'release-lead', 'owner'].map((role) => signedIn(installation, [role as 'owner'])),
    )
    expect(
      (await post(tester, '/api/holds', { release: RELEASE, reason: 'A finding is being checked' })).json(),
    ).toMatchObject({ recorded: true })
    const [hold] = await installation.evidence.list({ type: holdEvidence, release: RELEASE })
    expect((await get(tester, `/api/releases/${RELEASE}/gate`)).json().holds).toHaveLength(1)
    expect((await get(tester, '/api/holds')).json()).toMatchObject([{ id: hold!.id, lifted: false }])

    expect((await post(tester, `/api/holds/${hold!.id}/lift`, { reason: 'x' })).statusCode).toBe(403)
    const asked = (
      await post(asker!, `/api/holds/${hold!.id}/lift`, { reason: 'The finding was mended' })
    ).json()
    expect((await approve(asker!, asked.id)).statusCode).toBe(403)
    expect((await approve(tester, asked.id)).statusCode).toBe(403)
    expect((await approve(one!, asked.id)).json().approvedAt).toBeUndefined()
    expect((await get(tester, `/api/releases/${RELEASE}/gate`)).json().holds).toHaveLength(1)
    const done = (await approve(two!, asked.id)).json()
    expect(done.approvals).toHaveLength(2)
    expect(JSON.stringify(done)).not.toContain('"sig"')
    await installation.evidence.logged([asked.evidence])
    expect((await get(tester, `/api/releases/${RELEASE}/gate`)).json().holds).toEqual([])
    expect((await get(tester, '/api/holds')).json()).toMatchObject([{ id: hold!.id, lifted: true }])
    expect((await get(one!, '/api/approvals')).json()).toMatchObject([{ id: asked.id, needed: 2 }])
  })
})

describe('an exemption', () => {
  it('counts once two people have signed its reason, neither the one who asked', async () => {
    const [asker, one, two] = await Promise.all(
      ['release-lead', 'security', 'auditor'].map((role) => signedIn(installation, [role as 'owner'])),
    )
    const url = `/api/releases/${RELEASE}/exemptions`
    const wanted = { obligation: '99.1', kind: 'exempt', reason: 'It makes nothing of the kind' }
    expect((await post(asker!, url, { ...wanted, obligation: '98.7' })).statusCode).toBe(400)
    expect((await post(two!, url, wanted)).statusCode).toBe(403)
    const asked = (await post(asker!, url, wanted)).json()
    const status = async () => (await get(asker!, `/api/releases/${RELEASE}/gate`)).json().obligations[0]
    expect((await approve(asker!, asked.id)).statusCode).toBe(403)
    expect((await approve(one!, asked.id)).statusCode).toBe(200)
    expect(await status()).toMatchObject({ status: 'missing', why: 'Nothing is recorded.' })
    expect((await approve(two!, asked.id)).statusCode).toBe(200)
    await installation.evidence.logged([asked.evidence])
    expect(await status()).toMatchObject({ status: 'exempt', why: wanted.reason, evidence: [asked.evidence] })
  })
})

describe('evidence and log', () => {
  it('are listed newest first, paged, shown and proved', async () => {
    const auditor = await signedIn(installation, ['auditor'])
    const all = (await get(auditor, '/api/evidence?limit=500')).json()
    const first = (await get(auditor, '/api/evidence?limit=2')).json()
    const next = (await get(auditor, `/api/evidence?limit=2&before=${first[1].sequence}`)).json()
    // Only their order is compared: what was accepted just now may have been logged between two answers.
    const ids = (list: { id: string }[]) => list.map(({ id }) => id)
    expect(ids([...first, ...next])).toEqual(ids(all.slice(0, 4)))
    for (const limit of ['0', '501', 'x'])
      expect((await get(auditor, `/api/evidence?limit=${limit}`)).statusCode).toBe(400)

    const release = all.find((it: { predicateType: string }) => it.predicateType.endsWith('core/release/v1'))
    expect((await get(auditor, `/api/evidence/${release.digest}`)).json()).toEqual(release)
    expect((await get(auditor, `/api/evidence/${'0'.repeat(64)}`)).statusCode).toBe(404)
    expect((await get(auditor, '/api/evidence/../../x')).statusCode).toBe(404)
    const bundle = (await get(auditor, `/api/evidence/${release.id}/proof?show=all`)).json()
    expect(parseNote(bundle.checkpoint).text).toContain('example.com/log')
    const envelope = parseEnvelope(fromBase64(bundle.evidence[0].envelope))
    expect(base64(envelope.payload).length).toBeGreaterThan(100)
    expect(bundle.evidence[0].disclosures.length).toBeGreaterThan(0)
  })

  it('come in kinds with titles, the house’s own and the commitments’', async () => {
    const auditor = await signedIn(installation, ['auditor'])
    const kinds: { type: string; title: string; commitment?: string }[] = (
      await get(auditor, '/api/evidence-kinds')
    ).json()
    const titles = new Map(kinds.map((kind) => [kind.type, kind.title]))
    expect(titles.get('https://avouch.dev/evidence/core/decision/v1')).toBe('Decision')
    expect(titles.get(bell.predicateType)).toBe('Bell')
    expect(titles.size).toBe(kinds.length)
    const recorded = await installation.evidence.list({})
    for (const { predicateType } of recorded) expect(titles.has(predicateType)).toBe(true)
  })

  it('are published by whoever may, with a fresh passkey', async () => {
    const lead = await signedIn(installation, ['release-lead'])
    const auditor = await signedIn(installation, ['auditor'])
    expect((await post(auditor, '/api/log/publish')).statusCode).toBe(403)
    const before = (await get(lead, '/api/log')).json()
    expect(before.published).toBeUndefined()
    expect(before.size).toBeGreaterThan(0)
    const published = (await post(lead, '/api/log/publish')).json()
    expect((await app.inject('/log/checkpoint')).body).toBe(published.note)
    const tile = await app.inject(`/log/tile/0/000.p/${published.size}`)
    expect(tile.statusCode).toBe(200)
    expect(tile.rawPayload).toHaveLength(32 * published.size)
    expect(tile.headers['cache-control']).toContain('immutable')
    expect((await app.inject(`/log/tile/0/000.p/${published.size + 1}`)).statusCode).toBe(404)
  })

  it('are taken back by two others', async () => {
    const [asker, one, two] = await Promise.all([1, 2, 3].map(() => signedIn(installation, ['release-lead'])))
    const [release] = (
      await get(asker!, '/api/evidence?type=https://avouch.dev/evidence/core/release/v1')
    ).json()
    const asked = (
      await post(asker!, `/api/evidence/${release.id}/retraction`, { reason: 'Named wrongly' })
    ).json()
    await approve(one!, asked.id)
    await approve(two!, asked.id)
    expect((await get(asker!, `/api/evidence/${release.id}`)).json().retractedBy).toBe(asked.evidence)
  })
})
