import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openBlobs } from '../../blob/open.ts'
import { type Config, loadConfig } from '../../config.ts'
import { openDataKeys } from '../../crypto/data-keys.ts'
import { loadOrCreateSigningKey } from '../../crypto/signing-key.ts'
import { testDatabase } from '../../testing/index.ts'
import { openQueue } from '../../work/queue.ts'
import type { Database, Migrations } from '../database.ts'
import { readPlace, removePlace } from '../embedded/place.ts'
import { openDatabase } from '../open.ts'
import { backup } from './backup.ts'
import { restore, restoredMarker } from './restore.ts'

const passphrase = 'four words nobody joins'

/** What makes restoring hard: a circle of foreign keys, computed columns, triggers, partitions, seeds, odd bytes. */
const MODULES: Migrations[] = [
  {
    schema: 'hard',
    steps: {
      '0001-start': `
        CREATE TABLE hard.hen (id int8 GENERATED ALWAYS AS IDENTITY PRIMARY KEY, egg int8, name text);
        CREATE TABLE hard.egg (id int8 PRIMARY KEY, hen int8 REFERENCES hard.hen, raw bytea,
                               doubled int8 GENERATED ALWAYS AS (id * 2) STORED);
        ALTER TABLE hard.hen ADD CONSTRAINT laid FOREIGN KEY (egg) REFERENCES hard.egg DEFERRABLE INITIALLY DEFERRED;
        CREATE TABLE hard.seed (word text PRIMARY KEY);
        INSERT INTO hard.seed VALUES ('changed later');
        CREATE TABLE hard."Odd name" (at timestamptz, "a column" jsonb) PARTITION BY RANGE (at);
        CREATE TABLE hard.odd_all PARTITION OF hard."Odd name" DEFAULT;
        CREATE FUNCTION hard.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'append only'; END $$;`,
      '0002-guard': `CREATE TRIGGER guard BEFORE DELETE OR UPDATE ON hard.egg FOR EACH ROW EXECUTE FUNCTION hard.refuse()`,
    },
  },
  { schema: 'easy', steps: { '0001-start': 'CREATE TABLE easy.one (hen int8 REFERENCES hard.hen)' } },
]

