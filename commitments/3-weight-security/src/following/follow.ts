import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { digestOfFile } from '../intake/file-digest.ts'
import type { Source } from '../source.ts'
import { COUNTS, Counts } from '../taking/counts.ts'
import { filesOf } from '../taking/files.ts'
import type { ReadMapping } from '../taking/mapping.ts'
import { Taking } from '../taking/take.ts'
import { checkDigests, type DigestCheck } from './digests.ts'
import { type Followed, sourceEvidence } from './evidence.ts'
import {
  forgetTaken,
  insertFile,
  insertPersonnel,
  insertTaken,
  isFileTaken,
  lockFollowing,
  type Origin,
  restoreSessions,
  saveModels,
  saveSessions,
} from './store.ts'
import { Tally } from './tally.ts'

/** So many files are one piece of evidence, and one transaction. */
const MOST_FILES = 500
/** Under this name stand digest files that were found in order. */
const DIGESTS = 'cloudtrail-digest'
const MOST_SEEN = 1_000_000

/** What one round took in. */
export type Round = {
  files: number
  /** Files that had been taken in before, under the same mapping. */
  before: number
  unreadable: string[]
  evidence: string[]
  /** Events that were let go of because of their age. */
  forgotten: number
  /** What CloudTrail's digest files say, where there are any that were not found in order before. */
  digests: DigestCheck | undefined
  taking: Taking
}

/**
 * Takes in what is new of a log: events and news of people go into their tables, and what was taken is recorded as
 * evidence, together in one transaction for each five hundred files. A file that was taken in before is passed over, an
 * act told twice is kept once; after `kill -9` the same files are simply read again. A file that cannot be read to its
 * end is counted and tried again the next time. Throws `input` where there is nothing to read.
 */
export async function followRound(
  installation: Installation,
  given: {
    source: Source
    mapping: ReadMapping
    path: string
    /** Days after which what was told is let go of; for good where it is not given. */
    keepDays?: number | undefined
    /** Files that earlier rounds of this run found taken, as they stood: they are not even looked into. */
    seen?: Set<string>
    signal?: AbortSignal
  },
): Promise<Round> {
  const { source, mapping, path, keepDays, seen, signal } = given
  if (path === '-')
    throw new AvouchError('usage', 'standard input cannot be followed', {
      where: '--events',
      fix: 'Give a file or a folder.',
    })
  const taking = new Taking(source, mapping.mapping)
  const total = new Counts()
  const round: Round = {
    files: 0,
    before: 0,
    unreadable: [],
    evidence: [],
    forgotten: 0,
    digests: undefined,
    taking,
  }
  const fresh: string[] = []
  const all = await filesOf(path)
  for (const file of all) {
    signal?.throwIfAborted()
    const look = seen && (await lookOf(file, mapping.digest))
    if (look !== undefined && seen?.has(look)) {
      round.before++
      continue
    }
    const digest = await digestOfFile(file, signal)
    if (!(await isFileTaken(installation.db, source.kind, digest, mapping.digest))) fresh.push(file)
    else {
      round.before++
      if (look !== undefined && seen && seen.size < MOST_SEEN) seen.add(look)
    }
  }
  if (fresh.length > 0) await restoreSessions(installation.db, source.kind, taking.sessions)
  const isChecked = (sha256: string): Promise<boolean> =>
    isFileTaken(installation.db, DIGESTS, sha256, mapping.digest)
  const digests = source.kind === 'cloudtrail' ? await checkDigests(path, all, isChecked, signal) : undefined
  round.digests = digests?.check
  // digest files that came by themselves are a round too
  const rounds = digests && digests.check.digests > 0 ? Math.max(1, fresh.length) : fresh.length
  for (let first = 0; first < rounds; first += MOST_FILES) {
    const files = fresh.slice(first, first + MOST_FILES)
    taking.recount()
    const kept = await installation.db.kysely
      .transaction()
      .execute((tx) =>
        takeFiles(tx, installation, { ...given, taking, files, ...(first === 0 && { digests }) }),
      )
    await installation.evidence.logged(kept.evidence)
    round.files += files.length
    round.unreadable.push(...kept.unreadable)
    round.evidence.push(...kept.evidence)
    total.add(taking.counts)
  }
  taking.counts = total
  if (keepDays !== undefined) {
    const before = new Date(installation.now().getTime() - keepDays * 86_400_000)
    round.forgotten = await installation.db.kysely.transaction().execute((tx) => forgetTaken(tx, before))
  }
  return round
}

