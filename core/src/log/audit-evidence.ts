import { createHmac, hash } from 'node:crypto'
import {
  canonicalJson,
  type EnvelopeKey,
  KEY_PREDICATE,
  logEnvelopeKey,
  parseEnvelope,
  parseStatement,
  parseVerifierKey,
  readKeyEvent,
  type Statement,
  verifyEnvelope,
} from '@avouch/verify'
import { sql } from 'kysely'
import type { BlobStore } from '../blob/store.ts'
import type { Database } from '../db/database.ts'
import { envelopeBytes } from '../evidence/envelope.ts'
import { fieldAt, fieldCommitment } from '../evidence/statement.ts'
import type { Attachment, Bulk } from '../evidence/type.ts'
import type { Audit } from './audit.ts'

/** Derives the root of bulk records again; `problems` says which records do not hold. */
export type BulkAuditor = (records: string) => Promise<{ root: string; problems: string[] }>

type Row = {
  id: string
  predicate_type: string
  release: string | null
  snapshot: string | null
  configuration: string | null
  recorded_at: Date
  digest: Buffer
  fields: string | null
  salts: string | null
  statement: Buffer | null
  leaf_key: Buffer | null
  leaf_index: number | null
  epoch: number | null
  entry: Buffer | null
  bulk: Bulk | null
  attachments: (Attachment & { blob: string })[]
  supersedes: string | null
  retracts: string | null
  signatures: { keyid: string; sig: string }[]
  erased_at: Date | null
  accepted: number
}

const PAGE = 500

/** Holds every record against its leaf, its signature, its commitments, its attachments and its bulk records. */
export async function auditEvidence(
  parts: { db: Database; blobs: BlobStore },
  origins: { epoch: number; name: string; key: string }[],
  bulk: Record<string, BulkAuditor>,
  audit: Audit,
  progress: (done: number, total: number) => void,
): Promise<void> {
  const keys = await certifiedKeys(parts.db, origins)
  const tombstones = await erasures(parts.db)
  const count = await sql<{ n: number }>`select count(*) as n from evidence.record`.execute(parts.db.kysely)
  let done = 0
  for (let after = 0; ; ) {
    const page = await sql<Row>`
      select r.* from evidence.entry r
      where r.accepted > ${after} order by r.accepted limit ${PAGE}`.execute(parts.db.kysely)
    for (const row of page.rows) {
      await auditRecord(parts.blobs, row, keys, tombstones, bulk, audit)
      after = row.accepted
      done++
    }
    progress(done, count.rows[0]?.n ?? done)
    if (page.rows.length < PAGE) break
  }
  const orphans = await sql<{ epoch: number; index: number }>`
    select l.epoch, l.index from log.leaf l left join evidence.record r on r.id = l.evidence
    where r.id is null limit 100`.execute(parts.db.kysely)
  for (const leaf of orphans.rows)
    audit.problem('evidence', `leaf ${leaf.index}`, 'its evidence is gone without a tombstone')
}

async function auditRecord(
  blobs: BlobStore,
  row: Row,
  keys: EnvelopeKey[],
  tombstones: Set<string>,
  bulk: Record<string, BulkAuditor>,
  audit: Audit,
): Promise<void> {
  const problem = (detail: string): void => audit.problem('evidence', row.id, detail)
  if (row.erased_at !== null) {
    audit.checked.erased++
    if (!tombstones.has(row.id)) problem('it is erased, but no erasure is recorded')
    return
  }
  if (row.leaf_index === null) {
    audit.checked.waiting++
    return
  }
  audit.checked.evidence++
  if (row.statement === null || row.leaf_key === null || row.entry === null)
    return problem('its Statement, leaf key or leaf is missing')
  const bytes = envelopeBytes(row.statement, row.signatures)
  if (!createHmac('sha256', row.leaf_key).update(bytes).digest().equals(row.entry))
    return problem('its envelope is not the one its leaf commits to')
  let statement: Statement
  try {
    const envelope = parseEnvelope(bytes)
    const signers = await verifyEnvelope(envelope, keys)
    if (!signers.some((key) => key.algorithm === 'ed25519')) problem('no key of this installation signed it')
    if (signers.length < envelope.signatures.length) problem('a key that the log never certified signed it')
    if (hash('sha256', envelope.payload) !== row.digest.toString('hex'))
      problem('its digest is not that of its Statement')
    statement = parseStatement(envelope.payload)
  } catch (error) {
    return problem((error as Error).message)
  }
  for (const detail of differences(row, statement)) problem(detail)
  await auditAttachments(blobs, row, audit)
  if (row.bulk !== null) await auditBulk(row, row.bulk, bulk, audit)
}

