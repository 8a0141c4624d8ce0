/**
 * What the log costs: durable appends (evidence prepared, accepted, signed, sequenced, integrated, checkpoint signed)
 * against the bare inserts of the same bytes into the same PostgreSQL, in alternating rounds; proofs in a tree of a
 * million leaves; inclusion proofs that the verifier checks. fsync is on.
 *
 *     node bench/log.ts [--appends 20000] [--batch 1000] [--writers 2] [--rounds 5] [--leaves 1000000] [--json]
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { sql } from 'kysely'
import { z } from 'zod'
import { loadConfig } from '../core/src/config.ts'
import { defineEvidence } from '../core/src/evidence/index.ts'
import { loadSealingKeys, openTree, readHead } from '../core/src/log/index.ts'
import { integrate, loadEdge } from '../core/src/log/integrate.ts'
import { type OpenInstallation, openInstallation } from '../core/src/open.ts'
import { removeTestHome } from '../core/src/testing/index.ts'
import { checkInclusionProofs } from '../verify/bench/inclusion.ts'

const { values } = parseArgs({
  options: {
    appends: { type: 'string', default: '20000' },
    batch: { type: 'string', default: '1000' },
    writers: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '5' },
    leaves: { type: 'string', default: '1000000' },
    json: { type: 'boolean', default: false },
  },
})
const [appends, batch, writers, rounds, leaves] = [
  values.appends,
  values.batch,
  values.writers,
  values.rounds,
  values.leaves,
].map(Number) as [number, number, number, number, number]

const note = defineEvidence('bench/note/v1', {
  title: 'Note',
  schema: z.object({
    n: z.number(),
    text: z.string(),
    rates: z.object({ value: z.number(), low: z.number(), high: z.number() }),
  }),
  open: ['n'],
})

/** Several acts record at once, as they would: each its own transactions, one sealer behind them all. */
async function appendRound(installation: OpenInstallation): Promise<number> {
  const start = performance.now()
  const each = appends / writers
  const ids = await Promise.all(Array.from({ length: writers }, () => appendShare(installation, each)))
  await installation.evidence.logged(ids.flat())
  return appends / ((performance.now() - start) / 1000)
}

async function appendShare(installation: OpenInstallation, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let from = 0; from < count; from += batch) {
    const drafts = Array.from({ length: batch }, (_, i) => ({
      type: note,
      about: { release: 'example@1' },
      fields: { n: from + i, text: 'a sentence of evidence', rates: { value: 0.1, low: 0.05, high: 0.2 } },
    }))
    const accepted = await installation.db.kysely
      .transaction()
      .execute((tx) => installation.evidence.acceptAll(tx, drafts))
    ids.push(...accepted.map((a) => a.id))
  }
  return ids
}

async function insertRound(installation: OpenInstallation): Promise<number> {
  const row = randomBytes(1200)
  const start = performance.now()
  for (let from = 0; from < appends; from += batch)
    await installation.db.kysely
      .transaction()
      .execute((tx) =>
        sql`insert into bench_row (body) select b from unnest(${Array.from({ length: batch }, () => row)}::bytea[]) b`.execute(
          tx,
        ),
      )
  return appends / ((performance.now() - start) / 1000)
}

async function proofs(
  installation: OpenInstallation,
): Promise<{ leaves: number; medianMs: number; p99Ms: number }> {
  const head = (await readHead(installation.db))!
  const keys = await loadSealingKeys(installation.config, { name: head.origin, key: head.key })
  const edge = await loadEdge(installation.db, head.epoch, head.size)
  let at = head
  while (at.size < leaves) {
    const entries = Array.from({ length: Math.min(50_000, leaves - at.size) }, (_, i) =>
      createHash('sha256')
        .update(`${at.size + i}`)
        .digest(),
    )
    await sql`
      insert into log.leaf (epoch, index, entry, evidence, signatures)
      select ${at.epoch}, ${at.size} + place - 1, entry, gen_random_uuid(), '[]' from unnest(${entries}::bytea[]) with ordinality as t(entry, place)`.execute(
      installation.db.kysely,
    )
    at = await integrate(
      { db: installation.db, blobs: installation.blobs, logKey: keys.log, now: () => new Date() },
      at,
      edge,
      entries,
    )
  }
  const tree = openTree(installation.db, installation.blobs, at.epoch)
  const pick = (i: number): number => Math.floor(((i * 0.618033988749895) % 1) * at.size)
  for (let i = 0; i < 2000; i++) await tree.inclusion(pick(i), at.size)
  const times: number[] = []
  for (let i = 2000; i < 4000; i++) {
    const start = performance.now()
    await tree.inclusion(pick(i), at.size)
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  return { leaves: at.size, medianMs: times[1000]!, p99Ms: times[1980]! }
}

const median = (list: number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!

const home = await mkdtemp(join(tmpdir(), 'avouch-bench-log-'))
const installation = await openInstallation(loadConfig({}, { home }), { commitments: [] })
try {
  await sql`create table bench_row (id bigint generated always as identity primary key, body bytea not null)`.execute(
    installation.db.kysely,
  )
  await appendRound(installation)
  await insertRound(installation)
  const [logged, bare]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    logged.push(await appendRound(installation))
    bare.push(await insertRound(installation))
  }
  await installation.close()
  const again = await openInstallation(loadConfig({}, { home }), { commitments: [], seal: false })
  const proof = await proofs(again).finally(() => again.close())
  const checked = await checkInclusionProofs({ count: 8192, levels: 20 })
  const result = {
    appendsPerSecond: Math.round(median(logged)),
    bareInsertsPerSecond: Math.round(median(bare)),
    ratio: Number((median(logged) / median(bare)).toFixed(3)),
    proof,
    verifierProofsPerSecond: Math.round(checked.perSecond),
  }
  if (values.json) console.log(JSON.stringify(result))
  else {
    console.log(
      `durable appends       ${result.appendsPerSecond}/s in batches of ${batch} by ${writers} writers (median of ${rounds})`,
    )
    console.log(`bare inserts          ${result.bareInsertsPerSecond}/s; ratio ${result.ratio}`)
    console.log(
      `proof at ${proof.leaves} leaves  median ${proof.medianMs.toFixed(3)} ms, 99th percentile ${proof.p99Ms.toFixed(3)} ms`,
    )
    console.log(`verifier              ${result.verifierProofsPerSecond} inclusion proofs/s`)
  }
} finally {
  await removeTestHome(home)
}
