import { createHash } from 'node:crypto'
import type { Pool, PoolClient } from 'pg'
import { AvouchError } from '../errors.ts'
import type { Migrations } from './database.ts'
import { databaseError } from './errors.ts'

/** Any fixed number; the advisory lock under which schemas change. */
const MIGRATION_LOCK = 4_600_001

const TAKEN = new Set(['public', 'information_schema', 'graphile_worker'])

/**
 * Applies the steps not yet applied, each in a transaction of its own with the note that it was; the note keeps
 * the text, from which a backup makes the tables again. Throws `conflict`
 * where a step that was applied has another text now, is unknown to this release, or would come before applied ones.
 */
export async function migrate(pool: Pool, modules: Migrations[]): Promise<void> {
  for (const { schema } of modules)
    if (!/^[a-z][a-z0-9_]{0,48}$/.test(schema) || schema.startsWith('pg_') || TAKEN.has(schema))
      throw new AvouchError('internal', `"${schema}" cannot be the name of a module's schema`)
  const client = await pool.connect().catch((error) => {
    throw databaseError(error)
  })
  let broken: Error | undefined
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK])
    for (const module of modules) await migrateModule(client, module)
    await client.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK])
  } catch (error) {
    broken = error instanceof Error ? error : new Error(String(error))
    throw databaseError(error, 'migrations')
  } finally {
    // A connection that may still hold the lock is closed, which frees it.
    client.release(broken)
  }
}

async function migrateModule(client: PoolClient, { schema, steps }: Migrations): Promise<void> {
  const { rowCount } = await client.query('SELECT FROM pg_namespace WHERE nspname = $1', [schema])
  // A user without CREATE on the database may still have been given the schema.
  if (rowCount === 0) await client.query(`CREATE SCHEMA "${schema}"`)
  await client.query(stepTable(schema))
  const { rows } = await client.query<{ name: string; digest: string }>(
    `SELECT name, digest FROM "${schema}".applied_step`,
  )
  const applied = new Map(rows.map((row) => [row.name, row.digest]))
  const names = Object.keys(steps).sort()
  checkApplied(schema, steps, names, applied)
  for (const name of names) if (!applied.has(name)) await applyStep(client, schema, name, steps[name]!)
}

function checkApplied(
  schema: string,
  steps: Record<string, string>,
  names: string[],
  applied: Map<string, string>,
): void {
  const last = [...applied.keys()].sort().at(-1)
  for (const [name, digest] of applied) {
    if (steps[name] === undefined)
      throw new AvouchError('conflict', `the database holds step ${name}, which this release does not know`, {
        where: `${schema}/${name}`,
        fix: 'Run the newer release of Avouch that made it.',
      })
    if (digestOf(steps[name]) !== digest)
      throw new AvouchError('conflict', `step ${name} was edited after it was applied`, {
        where: `${schema}/${name}`,
        fix: 'Restore its text and put the change into a new step.',
      })
  }
  for (const name of names)
    if (last !== undefined && name < last && !applied.has(name))
      throw new AvouchError('conflict', `step ${name} comes before ${last}, which is already applied`, {
        where: `${schema}/${name}`,
        fix: 'Give the new step a name that sorts after all shipped ones.',
      })
}

async function applyStep(client: PoolClient, schema: string, name: string, text: string): Promise<void> {
  try {
    await client.query('BEGIN')
    await client.query(text)
    await client.query(`INSERT INTO "${schema}".applied_step (name, digest, text) VALUES ($1, $2, $3)`, [
      name,
      digestOf(text),
      text,
    ])
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw databaseError(error, `${schema}/${name}`)
  }
}

/** Line ends do not count: a checkout on Windows is no edit. */
function digestOf(text: string): string {
  return createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex')
}

/** SQL that makes a module's table of applied steps. */
export function stepTable(schema: string): string {
  return `CREATE TABLE IF NOT EXISTS "${schema}".applied_step (
       name text PRIMARY KEY,
       digest text NOT NULL,
       text text NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now()
     )`
}
