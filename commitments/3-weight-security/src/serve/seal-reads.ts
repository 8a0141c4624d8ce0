import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { merkleRoot } from '@avouch/core/log'
import { firstKept } from '../egress/spend.ts'
import { forgetUsed } from '../egress/store.ts'
import { chainHash, entryLeaf, NOTHING, type ReadEntry, readEntrySchema } from './entry.ts'
import { readsEvidence } from './evidence.ts'
import { SEAL_AFTER_READS } from './record.ts'
import { tellRefusals } from './refusals.ts'
import { insertBatch, lastSealed, lockBatches, type ReadRow, readHead, readsBetween } from './store.ts'

/** The part of a bulk record's address that says it is a stretch of this record. */
export const READS = 'weight-reads'

/**
 * Makes evidence of every read that is none yet, in stretches of 10,000 at most. Returns the ids. Throws `proof` where
 * the record was changed: what does not hang together is not signed. What no budget looks back to any more is forgotten.
 */
export async function sealReads(
  installation: Pick<Installation, 'db' | 'evidence' | 'now' | 'work'>,
): Promise<string[]> {
  await tellRefusals(installation)
  const made: string[] = []
  for (;;) {
    const id = await sealSome(installation)
    if (id === undefined) break
    made.push(id)
  }
  if (made.length > 0) await installation.evidence.logged(made)
  return made
}

/** The job. */
export async function sealReadsJob(installation: Installation): Promise<void> {
  await sealReads(installation)
}

async function sealSome({
  db,
  evidence,
  now,
}: Pick<Installation, 'db' | 'evidence' | 'now'>): Promise<string | undefined> {
  return db.kysely.transaction().execute(async (tx) => {
    await lockBatches(tx)
    const sealed = await lastSealed(tx)
    const head = await readHead(tx)
    const end = head?.number ?? 0
    if (head === undefined || end === sealed) return undefined
    // by the last read's moment, so that no clock that runs ahead makes room in a budget
    await forgetUsed(tx, firstKept(head.at < now() ? head.at : now()))
    const before = sealed === 0 ? NOTHING : (await readsBetween(tx, sealed, sealed))[0]?.hash
    const rows = await readsBetween(tx, sealed + 1, end, SEAL_AFTER_READS)
    const problems = before === undefined ? ['an entry is missing'] : checkStretch(rows, sealed + 1, before)
    const last = rows.at(-1)
    if (problems.length > 0 || before === undefined || last === undefined)
      throw new AvouchError(
        'proof',
        `the record of reads does not hang together: ${problems[0] ?? 'it is cut'}`,
        {
          where: `weight_security.read_record from ${sealed + 1} on`,
          fix: 'Somebody changed the database. Keep it as it is, and find out who.',
        },
      )
    const { id } = await evidence.accept(tx, {
      type: readsEvidence,
      about: {},
      fields: {
        first: sealed + 1,
        last: last.number,
        before: before.toString('hex'),
        after: last.hash.toString('hex'),
        ...summaryOf(rows.map(({ entry }) => readEntrySchema.parse(JSON.parse(entry)))),
      },
      bulk: {
        root: merkleRoot(rows.map(({ entry }) => entryLeaf(entry))).toString('hex'),
        leaves: rows.length,
        records: `${READS}/${sealed + 1}-${last.number}`,
      },
    })
    await insertBatch(tx, { first: sealed + 1, last: last.number, evidence: id }, now())
    return id
  })
}

/** What is wrong with entries that should follow one another from `first` on, after one of this hash. */
export function checkStretch(rows: readonly ReadRow[], first: number, before: Buffer): string[] {
  const problems: string[] = []
  let hash = before
  for (const [n, row] of rows.entries()) {
    const where = `read ${first + n}`
    if (row.number !== first + n) return [...problems, `${where} is missing`]
    hash = chainHash(hash, row.entry)
    if (!hash.equals(row.hash)) return [...problems, `${where}: it does not follow from those before it`]
    problems.push(...rowProblems(row).map((problem) => `${where}: ${problem}`))
  }
  return problems
}

function rowProblems(row: ReadRow): string[] {
  const parsed = readEntrySchema.safeParse(JSON.parse(row.entry))
  if (!parsed.success) return ['it cannot be read']
  const { number, time, lease, object, person, model, bytes } = parsed.data
  const same =
    number === row.number &&
    time === row.at.toISOString() &&
    lease === row.lease &&
    object === row.object &&
    person === row.person &&
    model === row.model &&
    bytes === row.bytes
  return same ? [] : ['its row says something else than its entry']
}

function summaryOf(entries: readonly ReadEntry[]) {
  const models = new Map<string, ReadEntry[]>()
  for (const entry of entries)
    if (entry.outcome === 'ok') models.set(entry.model, [...(models.get(entry.model) ?? []), entry])
  const distinct = (of: readonly ReadEntry[], key: 'person' | 'lease'): number =>
    new Set(of.map((entry) => entry[key])).size
  const read = entries.filter(({ outcome }) => outcome === 'ok')
  return {
    from: entries[0]!.time,
    to: entries.at(-1)!.time,
    refused: entries.filter(({ outcome }) => outcome !== 'ok').reduce((sum, { times = 1 }) => sum + times, 0),
    people: distinct(read, 'person'),
    leases: distinct(read, 'lease'),
    // more than a thousand models in a minute are not told apart
    models: [...models].slice(0, 1000).map(([model, of]) => ({
      model,
      reads: of.length,
      bytes: of.reduce((sum, { bytes }) => sum + bytes, 0),
      people: distinct(of, 'person'),
      unattested: of.filter(({ attestation }) => attestation === null).length,
    })),
  }
}
