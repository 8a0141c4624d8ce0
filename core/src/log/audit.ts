import { sql } from 'kysely'
import type { BlobStore } from '../blob/store.ts'
import type { Database } from '../db/database.ts'
import { auditEvidence, type BulkAuditor } from './audit-evidence.ts'
import { auditTree } from './audit-tree.ts'

export type Problem = {
  what: 'checkpoint' | 'tile' | 'node' | 'evidence' | 'attachment' | 'bulk'
  where: string
  detail: string
}

export type AuditResult = {
  ok: boolean
  checked: {
    leaves: number
    checkpoints: number
    tiles: number
    evidence: number
    erased: number
    waiting: number
    attachments: number
    bulk: number
  }
  /** The first thousand; `problemCount` counts all. */
  problems: Problem[]
  problemCount: number
}

export type Audit = Pick<AuditResult, 'checked'> & {
  problem(what: Problem['what'], where: string, detail: string): void
}

/**
 * Derives everything again: leaves from envelopes, tree from leaves, tiles and checkpoints from the tree, commitments
 * from fields, digests from attachments, and bulk roots from bulk records (`bulk`: by the first part of their address,
 * such as `campaign`). Finds one flipped byte anywhere in what is committed.
 */
export async function auditLog(
  parts: { db: Database; blobs: BlobStore },
  bulk: Record<string, BulkAuditor>,
  progress: (done: number, total: number) => void = () => {},
): Promise<AuditResult> {
  const result: AuditResult = {
    ok: true,
    checked: {
      leaves: 0,
      checkpoints: 0,
      tiles: 0,
      evidence: 0,
      erased: 0,
      waiting: 0,
      attachments: 0,
      bulk: 0,
    },
    problems: [],
    problemCount: 0,
  }
  const audit: Audit = {
    checked: result.checked,
    problem: (what, where, detail) => {
      result.ok = false
      result.problemCount++
      if (result.problems.length < 1000) result.problems.push({ what, where, detail })
    },
  }
  const origins = await sql<{
    epoch: number
    name: string
    key: string
  }>`select epoch, name, key from log.origin order by epoch`.execute(parts.db.kysely)
  for (const origin of origins.rows) await auditTree(parts, origin, audit)
  await auditEvidence(parts, origins.rows, bulk, audit, progress)
  return result
}
