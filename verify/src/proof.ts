import type { EvidenceProof, ProofBundle } from './bundle.ts'
import { fromBase64, hex } from './bytes.ts'
import { type Check, check } from './check.ts'
import { type VerifiedCheckpoint, verifyCheckpoint } from './checkpoint.ts'
import { type Cosignature, verifyCosignatures } from './cosignature.ts'
import { type DisclosedView, discloseFields } from './disclosure.ts'
import { type ParsedEnvelope, parseEnvelope, STATEMENT_TYPE, verifyEnvelope } from './dsse.ts'
import { VerifyError } from './errors.ts'
import { sha256 } from './hash.ts'
import {
  type KeyEvent,
  keysAt,
  LOG_SIGNED,
  logEnvelopeKey,
  logKeyid,
  readKeyEvent,
  whyNoneCounts,
} from './key.ts'
import { leafEntry } from './leaf.ts'
import { leafHash, verifyInclusion } from './merkle.ts'
import { ED25519, formatVerifierKey, parseVerifierKey, type VerifierKey } from './note.ts'
import { parseStatement, type Statement } from './statement.ts'

/** What the reader brings from elsewhere; nothing in a file can stand for it. */
export type Trust = {
  /** The log's verifier key, as the reader had it: another one in the file is a failure. */
  trustedKey?: string
  /** Verifier keys the reader knows: where none is the file's, its signer is unknown. */
  trustedKeys?: readonly string[]
  /** Verifier keys of witnesses (type 4) whose cosignatures are checked. */
  witnesses?: readonly string[]
}

/** Evidence of which every check held. */
export type VerifiedEvidence = {
  id: string
  /** SHA-256 of the Statement, hex: what figures cite. */
  digest: string
  predicateType: string
  /** Its leaf. */
  index: number
  statement: Statement
  view: DisclosedView
  /** Key ids that signed it and count at its leaf. */
  signers: { keyid: string; kind: 'log' | 'evidence' | 'person' }[]
}

/** What came of checking a bundle. `checks` are in the order they were made; the bundle holds where all are ok. */
export type ProofResult = {
  ok: boolean
  checks: Check[]
  /** The log's verifier key as the file gives it. */
  signer: string
  /** Whether the reader's own key, from elsewhere, is that of this log. */
  trusted: boolean
  checkpoint: VerifiedCheckpoint | undefined
  cosignatures: Cosignature[]
  evidence: VerifiedEvidence[]
  /** Distinct leaves that the file opens, of `checkpoint.size`. What the others hold it does not say. */
  opened: number
}

/**
 * Checks a proof bundle: the checkpoint's signature, each piece of evidence's inclusion, signatures and disclosures,
 * and that the log certified each signer before the leaf it signed. Needs no network. Throws only `no-webcrypto`.
 */
export async function verifyBundle(bundle: ProofBundle, trust: Trust = {}): Promise<ProofResult> {
  const checks: Check[] = []
  const result: ProofResult = {
    ok: false,
    checks,
    signer: bundle.log,
    trusted: false,
    checkpoint: undefined,
    cosignatures: [],
    evidence: [],
    opened: 0,
  }
  const logKey = await check(
    checks,
    'log key',
    () => readLogKey(bundle.log),
    ({ name }) => `The file names ${name} as its log.`,
  )
  if (logKey === undefined) return result
  result.signer = formatVerifierKey(logKey)
  result.trusted = await checkTrust(checks, logKey, trust)
  const head = await check(
    checks,
    'checkpoint',
    () => verifyCheckpoint(bundle.checkpoint, logKey),
    ({ origin, size }) => `${origin} signed its head of ${size} leaves.`,
  )
  if (head === undefined) return result
  result.checkpoint = head
  result.cosignatures = await checkWitnesses(checks, head, trust.witnesses ?? [])

  const keys = await Promise.all(
    bundle.keys.map((item, at) => openEvidence(item, `key statement ${at + 1}`, head)),
  )
  const events: KeyEvent[] = []
  for (const opened of keys) {
    checks.push(...opened.checks)
    const event = await certify(checks, opened, logKey)
    if (event !== undefined) events.push(event)
  }
  const rest = await Promise.all(
    bundle.evidence.map((item, at) => openEvidence(item, `evidence ${at + 1}`, head)),
  )
  for (const opened of rest) {
    checks.push(...opened.checks)
    const verified = await attribute(checks, opened, logKey, events)
    if (verified !== undefined) result.evidence.push(verified)
  }
  checkDistinct(checks, rest)
  result.opened = new Set([...bundle.keys, ...bundle.evidence].map(({ index }) => index)).size
  result.ok = checks.every(({ ok }) => ok)
  return result
}

async function readLogKey(vkey: string): Promise<VerifierKey> {
  const key = await parseVerifierKey(vkey)
  if (key.type !== ED25519 || formatVerifierKey(key) !== vkey)
    throw new VerifyError('key', "The log's verifier key is not an Ed25519 key (type 1).")
  return key
}

async function checkTrust(checks: Check[], logKey: VerifierKey, trust: Trust): Promise<boolean> {
  const own = formatVerifierKey(logKey)
  if (trust.trustedKey !== undefined) {
    const given = trust.trustedKey
    const found = await check(
      checks,
      'trusted key',
      async () => {
        const key = await parseVerifierKey(given)
        if (formatVerifierKey(key) !== own)
          throw new VerifyError(
            'key',
            `The file is of the log ${logKeyid(logKey)}, not of the one whose key you gave, ${logKeyid(key)}.`,
          )
        return key
      },
      () => `The key you gave is that of ${logKey.name}.`,
    )
    return found !== undefined
  }
  return (trust.trustedKeys ?? []).some((known) => known.trim() === own)
}

