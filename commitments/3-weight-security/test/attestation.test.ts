import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { beginApproval, finishApproval, LOCAL, type Principal } from '@avouch/core/auth'
import type { TestPerson } from '@avouch/core/auth/testing'
import type { Installation } from '@avouch/core/installation'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environmentAct } from '../src/attestation/act.ts'
import { attest, challenge, checkAttested } from '../src/attestation/attest.ts'
import { makeStatement, statementKey } from '../src/attestation/documents.fixture.ts'
import { attestationEvidence } from '../src/attestation/evidence.ts'
import type { EnvironmentPolicy } from '../src/attestation/policy.ts'
import { confirmEnvironmentPolicy, setEnvironmentPolicy } from '../src/attestation/set-policy.ts'
import { openObject } from '../src/object/open.ts'
import { readPlaintext } from '../src/object/range.ts'
import { sealWeights } from '../src/object/seal-weights.ts'
import { pinnedSigners, pinSigners, signersAct } from '../src/pinning/pin.ts'
import { listReads } from '../src/serve/store.ts'
import { underLease } from '../src/serve/under-lease.ts'
import { adoptDefaults, employee, grant } from './granted.ts'
import { openVault, type Vault } from './vault.ts'

const MODEL = 'example-model@1'
const { privateKey, trust } = statementKey()
const ENVIRONMENT = 'evaluation'

let vault: Vault
let holder: TestPerson
let approvers: [TestPerson, TestPerson]
beforeAll(async () => {
  vault = await openVault()
  await adoptDefaults(vault.installation, 'example-model')
  holder = await employee(vault.installation, 'red')
  approvers = [await employee(vault.installation, 'blue'), await employee(vault.installation, 'green')]
})
afterAll(() => vault.close())

const policy = (given = {}): EnvironmentPolicy => ({
  attestation: {
    verifier: 'signed-statement',
    trust,
    measurements: [{ image: 'a1' }],
    maxAgeSeconds: 600,
    ...given,
  },
})
const set = (given = {}) =>
  setEnvironmentPolicy(vault.installation, LOCAL, {
    name: ENVIRONMENT,
    policy: policy(given),
    reason: 'a reason',
  })
const at = (seconds: number): Installation => ({
  ...vault.installation,
  now: () => new Date(Date.now() + 1000 * seconds),
})

async function answer(given: Partial<Parameters<typeof makeStatement>[1]> = {}, key = privateKey) {
  const asked = await challenge(vault.installation, ENVIRONMENT)
  const document = makeStatement(key, { nonce: asked.nonce, environment: ENVIRONMENT, ...given })
  return attest(vault.installation, { challenge: asked.id, document, release: MODEL })
}

