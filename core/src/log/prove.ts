import type { EvidenceProof, ProofBundle } from '@avouch/verify'
import type { BlobStore } from '../blob/store.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { envelopeBytes } from '../evidence/envelope.ts'
import { fieldAt } from '../evidence/statement.ts'
import { findSealed, listRecords } from '../evidence/store.ts'
import { PREDICATE_BASE } from '../evidence/type.ts'
import { findCheckpoint } from './store.ts'
import { openTree } from './tile-store.ts'
import type { TreeReader } from './tree-reader.ts'

/** Evidence to lay open: its id, and the pointers of the sealed fields to show. `all` shows every field. */
export type Wanted = { id: string; pointers: string[] | 'all' }

/**
 * A proof bundle for these pieces of evidence against one signed checkpoint (default: the newest that covers all),
 * with the certificates of the keys that signed them. A pointer inside a committed field discloses that field.
 * Throws `not-found` for evidence that is not logged or was erased.
 */
export async function proofBundle(
  parts: { db: Database; blobs: BlobStore },
  wanted: Wanted[],
  at: { size: number } | 'signed' | 'witnessed' | 'published' = 'signed',
): Promise<ProofBundle> {
  const checkpoint = await findCheckpoint(parts.db, at)
  if (checkpoint === undefined) throw new AvouchError('not-found', 'the log has no checkpoint yet')
  const tree = openTree(parts.db, parts.blobs, checkpoint.epoch)
  const keys = await listRecords(parts.db, { predicateType: `${PREDICATE_BASE}core/key/v1` })
  const merged = mergeWanted(wanted)
  const proofs = async (list: Wanted[]): Promise<EvidenceProof[]> => {
    const rows = new Map(
      (
        await findSealed(
          parts.db,
          list.map((w) => w.id),
        )
      ).map((row) => [row.id, row]),
    )
    return Promise.all(list.map((w) => proveOne(tree, checkpoint, rows.get(w.id), w)))
  }
  const covered = keys.filter(
    (key) => key.epoch === checkpoint.epoch && key.index !== undefined && key.index < checkpoint.size,
  )
  return {
    bundle: 'avouch-proof/v1',
    log: checkpoint.key,
    checkpoint: checkpoint.note,
    evidence: merged.length > 0 ? await proofs(merged) : [],
    keys: covered.length > 0 ? await proofs(covered.map((key) => ({ id: key.id, pointers: [] }))) : [],
  }
}

type SealedRow = Awaited<ReturnType<typeof findSealed>>[number]

async function proveOne(
  tree: TreeReader,
  checkpoint: { epoch: number; size: number },
  row: SealedRow | undefined,
  wanted: Wanted,
): Promise<EvidenceProof> {
  if (row === undefined || row.statement === null || row.leaf_key === null || row.leaf_index === null)
    throw new AvouchError('not-found', `evidence ${wanted.id} is not in the log, or was erased`, {
      where: wanted.id,
    })
  if (row.epoch !== checkpoint.epoch || row.leaf_index >= checkpoint.size)
    throw new AvouchError(
      'not-found',
      `the checkpoint of size ${checkpoint.size} does not cover evidence ${wanted.id}`,
      {
        where: wanted.id,
        fix: 'Ask for a later checkpoint.',
      },
    )
  const fields = JSON.parse(row.fields ?? '{}') as unknown
  const salts = JSON.parse(row.salts ?? '{}') as Record<string, string>
  for (const pointer of wanted.pointers === 'all' ? [] : wanted.pointers)
    if (fieldAt(fields, pointer) === undefined)
      throw new AvouchError('not-found', `evidence ${wanted.id} has nothing at ${pointer} to lay open`, {
        where: pointer,
        fix: `It commits to: ${Object.keys(salts).join(', ') || 'nothing but open fields'}.`,
      })
  const proof = await tree.inclusion(row.leaf_index, checkpoint.size)
  return {
    envelope: envelopeBytes(row.statement, row.signatures).toString('base64'),
    leafKey: row.leaf_key.toString('base64'),
    index: row.leaf_index,
    proof: proof.map((hash) => hash.toString('base64')),
    disclosures: committedPointers(wanted, salts).map((pointer) => ({
      pointer,
      salt: salts[pointer]!,
      value: fieldAt(fields, pointer),
    })),
  }
}

/** The committed pointers that hold what is wanted; open fields need no disclosure. */
function committedPointers(wanted: Wanted, salts: Record<string, string>): string[] {
  const known = Object.keys(salts)
  if (wanted.pointers === 'all') return known
  const needed = new Set<string>()
  for (const pointer of wanted.pointers)
    for (const candidate of known)
      if (pointer === candidate || pointer.startsWith(`${candidate}/`) || candidate.startsWith(`${pointer}/`))
        needed.add(candidate)
  return [...needed].sort()
}

function mergeWanted(wanted: Wanted[]): Wanted[] {
  const merged = new Map<string, Wanted>()
  for (const { id, pointers } of wanted) {
    const before = merged.get(id)
    merged.set(id, {
      id,
      pointers:
        pointers === 'all' || before?.pointers === 'all' ? 'all' : [...(before?.pointers ?? []), ...pointers],
    })
  }
  return [...merged.values()]
}