async function checkWitnesses(
  checks: Check[],
  head: VerifiedCheckpoint,
  witnesses: readonly string[],
): Promise<Cosignature[]> {
  if (witnesses.length === 0) return []
  const found = await check(
    checks,
    'witnesses',
    async () => verifyCosignatures(head.note, await Promise.all(witnesses.map(parseVerifierKey))),
    (held) =>
      held.length === 0
        ? 'None of the witnesses you named cosigned this head.'
        : held
            .map(
              ({ witness, timestamp }) =>
                `${witness.name} saw it at ${new Date(timestamp * 1000).toISOString()}`,
            )
            .join('; '),
  )
  return found ?? []
}

type Opened = { name: string; item: EvidenceProof; checks: Check[]; content: Content | undefined }
type Content = { envelope: ParsedEnvelope; statement: Statement; digest: string; view: DisclosedView }

/** The checks that need no key: the way to the root, the form, the disclosures. */
async function openEvidence(item: EvidenceProof, place: string, head: VerifiedCheckpoint): Promise<Opened> {
  const checks: Check[] = []
  const read = await check(
    checks,
    `${place}: form`,
    async () => {
      const bytes = fromBase64(item.envelope)
      const envelope = parseEnvelope(bytes)
      if (envelope.payloadType !== STATEMENT_TYPE)
        throw new VerifyError('envelope', `The envelope does not hold an in-toto Statement.`)
      return {
        bytes,
        envelope,
        statement: parseStatement(envelope.payload),
        digest: hex(await sha256(envelope.payload)),
      }
    },
    ({ statement }) => `An in-toto Statement of type ${statement.predicateType}.`,
  )
  if (read === undefined) return { name: place, item, checks, content: undefined }
  const { bytes, envelope, statement, digest } = read
  const name = `${place} (${statement.predicate.id})`
  const included = await check(
    checks,
    `${name}: inclusion`,
    async () => {
      const hash = await leafHash(await leafEntry(fromBase64(item.leafKey, 32), bytes))
      const proof = item.proof.map((step) => fromBase64(step, 32))
      await verifyInclusion({ index: item.index, size: head.size, leafHash: hash, proof, root: head.root })
      return true
    },
    () => `It is leaf ${item.index} of ${head.size}.`,
  )
  const view = await check(
    checks,
    `${name}: disclosures`,
    () => discloseFields(statement, item.disclosures),
    ({ withheld }) => `${item.disclosures.length} fields disclosed, ${withheld.length} withheld.`,
  )
  const whole = included !== undefined && view !== undefined
  return { name, item, checks, content: whole ? { envelope, statement, digest, view } : undefined }
}

/** A key statement counts where the log's own key signed it. */
async function certify(
  checks: Check[],
  { name, item, content }: Opened,
  logKey: VerifierKey,
): Promise<KeyEvent | undefined> {
  if (content === undefined) return undefined
  return check(
    checks,
    `${name}: signature`,
    async () => {
      await verifyEnvelope(content.envelope, [logEnvelopeKey(logKey)])
      return readKeyEvent(content.statement, item.index)
    },
    ({ action, keyid, kind }) =>
      `The log ${action} the ${kind} key ${keyid.slice(0, 16)} at leaf ${item.index}.`,
  )
}

/** Evidence counts where a key signed it that the log had certified below its leaf and not revoked there. */
async function attribute(
  checks: Check[],
  { name, item, content }: Opened,
  logKey: VerifierKey,
  events: readonly KeyEvent[],
): Promise<VerifiedEvidence | undefined> {
  if (content === undefined) return undefined
  const { envelope, statement, digest, view } = content
  const keys = LOG_SIGNED.includes(statement.predicateType)
    ? [logEnvelopeKey(logKey)]
    : keysAt(events, item.index)
  const signers = await check(
    checks,
    `${name}: signature`,
    async () => {
      const keyids = envelope.signatures.map(({ keyid }) => keyid)
      if (!keys.some(({ keyid }) => keyids.includes(keyid)))
        throw new VerifyError(
          'signature',
          `No signature on it counts: ${whyNoneCounts(events, keyids, item.index)}.`,
        )
      return (await verifyEnvelope(envelope, keys)).map(({ keyid }) => ({
        keyid,
        kind: kindOf(keyid, events),
      }))
    },
    (found) =>
      `Signed by ${found.map(({ keyid, kind }) => `${kind} key ${keyid.slice(0, 16)}`).join(' and ')}.`,
  )
  if (signers === undefined) return undefined
  return {
    id: statement.predicate.id,
    digest,
    predicateType: statement.predicateType,
    index: item.index,
    statement,
    view,
    signers,
  }
}

function kindOf(keyid: string, events: readonly KeyEvent[]): 'log' | 'evidence' | 'person' {
  return events.find((event) => event.keyid === keyid && event.key !== undefined)?.kind ?? 'log'
}

function checkDistinct(checks: Check[], opened: readonly Opened[]): void {
  const places = new Set(opened.map(({ item }) => item.index))
  const ids = opened.flatMap(({ content }) => content?.statement.predicate.id ?? [])
  if (places.size < opened.length || new Set(ids).size < ids.length)
    checks.push({
      name: 'evidence',
      ok: false,
      detail: 'The file holds one piece of evidence, or one id, twice.',
    })
}