describe('an environment', () => {
  it('attests by an answer to a challenge, which is evidence and lets weights be opened in it', async () => {
    const path = join(vault.dir, 'weights.bin')
    const plain = randomBytes(9000)
    await writeFile(path, plain)
    const [sealed] = await sealWeights(vault.installation, vault.kek, path, {
      model: MODEL,
      segmentBytes: 4096,
    })
    const [lease] = await grant(vault.installation, { holder, approvers }, { model: MODEL })
    const by: Principal = await holder.principal()
    const read = async (attestation?: string): Promise<Buffer> => {
      const authorise = underLease(vault.installation, {
        lease: lease!,
        by,
        sink: 'pipe',
        host: 'h',
        attestation,
      })
      const opened = await openObject(vault.installation, sealed!.object, { authorise })
      return buffer(readPlaintext(opened)).finally(() => opened.close())
    }
    expect(await checkAttested(vault.installation, ENVIRONMENT, undefined)).toBeNull()
    expect((await read()).equals(plain)).toBe(true)
    await expect(challenge(vault.installation, ENVIRONMENT)).rejects.toMatchObject({ code: 'not-found' })

    expect(await set()).toMatchObject({ state: 'in-force', looser: [] })
    await expect(read()).rejects.toThrow(/has to attest first/)
    await expect(read('a-guess')).rejects.toThrow(/no attestation of it/)
    const made = await answer()
    expect((await read(made.token)).equals(plain)).toBe(true)
    const [newest] = await listReads(vault.installation.db, { lease: lease!, limit: 1 })
    expect(JSON.parse(newest!.entry)).toMatchObject({ attestation: made.id, outcome: 'ok' })
    const record = (await vault.installation.evidence.get(made.evidence))!
    expect(record.about).toEqual({ release: MODEL })
    expect(vault.installation.evidence.read(attestationEvidence, record)).toMatchObject({
      ...{ attestation: made.id, environment: ENVIRONMENT, verifier: 'signed-statement' },
      measurement: { image: 'a1' },
    })
    expect(record.attachments).toHaveLength(1)
    expect(await checkAttested(at(500), ENVIRONMENT, made.token)).toBe(made.id)
    await expect(checkAttested(at(700), ENVIRONMENT, made.token)).rejects.toThrow(/has ended/)
    await expect(checkAttested(at(-10), ENVIRONMENT, made.token)).rejects.toThrow(/has ended/)
    // another policy, even a stricter one, asks anew
    await set({ maxAgeSeconds: 300 })
    await expect(read(made.token)).rejects.toThrow(/policy changed/)
  })

  it('is refused with another nonce, measurement, name, key or time, and has one try', async () => {
    await expect(answer({ nonce: randomBytes(32) })).rejects.toThrow(/does not answer this challenge/)
    await expect(answer({ image: 'b2' })).rejects.toThrow(/does not allow what it measured/)
    await expect(answer({ environment: 'elsewhere' })).rejects.toThrow(/of another environment/)
    await expect(answer({ time: new Date(Date.now() - 3_600_000) })).rejects.toThrow(/at another time/)
    await expect(answer({}, statementKey().privateKey)).rejects.toMatchObject({ code: 'proof' })
    const asked = await challenge(vault.installation, ENVIRONMENT)
    const document = makeStatement(privateKey, { nonce: asked.nonce, environment: ENVIRONMENT })
    const late = { challenge: asked.id, document }
    await expect(attest(at(301), late)).rejects.toThrow(/too old/)
    const tries = await Promise.allSettled([
      attest(vault.installation, late),
      attest(vault.installation, late),
    ])
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await expect(
      attest(vault.installation, { challenge: asked.id, document: Buffer.alloc(70_000) }),
    ).rejects.toMatchObject({
      code: 'limit',
    })
  })

  it('is asked for less only by two people', async () => {
    const made = await answer()
    const proposed = await set({ measurements: [{ image: 'a1' }, { image: 'b2' }], maxAgeSeconds: 300 })
    expect(proposed).toMatchObject({ state: 'proposed', looser: ['1 measurements more'] })
    const act = environmentAct(vault.installation)
    const { approval } = proposed as { approval: string }
    for (const one of approvers) {
      await checkAttested(vault.installation, ENVIRONMENT, made.token)
      const by = await one.principal()
      const asking = await beginApproval(vault.installation, by, approval, act)
      await finishApproval(vault.installation, by, approval, one.answer(asking), act)
    }
    await expect(checkAttested(vault.installation, ENVIRONMENT, made.token)).rejects.toThrow(/policy changed/)
    await answer({ image: 'b2' })
    // whom it trusts can be signed for as it is
    const confirmed = { name: ENVIRONMENT, reason: 'We made that key.' }
    const asked = await confirmEnvironmentPolicy(vault.installation, LOCAL, confirmed)
    for (const one of approvers) {
      const by = await one.principal()
      const asking = await beginApproval(vault.installation, by, asked.approval, act)
      await finishApproval(vault.installation, by, asked.approval, one.answer(asking), act)
    }
    const record = await vault.installation.evidence.get(asked.evidence)
    expect(record?.fields).toMatchObject({ environment: ENVIRONMENT, looser: [] })
    const again = await answer({ image: 'b2' })
    const { policy: basis } = (await vault.installation.evidence.get(again.evidence))!.fields
    expect(basis).toBe(asked.evidence)
    await expect(set({ verifier: 'no-such' })).rejects.toMatchObject({ code: 'input' })
  })
})

describe('who signs models for the company', () => {
  it('is said by two people, the first one too; taken off the list by whoever may, at once', async () => {
    const { installation } = vault
    const signer = (n: number) => ({
      ...{ name: `pipeline-${n}`, method: 'key' as const, signer: `${n}`.repeat(64) },
    })
    const pin = (...of: number[]) =>
      pinSigners(installation, LOCAL, { signers: of.map(signer), reason: 'a reason' })
    const signFor = async (pinning: object, one: TestPerson) => {
      const { approval } = pinning as { approval: string }
      const [by, act] = [await one.principal(), signersAct(installation)]
      const asking = await beginApproval(installation, by, approval, act)
      await finishApproval(installation, by, approval, one.answer(asking), act)
    }
    const inForce = async () => (await pinnedSigners(installation))?.signers.map(({ name }) => name)
    const [first, rival] = [await pin(1), await pin(2)]
    expect(first).toMatchObject({ state: 'proposed', added: [signer(1).signer] })
    await signFor(rival, approvers[0])
    await signFor(first, approvers[0])
    expect(await inForce()).toBeUndefined()
    await signFor(first, approvers[1])
    expect(await inForce()).toEqual(['pipeline-1'])
    const record = await installation.evidence.get(first.evidence)
    expect(record!.signers.length).toBeGreaterThanOrEqual(2)
    // what was proposed beside another list would undo it
    await expect(signFor(rival, approvers[1])).rejects.toMatchObject({ code: 'conflict' })
    await expect(pin(1, 1)).rejects.toMatchObject({ code: 'input' })
    expect(await pin()).toMatchObject({ state: 'in-force', added: [] })
    expect(await inForce()).toEqual([])
    expect(await pin(1)).toMatchObject({ state: 'proposed' })
  })
})
