import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import type { Disclosure, EvidenceProof, ProofBundle } from '../src/bundle.ts'
import { base64, utf8 } from '../src/bytes.ts'
import { canonicalBytes } from '../src/canonical.ts'
import { formatCheckpoint } from '../src/checkpoint.ts'
import { commitField } from '../src/disclosure.ts'
import { formatEnvelope, pae, STATEMENT_TYPE } from '../src/dsse.ts'
import { KEY_PREDICATE, keyidOf, logKeyid } from '../src/key.ts'
import { leafHash } from '../src/merkle.ts'
import { ED25519, formatNote, formatVerifierKey, type VerifierKey, verifierKey } from '../src/note.ts'
import { STATEMENT_V1 } from '../src/statement.ts'
import { signer } from './signer.ts'
import { path, treeHash } from './tree.ts'

export type Sign = { keyid: string; sign(message: Uint8Array): Promise<Uint8Array<ArrayBuffer>> }
export type Written = { id: string; digest: string; proof: Omit<EvidenceProof, 'proof'> }

/** A log in memory, built by the formats alone: what the verifier is shown in tests. */
export class TestLog {
  readonly key: VerifierKey
  readonly log: Sign
  readonly company: Sign
  readonly companyKey: Uint8Array
  private readonly signNote: (data: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>
  private readonly hashes: Uint8Array[] = []

  private constructor(key: VerifierKey, log: Sign, company: Sign, companyKey: Uint8Array) {
    this.key = key
    this.log = log
    this.company = company
    this.companyKey = companyKey
    this.signNote = log.sign
  }

  static async open(origin = 'log.example.com/avouch'): Promise<TestLog> {
    const [log, company] = [await signer(11), await signer(12)]
    const key = await verifierKey(origin, ED25519, log.publicKey)
    const keyid = await keyidOf(company.publicKey)
    return new TestLog(
      key,
      { keyid: logKeyid(key), sign: log.sign },
      { keyid, sign: company.sign },
      company.publicKey,
    )
  }

  /** Adds evidence whose `sealed` fields are committed to under their pointers, and disclosed unless withheld. */
  async add(options: {
    type?: string
    fields?: Record<string, unknown>
    sealed?: Record<string, unknown>
    withhold?: string[]
    subject?: Record<string, string>
    by?: Sign[]
    extra?: Record<string, unknown>
  }): Promise<Written> {
    const sealed: Record<string, string> = {}
    const disclosures: Disclosure[] = []
    for (const [pointer, value] of Object.entries(options.sealed ?? {})) {
      const { commitment, disclosure } = await commitField(pointer, value)
      sealed[pointer] = commitment
      if (!options.withhold?.includes(pointer)) disclosures.push(disclosure)
    }
    const id = randomUUID()
    const statement = {
      _type: STATEMENT_V1,
      subject: [{ name: 'subject', digest: options.subject ?? { sha256: '0'.repeat(64) } }],
      predicateType: options.type ?? 'https://avouch.dev/evidence/example/result/v1',
      predicate: {
        id,
        recordedAt: '2026-03-01T12:00:00.000Z',
        about: { release: 'example-model@2.0' },
        fields: options.fields ?? {},
        sealed,
        head: null,
        ...options.extra,
      },
    }
    const payload = canonicalBytes(statement)
    const message = pae(STATEMENT_TYPE, payload)
    const signatures = []
    for (const { keyid, sign } of options.by ?? [this.company])
      signatures.push({ keyid, sig: await sign(message) })
    const envelope = canonicalBytes(formatEnvelope({ payloadType: STATEMENT_TYPE, payload, signatures }))
    const leafKey = new Uint8Array(randomBytes(32))
    const entry = new Uint8Array(createHmac('sha256', leafKey).update(envelope).digest())
    const index = this.hashes.push(await leafHash(entry)) - 1
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', payload)).toString('hex')
    return { id, digest, proof: { envelope: base64(envelope), leafKey: base64(leafKey), index, disclosures } }
  }

  /** Certifies or revokes a key, by default the company's evidence key. */
  async certify(action: 'added' | 'revoked', fields: Record<string, unknown> = {}): Promise<Written> {
    const own = {
      kind: 'evidence',
      keyid: this.company.keyid,
      algorithm: 'ed25519',
      publicKey: base64(this.companyKey),
    }
    return this.add({ type: KEY_PREDICATE, fields: { action, ...own, ...fields }, by: [this.log] })
  }

  async checkpoint(): Promise<string> {
    const text = formatCheckpoint({
      origin: this.key.name,
      size: this.hashes.length,
      root: new Uint8Array(await treeHash(this.hashes)),
    })
    const { name, id } = this.key
    return formatNote({ text, signatures: [{ name, id, signature: await this.signNote(utf8(text)) }] })
  }

  async bundle(keys: Written[], evidence: Written[]): Promise<ProofBundle> {
    const prove = async ({ proof }: Written) => ({
      ...proof,
      proof: (await path(proof.index, this.hashes)).map((hash) => base64(hash)),
    })
    return {
      bundle: 'avouch-proof/v1',
      log: formatVerifierKey(this.key),
      checkpoint: await this.checkpoint(),
      evidence: await Promise.all(evidence.map(prove)),
      keys: await Promise.all(keys.map(prove)),
    }
  }
}