/** A file as it stands, so far as that can be seen from outside. */
async function lookOf(path: string, mapping: string): Promise<string | undefined> {
  const kind = await stat(path).catch(() => undefined)
  return kind && `${mapping} ${kind.ino} ${kind.size} ${kind.mtimeMs} ${path}`
}

async function takeFiles(
  tx: Tx,
  installation: Installation,
  given: {
    source: Source
    mapping: ReadMapping
    taking: Taking
    files: readonly string[]
    digests?: Awaited<ReturnType<typeof checkDigests>>
    signal?: AbortSignal
  },
): Promise<{ evidence: string[]; unreadable: string[] }> {
  const { source, taking, signal } = given
  const { mapping, digest } = given.mapping
  const origin: Origin = { source: source.kind, mapping: digest, now: installation.now() }
  await lockFollowing(tx)
  const tally = new Tally(mapping)
  const files: Followed['files'] = []
  const unreadable: string[] = []
  await taking.prepare(given.files, signal)
  for (const path of given.files) {
    const hash = createHash('sha256')
    let bytes = 0
    const packed = (chunk: Buffer): void => {
      hash.update(chunk)
      bytes += chunk.length
    }
    let whole = true
    const batches = taking.file(path, signal, packed)
    for (;;) {
      // what the database says is not the file's fault
      const next = await batches.next().catch((error: unknown) => {
        if (!(error instanceof AvouchError)) throw error
        whole = false
        return { done: true, value: undefined } as const
      })
      if (next.done) break
      const { events, personnel } = next.value
      const kept = await insertTaken(tx, origin, events)
      const news = await insertPersonnel(tx, origin, personnel)
      taking.counts.repeated(events, kept, personnel.length - news)
      for (const event of kept) tally.add(event)
    }
    if (!whole) {
      unreadable.push(path)
      continue
    }
    const file = { digest: hash.digest('hex'), bytes }
    files.push(file)
    await insertFile(tx, origin, file)
  }
  for (const { sha256, bytes, isFine } of given.digests?.files ?? [])
    if (isFine) await insertFile(tx, { ...origin, source: DIGESTS }, { digest: sha256, bytes })
  await saveModels(tx, mapping.models, origin)
  await saveSessions(tx, source.kind, taking.sessions)
  const { counts } = taking
  const common = {
    ...{
      source: source.kind,
      mapping: digest,
      files,
      unreadable: unreadable.length,
      records: counts.records,
    },
    counts: Object.fromEntries(COUNTS.map((one) => [one, counts.of[one]])) as Followed['counts'],
    unmappedPrincipals: counts.unmappedPrincipals,
    digests: given.digests?.check ?? null,
    from: counts.from === undefined ? null : new Date(counts.from).toISOString(),
    to: counts.to === undefined ? null : new Date(counts.to).toISOString(),
  }
  const about = mapping.models.length === 0 ? [undefined] : mapping.models.map(({ model }) => model)
  const evidence: string[] = []
  for (const model of about) {
    const { id } = await installation.evidence.accept(tx, {
      type: sourceEvidence,
      about: model === undefined ? {} : { release: model },
      fields: { ...common, model: model === undefined ? null : tally.of(model) },
    })
    evidence.push(id)
  }
  return { evidence, unreadable }
}
