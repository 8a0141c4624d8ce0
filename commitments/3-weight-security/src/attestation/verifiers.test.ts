import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { authority, keyUsage, testCertificate } from '../signing/test-certificate.ts'
import { readCbor } from './cbor.ts'
import {
  cbor,
  hardwareChain,
  makeNitro,
  makeQuote,
  makeSnp,
  makeStatement,
  statementKey,
  tpmKey,
} from './documents.fixture.ts'
import { allows, looserThan, readEnvironmentPolicy } from './policy.ts'
import type { Shown } from './verifier.ts'
import { loadVerifiers, verifierNamed } from './verifiers.ts'

const now = new Date('2026-06-01T12:00:00Z')
const nonce = randomBytes(32)

async function refused(name: string, document: Buffer, trust: string, code: string, at = now): Promise<void> {
  const verifier = await verifierNamed(name)
  expect(() => verifier.verify(document, { trust, now: at })).toThrow(expect.objectContaining({ code }))
}
const shown = async (name: string, document: Buffer, trust: string): Promise<Shown> =>
  (await verifierNamed(name)).verify(document, { trust, now })

/** No changed byte passes: each is refused, or what is shown is the very same. */
async function holdsAgainstFlips(name: string, document: Buffer, trust: string): Promise<void> {
  const verifier = await verifierNamed(name)
  const genuine = JSON.stringify(verifier.verify(document, { trust, now }))
  fc.assert(
    fc.property(fc.nat(document.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const changed = Buffer.from(document)
      changed[at]! ^= bits
      try {
        expect(JSON.stringify(verifier.verify(changed, { trust, now }))).toBe(genuine)
      } catch (error) {
        expect(['proof', 'input']).toContain((error as { code?: string }).code)
      }
    }),
    { numRuns: 150 },
  )
}

describe('a signed statement', () => {
  const { privateKey, trust } = statementKey()
  it('shows what it says, under the trusted key alone', async () => {
    const document = makeStatement(privateKey, { nonce, time: now })
    expect(await shown('signed-statement', document, trust)).toEqual({
      ...{ environment: 'lab', measurement: { image: 'a1' }, nonce, at: now },
    })
    await refused('signed-statement', document, statementKey().trust, 'proof')
    await refused('signed-statement', document, tpmKey('ec').trust, 'config')
    await refused('signed-statement', Buffer.from('{}'), trust, 'input')
    await holdsAgainstFlips('signed-statement', document, trust)
  })
})

describe('a document of AWS Nitro', () => {
  const chain = hardwareChain()
  const trust = chain.root.pem
  it('shows its PCRs where its certificates lead to the root', async () => {
    const document = makeNitro(chain, { nonce, at: now })
    expect(await shown('nitro', document, trust)).toEqual({
      measurement: { pcr0: '07'.repeat(48), pcr1: '08'.repeat(48) },
      ...{ nonce, at: now },
    })
    await holdsAgainstFlips('nitro', document, trust)
  })

  it('is refused under another root, out of date, of debug mode, with a broken chain or another algorithm', async () => {
    const document = makeNitro(chain, { nonce, at: now })
    await refused('nitro', document, hardwareChain().root.pem, 'proof')
    await refused('nitro', document, trust, 'proof', new Date('2036-01-01'))
    await refused('nitro', document, 'no certificate', 'config')
    await refused('nitro', makeNitro(chain, { nonce, pcr0: Buffer.alloc(48) }), trust, 'proof')
    await refused('nitro', makeNitro(chain, { nonce, bundle: [chain.root] }), trust, 'proof')
    await refused('nitro', makeNitro(chain, { nonce, bundle: [] }), trust, 'proof')
    await refused('nitro', makeNitro(chain, { nonce, algorithm: -7 }), trust, 'input')
    const noAuthority = testCertificate('Example Family', {
      issuer: chain.root,
      extensions: [keyUsage(0x04)],
    })
    const leaf = testCertificate('Example Chip', { issuer: noAuthority, key: chain.leaf.key })
    await refused('nitro', makeNitro({ ...chain, middle: noAuthority, leaf }, { nonce }), trust, 'proof')
    const weak = testCertificate('Example Chip', { issuer: chain.middle, extensions: [authority()] })
    await refused('nitro', makeNitro({ ...chain, leaf: weak }, { nonce }), trust, 'proof')
  })
})

describe('a report of AMD SEV-SNP', () => {
  const chain = hardwareChain()
  const trust = chain.root.pem
  it('shows its launch digest, and is refused where it may be debugged or holds more than a nonce', async () => {
    const document = makeSnp(chain, { nonce })
    const { measurement, ...rest } = await shown('sev-snp', document, trust)
    expect(measurement).toMatchObject({ measurement: '09'.repeat(48), vmpl: '0' })
    expect(rest).toEqual({ nonce })
    await refused('sev-snp', document, hardwareChain().root.pem, 'proof')
    const changed = (change: (report: Buffer) => void): Buffer => makeSnp(chain, { nonce, change })
    await refused(
      'sev-snp',
      changed((report) => report.writeBigUInt64LE(1n << 19n, 8)),
      trust,
      'proof',
    )
    await refused(
      'sev-snp',
      changed((report) => report.writeUInt8(1, 0x8f)),
      trust,
      'proof',
    )
    await refused(
      'sev-snp',
      changed((report) => report.writeUInt32LE(0, 0x34)),
      trust,
      'input',
    )
    await refused(
      'sev-snp',
      changed((report) => report.writeUInt32LE(1, 0)),
      trust,
      'input',
    )
    await refused('sev-snp', Buffer.from('{"report":"AA==","certificates":["AA=="]}'), trust, 'input')
    await holdsAgainstFlips('sev-snp', document, trust)
  })
})

