import { createReadStream } from 'node:fs'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream/promises'
import pg from 'pg'
import { from } from 'pg-copy-streams'
import type { z } from 'zod'
import { openBlobs } from '../../blob/open.ts'
import type { BlobStore } from '../../blob/store.ts'
import type { Config } from '../../config.ts'
import { keyFolder } from '../../crypto/key-file.ts'
import { AvouchError } from '../../errors.ts'
import type { Progress } from '../../verb.ts'
import { readPlace } from '../embedded/place.ts'
import { databaseError } from '../errors.ts'
import { stepTable } from '../migrate.ts'
import { openDatabase } from '../open.ts'
import type { BackupOptions, BackupSummary } from './backup.ts'
import { openKeys, writeKeys } from './key-bundle.ts'
import { blobLine, checkFile, type Manifest, readManifest } from './manifest.ts'
import { moduleSchemas } from './schema.ts'

/** Where a restored installation says so; while it stands, the log is read-only until compared with known heads. */
export function restoredMarker(home: string): string {
  return join(home, 'restored.json')
}

/**
 * Restores a backup into an empty home, database and blob store. Everything is checked first: the seal, which needs
 * the passphrase and covers the manifest, and every file's digest; nothing is written when anything is wrong. Leaves
 * `<home>/restored.json` `{at, from, madeAt, complete}`. Throws `proof`, `input`, `conflict`, `disk` or `database`.
 */
export async function restore(
  fromDir: string,
  config: Config,
  { passphrase, progress = () => {} }: BackupOptions,
): Promise<BackupSummary> {
  const dir = resolve(fromDir)
  const { manifest, sha256 } = await readManifest(dir)
  const keys = await openKeys(dir, passphrase, sha256)
  await checkFiles(dir, manifest, progress)
  const blobs = await openBlobs(config.blobs)
  await checkEmpty(config, blobs)
  try {
    await mkdir(config.home, { recursive: true, mode: 0o700 })
    const marker = { at: new Date().toISOString(), from: dir, madeAt: manifest.madeAt }
    await writeMarker(config.home, { ...marker, complete: false })
    await restoreDatabase(config, dir, manifest, progress)
    await restoreBlobs(blobs, dir, manifest, progress)
    for (const { path } of manifest.home) {
      await mkdir(dirname(join(config.home, path)), { recursive: true, mode: 0o700 })
      await pipeline(createReadStream(join(dir, 'home', path)), async (source) => {
        await writeFile(join(config.home, path), source, { mode: 0o600, flag: 'wx', flush: true })
      })
    }
    await writeKeys(config.home, keys)
    await writeMarker(config.home, { ...marker, complete: true })
  } catch (error) {
    throw databaseError(error, config.home)
  }
  const tables = manifest.schemas.flatMap((schema) => schema.tables)
  return {
    tables: tables.length,
    rows: tables.reduce((sum, { rows }) => sum + rows, 0),
    blobs: manifest.blobs.count,
    bytes: tables.reduce((sum, { size }) => sum + size, 0),
  }
}

async function checkFiles(
  dir: string,
  manifest: Manifest,
  progress: (update: Progress) => void,
): Promise<void> {
  const tables = manifest.schemas.flatMap((schema) => schema.tables)
  for (const table of tables) await checkFile(join(dir, table.file), table)
  for (const file of manifest.home) await checkFile(join(dir, 'home', file.path), file)
  await checkFile(join(dir, 'blobs.jsonl'), manifest.blobs)
  let done = 0
  for await (const blob of blobsOf(dir)) {
    await checkFile(join(dir, 'blobs', blob.key), blob)
    progress({ task: 'checking', done: ++done, total: manifest.blobs.count })
  }
}

async function* blobsOf(dir: string): AsyncIterable<z.infer<typeof blobLine>> {
  const lines = createInterface({
    input: createReadStream(join(dir, 'blobs.jsonl')),
    crlfDelay: Number.POSITIVE_INFINITY,
  })
  for await (const line of lines) if (line !== '') yield blobLine.parse(JSON.parse(line))
}

