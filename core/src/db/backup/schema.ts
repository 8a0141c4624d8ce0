import pg from 'pg'
import type { Manifest } from './manifest.ts'

/** The schemas that modules made, which are those with applied steps; never graphile-worker's. */
export async function moduleSchemas(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT n.nspname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relname = 'applied_step' AND c.relkind = 'r' AND n.nspname NOT LIKE 'pg\\_%'
     ORDER BY n.nspname`,
  )
  return rows.map(({ name }) => name)
}

/** Ordinary and partitioned tables; a partition's rows come with its parent. */
export async function tablesOf(client: pg.Client, schema: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class
     WHERE relnamespace = $1::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition ORDER BY relname`,
    [pg.escapeIdentifier(schema)],
  )
  return rows.map(({ name }) => name)
}

/** The columns that hold data: not those that are computed from others. */
export async function columnsOf(client: pg.Client, schema: string, table: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [`${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`],
  )
  return rows.map(({ name }) => name)
}

/** Sequences with where they stand; they do not belong to a snapshot, so this is that or later. */
export async function sequencesOf(
  client: pg.Client,
  schema: string,
): Promise<Manifest['schemas'][number]['sequences']> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = $1::regnamespace AND relkind = 'S' ORDER BY relname`,
    [pg.escapeIdentifier(schema)],
  )
  const found: Manifest['schemas'][number]['sequences'] = []
  for (const { name } of rows) {
    const { rows: state } = await client.query<{ last: string; called: boolean }>(
      `SELECT last_value::text AS last, is_called AS called
       FROM ${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(name)}`,
    )
    found.push({ name, ...state[0]! })
  }
  return found
}

/** The steps of these schemas in the order they were applied, since one may refer to another schema's tables. */
export async function stepsOf(client: pg.Client, schemas: string[]): Promise<Manifest['steps']> {
  if (schemas.length === 0) return []
  const { rows } = await client.query<{ schema: string; name: string; text: string }>(
    `SELECT schema, name, text FROM (${schemas
      .map(
        (schema) =>
          `SELECT ${pg.escapeLiteral(schema)} AS schema, name, text, applied_at
           FROM ${pg.escapeIdentifier(schema)}.applied_step`,
      )
      .join(' UNION ALL ')}) AS step ORDER BY applied_at, schema, name`,
  )
  return rows
}
