import { beforeAll, describe, expect, it } from 'vitest'
import { TestLog, type Written } from '../test/log.ts'
import { passkey } from '../test/passkey.ts'
import { signer } from '../test/signer.ts'
import { type ProofBundle, parseBundle } from './bundle.ts'
import { base64, utf8 } from './bytes.ts'
import { canonicalBytes } from './canonical.ts'
import { cosignedMessage, formatCosignature } from './cosignature.ts'
import { verifyFile } from './file.ts'
import { keyidOf } from './key.ts'
import { COSIGNATURE, formatNote, formatVerifierKey, parseNote, verifierKey } from './note.ts'
import { verifyBundle } from './proof.ts'

async function wrong(bundle: ProofBundle): Promise<string[]> {
  const { ok, checks } = await verifyBundle(bundle)
  const failed = checks.filter((check) => !check.ok)
  expect(ok).toBe(failed.length === 0)
  return failed.map(({ name, detail }) => `${name}: ${detail}`)
}

describe('a proof bundle', () => {
  let log: TestLog
  let early: Written
  let added: Written
  let good: Written
  let revoked: Written
  let late: Written
  beforeAll(async () => {
    log = await TestLog.open()
    early = await log.add({})
    added = await log.certify('added')
    good = await log.add({ sealed: { '/a': 1, '/b': 2 }, withhold: ['/b'] })
    revoked = await log.certify('revoked')
    late = await log.add({})
  })

  it('holds, and says what it opens', async () => {
    const result = await verifyBundle(await log.bundle([added], [good]), {
      trustedKey: formatVerifierKey(log.key),
    })
    expect(result).toMatchObject({ ok: true, trusted: true, opened: 2, checkpoint: { size: 5 } })
    expect(result.evidence[0]).toMatchObject({
      index: 2,
      view: { fields: { a: 1 }, withheld: ['/b'] },
      signers: [{ kind: 'evidence' }],
    })
  })

  it('counts signatures between addition and revocation only', async () => {
    expect(await wrong(await log.bundle([added, revoked], [good]))).toEqual([])
    expect(await wrong(await log.bundle([added, revoked], [late]))).toEqual([
      expect.stringContaining('was revoked at leaf 3'),
    ])
    expect(await wrong(await log.bundle([added], [early]))).toEqual([
      expect.stringContaining('certified only at leaf 1'),
    ])
    expect(await wrong(await log.bundle([], [good]))).toEqual([
      expect.stringContaining('has not certified its key'),
    ])
    // What a file leaves out it cannot show: without the revocation the late signature looks good.
    expect(await wrong(await log.bundle([added], [late]))).toEqual([])
  })

  it('takes key statements from the log alone', async () => {
    const own = await TestLog.open()
    const impostor = await own.add({
      type: 'https://avouch.dev/evidence/core/key/v1',
      fields: {
        action: 'added',
        kind: 'evidence',
        keyid: own.company.keyid,
        algorithm: 'ed25519',
        publicKey: base64(own.companyKey),
      },
      by: [own.company],
    })
    const item = await own.add({})
    const failed = await wrong(await own.bundle([impostor], [item]))
    expect(failed).toHaveLength(2)
    expect(failed[0]).toContain('key statement 1')
  })

  it('refuses a key whose id is another key’s', async () => {
    const own = await TestLog.open()
    const forged = await own.certify('added', { publicKey: base64((await signer(77)).publicKey) })
    expect((await wrong(await own.bundle([forged], []))).join()).toContain('not the digest of its public key')
  })

  it('counts the signatures of two people', async () => {
    const own = await TestLog.open()
    const people = [await passkey(), await passkey()]
    const certified = []
    const by = []
    for (const { publicKey, rpId, origin, sign } of people) {
      const keyid = await keyidOf(publicKey)
      certified.push(
        await own.certify('added', {
          kind: 'person',
          keyid,
          algorithm: 'webauthn-es256',
          publicKey: base64(publicKey),
          rpId,
          origin,
        }),
      )
      by.push({ keyid, sign: (message: Uint8Array) => sign(message) })
    }
    const result = await verifyBundle(await own.bundle(certified, [await own.add({ by })]))
    expect(result.ok).toBe(true)
    expect(result.evidence[0]!.signers.map(({ kind }) => kind)).toEqual(['person', 'person'])
  })

  it('names what was changed', async () => {
    const bundle = await log.bundle([added], [good])
    const [item] = bundle.evidence
    const change = (part: object): ProofBundle => ({ ...bundle, evidence: [{ ...item!, ...part }] })
    const zero = base64(new Uint8Array(32))
    expect((await wrong(change({ index: 3 })))[0]).toContain('inclusion')
    expect((await wrong(change({ leafKey: zero })))[0]).toContain('inclusion')
    expect((await wrong(change({ proof: [] })))[0]).toContain('too short')
    expect((await wrong(change({ proof: item!.proof.map(() => zero) })))[0]).toContain('inclusion')
    expect((await wrong(change({ envelope: base64(utf8('{}')) })))[0]).toContain('form')
    expect((await wrong(change({ disclosures: [{ ...item!.disclosures[0]!, value: 2 }] })))[0]).toContain(
      '/a',
    )
    expect((await wrong({ ...bundle, checkpoint: bundle.checkpoint.slice(0, -3) }))[0]).toContain(
      'checkpoint',
    )
    expect(
      (await wrong({ ...bundle, checkpoint: bundle.checkpoint.replace('\n5\n', '\n6\n') }))[0],
    ).toContain('checkpoint')
    expect((await wrong({ ...bundle, log: bundle.log.replace('+', '+0') }))[0]).toContain('log key')
    expect((await wrong({ ...bundle, evidence: [item!, item!] })).at(-1)).toContain('twice')
    const other = formatVerifierKey(await verifierKey(log.key.name, 1, (await signer(88)).publicKey))
    expect((await wrong({ ...bundle, log: other }))[0]).toContain('not signed by')
  })

  it('shows the cosignatures of the witnesses the reader names', async () => {
    const bundle = await log.bundle([added], [good])
    const witness = await signer(33)
    const key = await verifierKey('witness.example.org', COSIGNATURE, witness.publicKey)
    const note = parseNote(bundle.checkpoint)
    const signature = formatCosignature(
      1_700_000_000,
      await witness.sign(cosignedMessage(note.text, 1_700_000_000)),
    )
    const checkpoint = formatNote({
      ...note,
      signatures: [...note.signatures, { name: key.name, id: key.id, signature }],
    })
    const witnesses = [formatVerifierKey(key)]
    const result = await verifyBundle({ ...bundle, checkpoint }, { witnesses })
    expect(result).toMatchObject({ ok: true, cosignatures: [{ timestamp: 1_700_000_000 }] })
    expect((await verifyBundle(bundle, { witnesses })).cosignatures).toEqual([])
    const forged = formatNote({
      ...note,
      signatures: [...note.signatures, { name: key.name, id: key.id, signature: new Uint8Array(72) }],
    })
    expect((await verifyBundle({ ...bundle, checkpoint: forged }, { witnesses })).ok).toBe(false)
  })

  it('reads back from a file, and so does a checkpoint', async () => {
    const bundle = await log.bundle([added], [good])
    const trustedKey = formatVerifierKey(log.key)
    expect(parseBundle(JSON.parse(JSON.stringify(bundle)))).toEqual(bundle)
    expect((await verifyFile(canonicalBytes(bundle), { trustedKey })).status).toBe('verified')
    expect((await verifyFile(canonicalBytes(bundle))).status).toBe('signer-unknown')
    expect((await verifyFile(canonicalBytes({ ...bundle, more: 1 }))).status).toBe('failed')
    const checkpoint = utf8(bundle.checkpoint)
    expect(await verifyFile(checkpoint, { trustedKey })).toMatchObject({
      status: 'verified',
      treeSize: 5,
      opened: 0,
    })
    expect((await verifyFile(checkpoint)).status).toBe('signer-unknown')
    expect((await verifyFile(checkpoint.slice(0, -10), { trustedKey })).status).toBe('failed')
    const other = formatVerifierKey(await verifierKey('other.example', 1, (await signer(88)).publicKey))
    expect((await verifyFile(checkpoint, { trustedKey: other })).status).toBe('failed')
    expect((await verifyFile(checkpoint, { trustedKeys: [other] })).status).toBe('signer-unknown')
  })
})
