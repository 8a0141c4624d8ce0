import type { Installation } from '@avouch/core/installation'
import { merkleRoot } from '@avouch/core/log'
import { counted } from '@avouch/core/words'
import { besideProblems } from './audit-beside.ts'
import { entryLeaf, NOTHING } from './entry.ts'
import { readsEvidence } from './evidence.ts'
import { checkStretch } from './seal-reads.ts'
import { findBatch, lastSealed, type ReadRow, readHead, readsBetween } from './store.ts'

/**
 * Derives the root of a stretch of the record of reads again, and holds the chain against its evidence. `records` is
 * `weight-reads/FIRST-LAST`. With the last stretch, what follows it and is no evidence yet is looked at too, and the tables beside.
 */
export async function auditReads(
  { db, evidence, now }: Pick<Installation, 'db' | 'evidence' | 'now'>,
  records: string,
): Promise<{ root: string; problems: string[] }> {
  const range = /^weight-reads\/(\d{1,15})-(\d{1,15})$/.exec(records)
  if (range === null) return { root: '', problems: ['this names no stretch of reads'] }
  const [first, last] = [Number(range[1]), Number(range[2])]
  const rows = await readsBetween(db, first, last)
  const before = first === 1 ? NOTHING : (await readsBetween(db, first - 1, first - 1))[0]?.hash
  const batch = await findBatch(db, first)
  const fields = batch && (await evidence.get(batch.evidence))?.fields
  const told = fields && readsEvidence.schema.safeParse(fields)
  const problems = before === undefined ? [`read ${first - 1} is missing`] : checkStretch(rows, first, before)
  if (rows.length !== last - first + 1)
    problems.push(`${counted(last - first + 1 - rows.length, 'read is', 'reads are')} missing`)
  if (batch?.last !== last) problems.push('no evidence is known for just this stretch')
  if (told?.success && !agrees(told.data, before, rows))
    problems.push('the chain is not the one that was signed')
  if (last === (await lastSealed(db)))
    problems.push(
      ...(await tailProblems(db, last, rows.at(-1)?.hash)),
      ...(await besideProblems({ db, evidence, now })),
    )
  return { root: merkleRoot(rows.map(({ entry }) => entryLeaf(entry))).toString('hex'), problems }
}

function agrees(
  told: { before: string; after: string },
  before: Buffer | undefined,
  rows: ReadRow[],
): boolean {
  return told.before === before?.toString('hex') && told.after === rows.at(-1)?.hash.toString('hex')
}

async function tailProblems(
  db: Installation['db'],
  last: number,
  hash: Buffer | undefined,
): Promise<string[]> {
  const end = (await readHead(db))?.number ?? 0
  const rows = await readsBetween(db, last + 1, end, 1_000_000)
  if (rows.length !== end - last) return [`the record ends at ${end}, but reads are missing`]
  return hash === undefined ? [] : checkStretch(rows, last + 1, hash)
}