describe('a quote of a TPM', () => {
  it.each(['rsa', 'ec'] as const)('shows the PCRs it quotes, signed by %s', async (kind) => {
    const { privateKey, trust } = tpmKey(kind)
    const document = makeQuote(privateKey, { nonce })
    expect(await shown('tpm', document, trust)).toEqual({
      measurement: { 'sha256-pcr0': 'aa'.repeat(32), 'sha256-pcr7': 'bb'.repeat(32) },
      nonce,
    })
    await refused('tpm', document, tpmKey(kind).trust, 'proof')
    await refused('tpm', document, tpmKey(kind === 'rsa' ? 'ec' : 'rsa').trust, 'proof')
    await refused('tpm', makeQuote(privateKey, { nonce, magic: 1 }), trust, 'proof')
    const other = { 0: 'aa'.repeat(32), 7: 'cc'.repeat(32) }
    await refused('tpm', makeQuote(privateKey, { nonce, shown: other }), trust, 'proof')
    await refused('tpm', makeQuote(privateKey, { nonce, shown: { 0: 'aa'.repeat(32) } }), trust, 'input')
    await refused('tpm', makeQuote(privateKey, { nonce, values: {} }), trust, 'proof')
    await holdsAgainstFlips('tpm', document, trust)
  })
})

describe('verifiers', () => {
  it('are those of the folder, each saying what it does not look at', async () => {
    const all = await loadVerifiers()
    expect(all.map(({ name }) => name)).toEqual(['nitro', 'sev-snp', 'signed-statement', 'tpm'])
    for (const { missing } of all) expect(missing.length).toBeGreaterThan(0)
    await expect(verifierNamed('toString')).rejects.toMatchObject({ code: 'input' })
  })

  it('read no CBOR that breaks off, goes on, nests deep, or claims more than there is', () => {
    for (const wrong of [
      '',
      '18',
      '8201',
      '5affffffff',
      'bf',
      'a201010102',
      '0000',
      '81'.repeat(9),
      '9bffffffffffffffff',
      'fb00',
    ])
      expect(() => readCbor(Buffer.from(wrong, 'hex'), 'test'), wrong).toThrow(
        expect.objectContaining({ code: 'input' }),
      )
    const value = new Map<number | string, number | string | Uint8Array>([
      [1, -35],
      ['a', Buffer.from('b')],
      [70_000, 'c'],
    ])
    expect(readCbor(cbor(value), 'test')).toEqual(
      new Map<unknown, unknown>([
        [1, -35],
        ['a', Uint8Array.from(Buffer.from('b'))],
        [70_000, 'c'],
      ]),
    )
  })
})

describe('an environment’s policy', () => {
  const policy = (given = {}) => ({
    attestation: {
      ...{ verifier: 'tpm', trust: 'key', measurements: [{ pcr0: 'a', pcr1: 'b' }], maxAgeSeconds: 600 },
      ...given,
    },
  })
  it('allows what measured all of one set just so', () => {
    const sets: Record<string, string>[] = [{ pcr0: 'a', pcr1: 'b' }, { pcr0: 'c' }]
    expect(allows(sets, { measurement: { pcr0: 'a', pcr1: 'b', pcr2: 'x' } })).toBe(true)
    expect(allows(sets, { measurement: { pcr0: 'c', pcr1: 'x' } })).toBe(true)
    expect(allows(sets, { measurement: { pcr0: 'a', pcr1: 'x' } })).toBe(false)
    expect(allows(sets, { measurement: { pcr1: 'b' } })).toBe(false)
    expect(allows([{ toString: 'x' }], { measurement: {} })).toBe(false)
  })
  it('trusts what the verifier can read, and no file name', async () => {
    for (const { name, trusted } of await loadVerifiers())
      expect(() => trusted('/etc/example/key.pem'), name).toThrow(expect.objectContaining({ code: 'config' }))
    const { trust } = statementKey()
    const tpm = await verifierNamed('tpm')
    expect(() => tpm.trusted(trust)).toThrow('of a kind that counts')
    expect((await verifierNamed('signed-statement')).trusted(trust)).toBeDefined()
  })
  it('is looser where anything more would pass', () => {
    expect(looserThan(policy(), policy())).toEqual([])
    expect(looserThan({ attestation: null }, policy())).toEqual([])
    expect(looserThan(policy(), policy({ maxAgeSeconds: 60 }))).toEqual([])
    expect(looserThan(policy(), policy({ measurements: [{ pcr0: 'a', pcr1: 'b', pcr2: 'c' }] }))).toEqual([])
    for (const given of [
      { verifier: 'nitro' },
      { trust: 'other' },
      { measurements: [{ pcr0: 'a' }] },
      { measurements: [{ pcr0: 'a', pcr1: 'b' }, { pcr0: 'z' }] },
      { maxAgeSeconds: 601 },
    ])
      expect(looserThan(policy(), policy(given))).toHaveLength(1)
    expect(looserThan(policy(), { attestation: null })).toHaveLength(1)
  })
  it('is read from a file, or refused', () => {
    expect(readEnvironmentPolicy('{"attestation":null}', 'x')).toEqual({ attestation: null })
    for (const wrong of [
      '',
      '{}',
      '{"attestation":{}}',
      '{"attestation":{"verifier":"tpm","trust":"k","measurements":[{}]}}',
    ])
      expect(() => readEnvironmentPolicy(wrong, 'x')).toThrow(expect.objectContaining({ code: 'input' }))
  })
})