async function checkEmpty(config: Config, blobs: BlobStore): Promise<void> {
  const refuse = (what: string, where: string): never => {
    throw new AvouchError('conflict', `${what}; a backup is restored into an empty installation only`, {
      where,
      fix: 'Choose another AVOUCH_HOME (and database and bucket), or move this one away.',
    })
  }
  if ((await stat(restoredMarker(config.home)).catch(() => undefined)) !== undefined)
    refuse('an earlier restore wrote here', restoredMarker(config.home))
  if ((await readdir(keyFolder(config)).catch(() => [])).length > 0)
    refuse('there are keys already', keyFolder(config))
  for await (const key of blobs.list('')) refuse('there are blobs already', key)
  if (config.databaseUrl === undefined) {
    if ((await readPlace(config.home)) !== undefined) refuse('there is a database already', config.home)
    return
  }
  const db = await openDatabase(config, { poolSize: 1 })
  try {
    const { rows } = await db.pool.query(
      `SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast') LIMIT 1`,
    )
    if (rows.length > 0) refuse('the database is not empty', 'AVOUCH_DATABASE_URL')
  } finally {
    await db.close()
  }
}

/** All of it in one transaction: steps, rows, then the foreign keys, which check the rows as they come back. */
async function restoreDatabase(
  config: Config,
  dir: string,
  manifest: Manifest,
  progress: (update: Progress) => void,
): Promise<void> {
  const db = await openDatabase(config, { poolSize: 2 })
  const client = new pg.Client({ connectionString: db.url, application_name: 'avouch restore' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('BEGIN')
    for (const { name } of manifest.schemas) {
      await client.query(`CREATE SCHEMA ${pg.escapeIdentifier(name)}`)
      await client.query(stepTable(name))
    }
    for (const { schema, name, text } of manifest.steps)
      await client.query(text).catch((error) => {
        throw databaseError(error, `${schema}/${name}`)
      })
    const rebind = await unbind(client)
    for (const [done, schema] of manifest.schemas.entries()) {
      progress({ task: 'tables', done, total: manifest.schemas.length, note: schema.name })
      for (const table of schema.tables) {
        const into = `${pg.escapeIdentifier(schema.name)}.${pg.escapeIdentifier(table.name)}`
        const columns = table.columns.map((column) => pg.escapeIdentifier(column)).join(', ')
        await client.query(`ALTER TABLE ${into} DISABLE TRIGGER USER`)
        await client.query(`DELETE FROM ${into}`)
        const copy = client.query(from(`COPY ${into} (${columns}) FROM STDIN`))
        await pipeline(createReadStream(join(dir, table.file)), copy)
        await client.query(`ALTER TABLE ${into} ENABLE TRIGGER USER`)
        if (copy.rowCount !== table.rows)
          throw new AvouchError('proof', `${copy.rowCount} rows came back instead of ${table.rows}`, {
            where: into,
          })
      }
      for (const { name, last, called } of schema.sequences)
        await client.query('SELECT setval($1::regclass, $2::bigint, $3)', [
          `${pg.escapeIdentifier(schema.name)}.${pg.escapeIdentifier(name)}`,
          last,
          called,
        ])
    }
    await rebind()
    await client.query('COMMIT')
  } catch (error) {
    throw databaseError(error, 'restoring the database')
  } finally {
    await client.end().catch(() => undefined)
    await db.close()
  }
}

/** Drops all foreign keys, for rows come in any order; what it returns makes them again. */
async function unbind(client: pg.Client): Promise<() => Promise<void>> {
  const { rows } = await client.query<{ table: string; name: string; definition: string }>(
    `SELECT conrelid::regclass::text AS table, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS definition
     FROM pg_constraint WHERE contype = 'f' AND conparentid = 0 AND connamespace = ANY ($1::text[]::regnamespace[])`,
    [(await moduleSchemas(client)).map((schema) => pg.escapeIdentifier(schema))],
  )
  for (const { table, name } of rows) await client.query(`ALTER TABLE ${table} DROP CONSTRAINT ${name}`)
  return async () => {
    for (const { table, name, definition } of rows)
      await client.query(`ALTER TABLE ${table} ADD CONSTRAINT ${name} ${definition}`)
  }
}

async function restoreBlobs(
  blobs: BlobStore,
  dir: string,
  manifest: Manifest,
  progress: (update: Progress) => void,
): Promise<void> {
  let done = 0
  for await (const { key, sha256 } of blobsOf(dir)) {
    const written = await blobs.putStream(key, createReadStream(join(dir, 'blobs', key)))
    if (written.sha256 !== sha256)
      throw new AvouchError('proof', 'a blob changed while it was restored', { where: key })
    progress({ task: 'blobs', done: ++done, total: manifest.blobs.count })
  }
}

async function writeMarker(home: string, marker: object): Promise<void> {
  await writeFile(restoredMarker(home), `${JSON.stringify(marker, undefined, 2)}\n`, {
    mode: 0o600,
    flush: true,
  })
}
