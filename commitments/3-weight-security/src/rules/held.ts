import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, RuleContext } from '@avouch/core/obligation'
import { pinnedIn, SIGNERS, signerOf } from '../pinning/pinned.ts'
import { followedLogs, lackingOf } from './followed.ts'

// written out, so that listing obligations loads no schema
const BASE = 'https://avouch.dev/evidence/weight-security/'
export const SEALED = `${BASE}sealed/v1`
export const SIGNATURE = `${BASE}signature/v1`
export const CUSTODY_STEP = `${BASE}custody-step/v1`

/** Steps that make weights; the others move or end them. */
const MAKING = ['train', 'import', 'quantise', 'merge']

/**
 * 3.1: every file known of the release stands sealed, a model signature by a pinned signer covers it, and its chain leads back to a training
 * or an import. Known are the sealed files, and those that the newest model signature names. Only evidence about this
 * release is looked at, so steps of earlier models count once they are recorded for it too. Where nothing stands sealed,
 * the audit logs of the company's own storage and key service may tell instead.
 */
export function held(context: RuleContext): Answer {
  const { release } = context
  const sealed = ofThisSnapshot(context, context.evidence(SEALED))
  if (sealed.length === 0) return heldElsewhere(context)
  const { signatures, others, list } = signaturesOf(context)
  const steps = context.evidence(CUSTODY_STEP)
  const newest = new Map(sealed.map((record) => [text(record, 'name'), record]))
  const digests = new Set([...newest.values()].map((record) => text(record, 'digest')))
  const covered = new Set(signatures.flatMap((one) => [text(one, 'subjectDigest'), ...filesOf(one)]))
  const known = leadingBack(steps, signatures)
  const unsealed = new Set(filesOf(signatures.at(-1)).filter((digest) => !digests.has(digest)))
  const unsigned = [...digests].filter((digest) => !covered.has(digest))
  const unknown = [...digests].filter((digest) => !known.has(digest))
  const open = [
    ...said(unsealed.size, 'signed and not sealed'),
    ...said(unsigned.length, 'without a model signature by a signer whom two people pinned'),
    ...ignoredIn(unsigned.length, others),
    ...said(unknown.length, 'without a chain of custody back to a training or an import'),
  ]
  const ids = [...newest.values(), ...signatures, ...list, ...steps].map(({ id }) => id)
  const count = `${newest.size} ${newest.size === 1 ? 'file' : 'files'} of weights of ${release.name}`
  if (open.length === 0)
    return {
      status: 'met',
      why: `${count}: encrypted, signed by ${signersIn(signatures)}, and of known custody back to a training or an import.`,
      evidence: ids,
    }
  return { status: 'partly', why: `${count} stand sealed, but ${open.join('; ')}.`, evidence: ids }
}

/**
 * Where nothing stands sealed here, the company's own storage and key service may hold the weights: their audit logs are
 * followed, tell that the objects are encrypted at rest, and every file that the newest signature names leads back.
 */
function heldElsewhere(context: RuleContext): Answer {
  const { name } = context.release
  const logs = followedLogs(context)
  if (!logs)
    return {
      status: 'missing',
      why: `No weights of ${name} stand sealed here, and no audit log of a company's own storage and key service that tells of them was taken in within 90 days.`,
      evidence: [],
    }
  const { signatures, others, list } = signaturesOf(context)
  const steps = context.evidence(CUSTODY_STEP)
  const files = [...new Set(filesOf(signatures.at(-1)))]
  const known = leadingBack(steps, signatures)
  const open = [
    ...lackingOf(logs),
    ...(files.length === 0 ? ['no model signature by a signer whom two people pinned names its files'] : []),
    ...ignoredIn(files.length === 0 ? 1 : 0, others),
    ...said(
      files.filter((digest) => !known.has(digest)).length,
      'signed without a chain of custody back to a training or an import',
    ),
  ]
  const where = `Weights of ${name} stand in the company's own storage, as its audit logs (${logs.sources.join(', ')}) tell`
  const evidence = [...logs.records, ...signatures, ...list, ...steps].map(({ id }) => id)
  if (open.length > 0) return { status: 'partly', why: `${where}, but ${open.join('; ')}.`, evidence }
  return {
    status: 'met',
    why: `${where}: encrypted at rest, signed by ${signersIn(signatures)}, and of known custody back to a training or an import. That what lies there is what was signed, and that nothing happened without a record, the logs do not tell.`,
    evidence,
  }
}