describe('backup and restore', () => {
  let top: string
  let config: Config
  let db: Database
  const homes: string[] = []

  beforeAll(async () => {
    top = await mkdtemp(join(tmpdir(), 'avouch-backup-'))
    config = loadConfig({}, { home: join(top, 'home') })
    db = await testDatabase(MODULES)
    await db.pool.query(`
      BEGIN;
      INSERT INTO hard.hen (egg, name) VALUES (7, E'tab\\t line\\n back\\\\slash \\\\. Ω');
      INSERT INTO hard.egg (id, hen, raw) VALUES (7, 1, '\\x00ff0a5c2e');
      COMMIT;
      INSERT INTO easy.one VALUES (1), (NULL);
      UPDATE hard.seed SET word = 'changed';
      INSERT INTO hard."Odd name" VALUES ('2026-01-02T03:04:05.678901Z', '{"a": [1, null, "\\"x\\""]}')`)
    await (await openQueue(db)).add('left', { n: 1 })
    await mkdir(join(config.home, 'trust'), { recursive: true })
    await writeFile(join(config.home, 'trust/a peer’s.vkey'), 'a key of someone else')
    const blobs = await openBlobs(config.blobs)
    await blobs.put('tile/0/000', Buffer.from('tile'))
    await blobs.put('empty', Buffer.alloc(0))
    await backup(config, db, blobs, join(top, 'backup'), { passphrase })
  })
  afterAll(async () => {
    await db.close()
    for (const home of homes) {
      const place = await readPlace(home)
      if (place !== undefined) await removePlace(place)
    }
    await rm(top, { recursive: true, force: true })
  })
  const fresh = (name: string): Config => {
    homes.push(join(top, name))
    return loadConfig({}, { home: join(top, name) })
  }
  const contents = async (from: Database): Promise<unknown> => {
    const all: Record<string, unknown> = {}
    for (const table of [
      'hard.hen',
      'hard.egg',
      'hard.seed',
      'hard."Odd name"',
      'easy.one',
      'easy.applied_step',
    ])
      all[table] = (await from.pool.query(`SELECT t::text FROM ${table} t ORDER BY 1`)).rows
    all.guards = (await from.pool.query(`SELECT tgenabled FROM pg_trigger WHERE tgname = 'guard'`)).rows
    all.foreignKeys = (
      await from.pool.query(`SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f'
                             AND connamespace IN ('hard'::regnamespace, 'easy'::regnamespace) ORDER BY 1, 2`)
    ).rows
    return all
  }

  it('gives back rows, sequences, blobs, keys and trust, and says that it is restored', async () => {
    const key = await loadOrCreateSigningKey(config, 'log')
    const { wrapped, plain } = await (await openDataKeys(config)).create('x')
    await backup(config, db, await openBlobs(config.blobs), join(top, 'second'), { passphrase })
    const there = fresh('restored')
    const summary = await restore(join(top, 'second'), there, { passphrase })
    expect(summary).toMatchObject({ tables: 7, blobs: 2, rows: 9 })
    expect((await loadOrCreateSigningKey(there, 'log')).publicKey).toEqual(key.publicKey)
    expect(Buffer.compare(await (await openDataKeys(there)).unwrap(wrapped, 'x'), plain)).toBe(0)
    expect((await stat(join(there.home, 'keys/log.pem'))).mode & 0o777).toBe(0o600)
    expect(await readFile(join(there.home, 'trust/a peer’s.vkey'), 'utf8')).toBe('a key of someone else')
    expect(await (await openBlobs(there.blobs)).get('tile/0/000')).toEqual(Buffer.from('tile'))
    expect(JSON.parse(await readFile(restoredMarker(there.home), 'utf8'))).toMatchObject({
      complete: true,
      from: join(top, 'second'),
    })
    const restored = await openDatabase(there)
    try {
      await restored.migrate(MODULES)
      expect(await contents(restored)).toEqual(await contents(db))
      const { rows } = await restored.pool.query(`INSERT INTO hard.hen (name) VALUES ('next') RETURNING id`)
      expect(rows).toEqual([{ id: 2 }])
      await openQueue(restored)
      expect((await restored.pool.query('SELECT FROM graphile_worker.jobs')).rowCount).toBe(0)
    } finally {
      await restored.close()
    }
    await expect(restore(join(top, 'second'), there, { passphrase })).rejects.toMatchObject({
      code: 'conflict',
    })
  })

  it('writes nothing where a byte or the passphrase is wrong', async () => {
    const there = fresh('refused')
    await expect(restore(join(top, 'backup'), there, { passphrase: 'another phrase' })).rejects.toMatchObject(
      {
        code: 'proof',
      },
    )
    const files = (await readdir(join(top, 'backup'), { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile(),
    )
    expect(files.length).toBeGreaterThan(10)
    // One of each folder, and all at the top: every try costs the half second for which a guess is to be paid.
    const tried = files.filter(
      ({ parentPath }, n) =>
        parentPath === join(top, 'backup') ||
        n === files.findIndex((other) => other.parentPath === parentPath),
    )
    for (const entry of tried) {
      const path = join(entry.parentPath, entry.name)
      const bytes = await readFile(path)
      const changed = Buffer.from(bytes)
      if (changed.length === 0) await writeFile(path, 'x')
      else {
        changed[changed.length >> 1]! ^= 1
        await writeFile(path, changed)
      }
      await expect(restore(join(top, 'backup'), there, { passphrase })).rejects.toMatchObject({
        code: expect.stringMatching(/^(proof|input)$/),
      })
      await writeFile(path, bytes)
    }
    expect(existsSync(there.home)).toBe(false)
  })

  it('refuses a short passphrase and a folder in use', async () => {
    const blobs = await openBlobs(config.blobs)
    await expect(
      backup(config, db, blobs, join(top, 'third'), { passphrase: 'short' }),
    ).rejects.toMatchObject({
      code: 'usage',
    })
    await expect(backup(config, db, blobs, join(top, 'backup'), { passphrase })).rejects.toMatchObject({
      code: 'conflict',
    })
    expect(existsSync(join(top, 'third'))).toBe(false)
  })
})