/** What the columns say against what was signed: gates and pages read the columns. */
function differences(row: Row, { predicateType, predicate }: Statement): string[] {
  const found: string[] = []
  const same = (name: string, column: unknown, signed: unknown): void => {
    if (canonicalJson(column ?? null) !== canonicalJson(signed ?? null))
      found.push(`${name} is not what was signed`)
  }
  same('the type', row.predicate_type, predicateType)
  same('the id', row.id, predicate.id)
  same('the release', row.release, predicate.about.release)
  same('the snapshot', row.snapshot, predicate.about.snapshot)
  same('the configuration', row.configuration, predicate.about.configuration)
  same('the time', row.recorded_at.toISOString(), predicate.recordedAt)
  same('supersedes', row.supersedes, predicate.supersedes)
  same('retracts', row.retracts, predicate.retracts)
  same('the bulk root', row.bulk, predicate.bulk)
  const fields = JSON.parse(row.fields ?? '{}') as Record<string, unknown>
  const salts = JSON.parse(row.salts ?? '{}') as Record<string, string>
  for (const [name, value] of Object.entries(predicate.fields)) same(`the field ${name}`, fields[name], value)
  for (const [pointer, commitment] of Object.entries(predicate.sealed)) {
    const salt = salts[pointer]
    const value = fieldAt(fields, pointer)
    // Erased by itself: salt and value were destroyed together.
    if (salt === undefined && (value === undefined || value === null)) continue
    if (
      salt === undefined ||
      value === undefined ||
      fieldCommitment(Buffer.from(salt, 'base64'), pointer, value) !== commitment
    )
      found.push(`the field ${pointer} is not what was committed to`)
  }
  const covered = new Set([
    ...Object.keys(predicate.fields).map((name) => `/${name}`),
    ...Object.keys(predicate.sealed),
  ])
  for (const name of Object.keys(fields))
    if (![...covered].some((pointer) => pointer === `/${name}` || pointer.startsWith(`/${name}/`)))
      found.push(`the field ${name} was never signed`)
  return found
}

async function auditAttachments(blobs: BlobStore, row: Row, audit: Audit): Promise<void> {
  for (const attachment of row.attachments) {
    audit.checked.attachments++
    const bytes = await blobs.get(attachment.blob)
    if (bytes === undefined) audit.problem('attachment', `${row.id} ${attachment.name}`, 'it is missing')
    else if (hash('sha256', bytes) !== attachment.sha256)
      audit.problem('attachment', `${row.id} ${attachment.name}`, 'its bytes have changed')
  }
}

async function auditBulk(
  row: Row,
  bulk: Bulk,
  auditors: Record<string, BulkAuditor>,
  audit: Audit,
): Promise<void> {
  audit.checked.bulk++
  const auditor = auditors[bulk.records.split('/')[0] ?? '']
  if (auditor === undefined) return audit.problem('bulk', row.id, `nothing here can read ${bulk.records}`)
  const { root, problems } = await auditor(bulk.records)
  for (const detail of problems) audit.problem('bulk', bulk.records, detail)
  if (root !== bulk.root) audit.problem('bulk', bulk.records, 'its root is not the one that was signed')
}

/** The log's keys and every key they certified, of the installation and of people. */
async function certifiedKeys(db: Database, origins: { name: string; key: string }[]): Promise<EnvelopeKey[]> {
  const keys = await Promise.all(origins.map(async ({ key }) => logEnvelopeKey(await parseVerifierKey(key))))
  const certified = await sql<{ statement: Buffer }>`
    select statement from evidence.entry
    where predicate_type = ${KEY_PREDICATE} and statement is not null and leaf_index is not null`.execute(
    db.kysely,
  )
  for (const { statement } of certified.rows) {
    const { key } = await readKeyEvent(parseStatement(statement), 0)
    if (key !== undefined) keys.push(key)
  }
  return keys
}

/** The evidence that erasures in the log speak of. */
async function erasures(db: Database): Promise<Set<string>> {
  const found = await sql<{ fields: string }>`
    select fields from evidence.entry
    where predicate_type like '%/core/erasure/v1' and fields is not null and leaf_index is not null`.execute(
    db.kysely,
  )
  return new Set(
    found.rows.map((row) => String((JSON.parse(row.fields) as Record<string, unknown>).evidence)),
  )
}
