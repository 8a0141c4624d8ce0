import type { Database } from '@avouch/core/db'
import { sql } from 'kysely'

/** A report as it was published. Files lie in the blob store under `folder`. */
export type Publication = {
  release: string
  /** Id of the report's evidence. */
  evidence: string
  /** SHA-256 (hex) of the covered bytes. */
  covered: string
  treeSize: number
  folder: string
  figures: number
  withheld: number
  publishedAt: Date
}

type Row = {
  release: string
  evidence: string
  covered: Buffer
  tree_size: number
  folder: string
  figures: number
  withheld: number
  published_at: Date
}

/** Records a publication and what it laid open, in one transaction. */
export async function insertPublication(
  db: Database,
  publication: Publication,
  disclosed: readonly { id: string; pointers: string[] }[],
): Promise<void> {
  const { release, evidence, covered, treeSize, folder, figures, withheld, publishedAt } = publication
  await db.kysely.transaction().execute(async (tx) => {
    const inserted = await sql<{ sequence: number }>`
      insert into public_reporting.publication
        (release, evidence, covered, tree_size, folder, figures, withheld, published_at)
      values (${release}, ${evidence}, ${Buffer.from(covered, 'hex')}, ${treeSize}, ${folder}, ${figures}, ${withheld}, ${publishedAt})
      returning sequence`.execute(tx)
    const sequence = inserted.rows[0]!.sequence
    for (const { id, pointers } of disclosed)
      await sql`insert into public_reporting.disclosed (publication, evidence, pointers)
        values (${sequence}, ${id}, ${pointers})`.execute(tx)
  })
}

/** The newest publication of each release, newest first. */
export async function listPublications(db: Database): Promise<Publication[]> {
  const found = await sql<Row>`
    select * from (
      select distinct on (release) * from public_reporting.publication order by release, sequence desc
    ) newest order by sequence desc`.execute(db.kysely)
  return found.rows.map(toPublication)
}

/** The newest publication of a release. */
export async function findPublication(db: Database, release: string): Promise<Publication | undefined> {
  const found = await sql<Row>`
    select * from public_reporting.publication where release = ${release}
    order by sequence desc limit 1`.execute(db.kysely)
  return found.rows.map(toPublication)[0]
}

/** Whether any publication laid this evidence open. */
export async function isDisclosed(db: Database, evidence: string): Promise<boolean> {
  const found = await sql<{ found: boolean }>`
    select exists (select from public_reporting.disclosed where evidence = ${evidence}) as found`.execute(
    db.kysely,
  )
  return found.rows[0]?.found === true
}

function toPublication(row: Row): Publication {
  return {
    release: row.release,
    evidence: row.evidence,
    covered: row.covered.toString('hex'),
    treeSize: row.tree_size,
    folder: row.folder,
    figures: row.figures,
    withheld: row.withheld,
    publishedAt: row.published_at,
  }
}