type Signatures = { signatures: EvidenceRecord[]; others: EvidenceRecord[]; list: EvidenceRecord[] }

/**
 * The model signatures by those whom the company's newest list pins, and the others: a key is soon made, and whose it is
 * two people have to have signed. `list` is that list.
 */
function signaturesOf(context: RuleContext): Signatures {
  const lists = context.evidence(SIGNERS, 'company')
  const pinned = pinnedIn(lists, (one) => context.signedByPerson(one))
  const all = context.evidence(SIGNATURE)
  const isPinned = (one: EvidenceRecord): boolean => pinned.has(signerOf(one))
  return {
    signatures: all.filter(isPinned),
    others: all.filter((one) => !isPinned(one)),
    list: lists.slice(-1),
  }
}

/** Signatures that do not count, where some are wanting. */
function ignoredIn(wanting: number, others: readonly EvidenceRecord[]): string[] {
  if (wanting === 0 || others.length === 0) return []
  const count = others.length === 1 ? 'a signature is' : `${others.length} signatures are`
  return [`${count} by ${signersIn(others)}, which anybody can have made for themselves`]
}

/** Keys and certificates by the beginning of their digests, each once. */
function signersIn(signatures: readonly EvidenceRecord[]): string {
  const short = new Set(signatures.map((one) => `${text(one, 'method')} ${text(one, 'signer').slice(0, 16)}`))
  return [...short].slice(0, 5).join(', ')
}

/** Sealing seldom names a snapshot; where it does, it has to be the one that ships, or carried over to it. */
function ofThisSnapshot({ release, applies }: RuleContext, records: EvidenceRecord[]): EvidenceRecord[] {
  const applying = new Set(applies(records))
  return records.filter(
    (record) =>
      record.about.snapshot === undefined ||
      release.snapshot === undefined ||
      record.about.snapshot === release.snapshot ||
      applying.has(record),
  )
}

/**
 * The digests all of whose makers lead back. Found from the beginnings on, so that a circle never enters. A file that no
 * step made is of known custody where the signed model is that it is a part of.
 */
function leadingBack(steps: readonly EvidenceRecord[], signatures: readonly EvidenceRecord[]): Set<string> {
  const makers = new Map<string, string[][]>()
  const make = (digest: string, from: string[]): unknown =>
    makers.get(digest)?.push(from) ?? makers.set(digest, [from])
  for (const step of steps)
    if (MAKING.includes(text(step, 'step')))
      for (const digest of texts(step.fields.out)) make(digest, texts(step.fields.in))
  const made = new Set(makers.keys())
  for (const signature of signatures) {
    const model = text(signature, 'subjectDigest')
    const isOutOf = (file: string): boolean => makers.get(model)?.some((from) => from.includes(file)) ?? false
    if (made.has(model))
      for (const file of new Set(filesOf(signature)))
        if (!made.has(file) && !isOutOf(file)) make(file, [model])
  }
  const known = new Set<string>()
  for (let before = -1; before < known.size; ) {
    before = known.size
    for (const [digest, ways] of makers)
      if (ways.every((from) => from.every((one) => known.has(one)))) known.add(digest)
  }
  return known
}

function said(count: number, what: string): string[] {
  return count === 0 ? [] : [`${count} ${count === 1 ? 'is' : 'are'} ${what}`]
}

function filesOf(signature: EvidenceRecord | undefined): string[] {
  const files = signature?.fields.files
  return Array.isArray(files)
    ? files.map((file: unknown) => (isObject(file) && typeof file.digest === 'string' ? file.digest : ''))
    : []
}

function text(record: EvidenceRecord, field: string): string {
  const value = record.fields[field]
  return typeof value === 'string' ? value : ''
}

/** An entry that is no text stands for something unknown, which leads nowhere back. */
function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map((one: unknown) => (typeof one === 'string' ? one : '')) : ['']
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
