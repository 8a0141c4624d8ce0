import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import pg from 'pg'
import { to } from 'pg-copy-streams'
import type { BlobStore } from '../../blob/store.ts'
import type { Config } from '../../config.ts'
import { AvouchError } from '../../errors.ts'
import type { Progress } from '../../verb.ts'
import type { Database } from '../database.ts'
import { databaseError } from '../errors.ts'
import { checkPassphrase, readKeys, sealKeys } from './key-bundle.ts'
import { FORMAT, type Manifest, type ManifestTable, manifestSchema } from './manifest.ts'
import { columnsOf, moduleSchemas, sequencesOf, stepsOf, tablesOf } from './schema.ts'

export type BackupOptions = { passphrase: string; progress?: (update: Progress) => void }

/** What a backup or a restore held. */
export type BackupSummary = { tables: number; rows: number; blobs: number; bytes: number }

type Written = { size: number; sha256: string }

/**
 * Writes a backup into `outDir`, which must not exist: every table of the modules' schemas in one snapshot, then all
 * blobs, the home's other files, and the keys, sealed under the passphrase. Work may go on meanwhile. Waiting jobs
 * are not in it; whoever owns them adds them again. What is erased later is still in it: backups have to expire.
 * Throws `conflict`, `usage`, `disk` or `database`, and leaves nothing behind.
 */
export async function backup(
  config: Config,
  db: Database,
  blobs: BlobStore,
  outDir: string,
  { passphrase, progress = () => {} }: BackupOptions,
): Promise<BackupSummary> {
  checkPassphrase(passphrase)
  const out = resolve(outDir)
  if ((await readdir(out).catch(() => [])).length > 0)
    throw new AvouchError('conflict', 'the folder for the backup is not empty', {
      where: out,
      fix: 'Name a new one.',
    })
  const fresh = `${out}.unfinished`
  try {
    await rm(fresh, { recursive: true, force: true })
    await mkdir(fresh, { recursive: true, mode: 0o700 })
    const parts = await writeTables(db, fresh, progress)
    const blobList = await writeBlobs(blobs, fresh, progress)
    const manifest: Manifest = {
      format: FORMAT,
      madeAt: new Date().toISOString(),
      origin: config.origin,
      ...parts,
      blobs: { count: blobList.count, ...blobList.list },
      home: await writeHome(config, out, fresh),
    }
    const written = await write(join(fresh, 'manifest.json'), [
      JSON.stringify(manifestSchema.parse(manifest), undefined, 1),
    ])
    const keys = await sealKeys(await readKeys(config.home), passphrase, written.sha256)
    await write(join(fresh, 'keys.json'), [keys])
    await rm(out, { recursive: true, force: true })
    await rename(fresh, out)
    await syncFolder(dirname(out))
    const tables = parts.schemas.flatMap((schema) => schema.tables)
    return {
      tables: tables.length,
      rows: tables.reduce((sum, { rows }) => sum + rows, 0),
      blobs: blobList.count,
      bytes: tables.reduce((sum, { size }) => sum + size, blobList.bytes),
    }
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    throw databaseError(error, out)
  }
}

async function writeTables(
  db: Database,
  dir: string,
  progress: (update: Progress) => void,
): Promise<Pick<Manifest, 'schemas' | 'steps'>> {
  await mkdir(join(dir, 'database'), { mode: 0o700 })
  const client = new pg.Client({ connectionString: db.url, application_name: 'avouch backup' })
  client.on('error', () => undefined)
  await client.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    const schemas: Manifest['schemas'] = []
    const names = await moduleSchemas(client)
    let count = 0
    for (const [done, name] of names.entries()) {
      progress({ task: 'tables', done, total: names.length, note: name })
      const tables: ManifestTable[] = []
      for (const table of await tablesOf(client, name)) {
        const columns = await columnsOf(client, name, table)
        const file = `database/${String(count++).padStart(4, '0')}.copy`
        const quoted = columns.map((column) => pg.escapeIdentifier(column)).join(', ')
        const copy = client.query(
          to(
            `COPY (SELECT ${quoted} FROM ${pg.escapeIdentifier(name)}.${pg.escapeIdentifier(table)}) TO STDOUT`,
          ),
        )
        const written = await write(join(dir, file), copy)
        tables.push({ name: table, columns, rows: copy.rowCount, file, ...written })
      }
      schemas.push({ name, tables, sequences: await sequencesOf(client, name) })
    }
    return { schemas, steps: await stepsOf(client, names) }
  } finally {
    await client.end()
  }
}

/** Blobs are written before the rows that name them, so those of the snapshot are all there. */
async function writeBlobs(
  blobs: BlobStore,
  dir: string,
  progress: (update: Progress) => void,
): Promise<{ count: number; bytes: number; list: Written }> {
  let count = 0
  let bytes = 0
  const lines = async function* (): AsyncIterable<string> {
    for await (const key of blobs.list('')) {
      const stream = await blobs.getStream(key)
      // Erased since it was listed.
      if (stream === undefined) continue
      const written = await write(join(dir, 'blobs', key), stream)
      count++
      bytes += written.size
      progress({ task: 'blobs', done: count, total: count })
      yield `${JSON.stringify({ key, ...written })}\n`
    }
  }
  const list = await write(join(dir, 'blobs.jsonl'), lines())
  return { count, bytes, list }
}

/** What has its own place in a backup, or belongs to this machine only. */
const NOT_COPIED = new Set(['database', 'keys', 'blobs', 'restored.json'])

async function writeHome(config: Config, out: string, dir: string): Promise<Manifest['home']> {
  const found: Manifest['home'] = []
  const blobFolder = config.blobs.kind === 'folder' ? resolve(config.blobs.dir) : undefined
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(folder, { withFileTypes: true }).catch(() => [])) {
      const path = join(folder, entry.name)
      const name = relative(config.home, path)
      if (NOT_COPIED.has(name) || path === blobFolder || path === out || path === dir) continue
      if (entry.isDirectory()) await visit(path)
      else if (entry.isFile())
        found.push({ path: name, ...(await write(join(dir, 'home', name), createReadStream(path))) })
    }
  }
  await visit(config.home)
  return found
}

/** Writes durably, with size and digest of what was written. */
async function write(
  path: string,
  source: Iterable<string> | AsyncIterable<string | Buffer>,
): Promise<Written> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const hash = createHash('sha256')
  let size = 0
  const file = await open(path, 'wx', 0o600)
  try {
    for await (const chunk of source) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
      hash.update(bytes)
      size += bytes.length
      await file.writeFile(bytes)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { size, sha256: hash.digest('hex') }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(path)
  await folder.sync().finally(() => folder.close())
}
