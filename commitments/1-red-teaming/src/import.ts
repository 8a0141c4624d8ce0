import { randomUUID } from 'node:crypto'
import { open, seal } from '@avouch/core/crypto'
import { AvouchError } from '@avouch/core/errors'
import type { About, Accepted, Draft, EvidenceRecord } from '@avouch/core/evidence'
import { findingEvidence } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import { z } from 'zod'
import { DOMAINS } from './domain.ts'
import { type ImportResult, importResult } from './evidence.ts'
import { type BreachRules, breachRulesSchema } from './import-breach.ts'
import { formatOf, loadFormats } from './import-formats.ts'
import type { ImportMap } from './import-map.ts'
import { earlierImport, isSameRun, runOf } from './import-run.ts'
import { digestOf, sealedSource, sealSource } from './import-source.ts'
import { domainsOf, rulesInWords, type Tally, tally } from './import-tally.ts'
import { PLACES, type Source } from './imported.ts'
import { openAmong, standingFinding } from './standing-finding.ts'

/** A file that was read and added up; nothing is recorded yet. */
export type ReadImport = {
  source: Source
  tool: string
  sha256: string
  tally: Tally
  rules: BreachRules
  /** The one target whose rows were counted; undefined where all were. */
  only: string | undefined
  /** Of the reader. */
  version: number
  id: string
  key: Uint8Array
  wrapped: Uint8Array
}

/** What opens a sealed file again and how it was read; itself sealed. */
const manifestSchema = z.object({
  tool: z.string(),
  name: z.string(),
  size: z.int(),
  sha256: z.string(),
  mapping: z.record(z.string(), z.enum([...DOMAINS, ...PLACES])),
  rules: breachRulesSchema,
  only: z.string().optional(),
  reader: z.int().default(1),
  root: z.string().default(''),
})
const boxSchema = z.object({ wrapped: z.string(), sealed: z.string() })

const fileOf = (id: string): string => `imports/${id}/file`
const manifestOf = (id: string): string => `imports/${id}/manifest`
const contextOf = (id: string): string => `import/${id}`

/**
 * Reads a file of another tool and adds it up; `only` names the one target whose rows are counted. Throws `input` where
 * the file is broken, of no tool known here, or about several targets and `only` names none.
 */
export async function readImport(
  installation: Pick<Installation, 'dataKeys'>,
  source: Source,
  map: ImportMap,
  { only, progress }: { only?: string | undefined; progress?: (rows: number) => void } = {},
): Promise<ReadImport> {
  const format = await formatOf(source)
  const id = randomUUID()
  const { plain: key, wrapped } = await installation.dataKeys.create(contextOf(id))
  const tables = [map.places, ...format.places]
  const read = await tally(source, format, tables, map.breach, key, progress, only)
  if (read.rows === 0)
    throw new AvouchError('input', `there is no attempt in ${source.name}`, {
      where: source.name,
      fix: 'Import a file of a run that asked something.',
    })
  return {
    source,
    tool: format.name,
    sha256: await digestOf(source),
    tally: read,
    rules: map.breach,
    only,
    version: format.version,
    id,
    key,
    wrapped,
  }
}

/**
 * Records files that were read: all of them in one transaction, or none. Rows already imported for the release are refused
 * with `conflict`, whatever file they stand in, unless `again`: then the new import supersedes the old. Rows that stand as
 * those of another model are refused always.
 */
export async function recordImports(
  installation: Installation,
  imports: readonly ReadImport[],
  about: Required<About>,
  options: { again?: boolean } = {},
): Promise<{ evidence: Accepted[]; findings: number }> {
  if (imports.some((one, n) => imports.slice(0, n).some((other) => isSameRun(one, runOf(other)))))
    throw new AvouchError('conflict', 'the same file is named twice', { fix: 'Name each file once.' })
  const kept: string[] = []
  try {
    for (const read of imports) await keep(installation, read, kept)
    return await installation.db.kysely.transaction().execute(async (tx) => {
      await sql`select pg_advisory_xact_lock(hashtextextended('red-teaming/import', 0))`.execute(tx)
      const before = (await installation.evidence.list({ type: importResult })).filter(isLive)
      let standing = openAmong(
        await installation.evidence.list({ type: findingEvidence, release: about.release }),
      )
      const evidence: Accepted[] = []
      let findings = 0
      for (const read of imports) {
        const same = earlierImport(read, before, about, options.again === true)
        const draft = draftOf(read, about)
        const accepted = await installation.evidence.accept(
          tx,
          same ? { ...draft, supersedes: same.id } : draft,
        )
        evidence.push(accepted)
        const found = findingsOf(read, about, accepted.id, standing)
        const ids = await installation.evidence.acceptAll(tx, found)
        standing = withThese(standing, found, ids)
        findings += found.length
      }
      return { evidence, findings }
    })
  } catch (error) {
    for (const blob of kept) await installation.blobs.delete(blob)
    throw error
  }
}

/** Findings that stand once these were accepted, for those of the next file of the same transaction. */
function withThese(
  standing: readonly EvidenceRecord[],
  found: readonly Draft<Record<string, unknown>>[],
  accepted: readonly Accepted[],
): EvidenceRecord[] {
  const replaced = new Set(found.map(({ supersedes }) => supersedes))
  const added = found.map(({ about, fields }, n) => ({ ...accepted[n]!, about, fields }) as EvidenceRecord)
  return [...standing.filter(({ id }) => !replaced.has(id)), ...added]
}

/**
 * Derives the root of an import again from its sealed file, in bounded memory. Where its tool's reader has changed since,
 * the file is held against its digest and the root is the one that was sealed beside it.
 */
export async function auditImport(
  installation: Installation,
  id: string,
): Promise<{ root: string; problems: string[] }> {
  try {
    const box = await installation.blobs.get(manifestOf(id))
    if (!box) return { root: '', problems: ['its manifest is missing'] }
    const { wrapped, sealed } = boxSchema.parse(JSON.parse(Buffer.from(box).toString('utf8')))
    const key = await installation.dataKeys.unwrap(Buffer.from(wrapped, 'base64'), contextOf(id))
    const manifest = manifestSchema.parse(
      JSON.parse(open(key, Buffer.from(sealed, 'base64'), contextOf(id)).toString('utf8')),
    )
    const format = (await loadFormats()).get(manifest.tool)
    if (!format) return { root: '', problems: [`nothing here reads ${manifest.tool}`] }
    const source = sealedSource(installation, fileOf(id), key, manifest)
    const problems =
      (await digestOf(source)) === manifest.sha256 ? [] : ['its file is not the one that was imported']
    if (manifest.root !== '' && manifest.reader !== format.version) return { root: manifest.root, problems }
    const { mapping, rules, only } = manifest
    const { root } = await tally(source, format, [mapping], rules, key, undefined, only)
    return { root, problems }
  } catch (error) {
    if (
      error instanceof AvouchError &&
      error.code !== 'proof' &&
      error.code !== 'input' &&
      error.code !== 'limit'
    )
      throw error
    return {
      root: '',
      problems: [error instanceof AvouchError ? error.message : 'its manifest does not open'],
    }
  }
}

/** Keeps the file sealed, and proves that what is kept reads as what was added up. */
async function keep(installation: Installation, read: ReadImport, kept: string[]): Promise<void> {
  const { id, key, source, tally: sums } = read
  kept.push(fileOf(id), manifestOf(id))
  const { size, sha256 } = await sealSource(installation, fileOf(id), key, source)
  if (sha256 !== read.sha256)
    throw new AvouchError('conflict', `${source.name} changed while it was read`, {
      where: source.name,
      fix: 'Wait until its tool is done with it, and import it again.',
    })
  const manifest = {
    tool: read.tool,
    name: source.name,
    size,
    sha256,
    mapping: sums.mapping,
    rules: read.rules,
    only: read.only,
    reader: read.version,
    root: sums.root,
  }
  const sealed = seal(key, Buffer.from(JSON.stringify(manifest)), contextOf(id))
  await installation.blobs.put(
    manifestOf(id),
    Buffer.from(
      JSON.stringify({
        wrapped: Buffer.from(read.wrapped).toString('base64'),
        sealed: sealed.toString('base64'),
      }),
    ),
  )
  const { root } = await auditImport(installation, id)
  if (root !== sums.root)
    throw new AvouchError('conflict', `${source.name} does not read the same twice`, {
      where: source.name,
      fix: 'Wait until its tool is done with it, and import it again.',
    })
}

/** The evidence of an import, before it is recorded. Pure. */
export function draftOf(
  { id, source, sha256, tool, rules, tally: sums }: ReadImport,
  about: Required<About>,
): Draft<ImportResult> {
  const { reading, coverage } = sums
  return {
    type: importResult,
    about,
    bulk: { root: sums.root, leaves: sums.rows, records: `import/${id}` },
    fields: {
      import: id,
      tool,
      toolVersion: reading.toolVersion,
      form: reading.form,
      target: reading.target ?? null,
      file: { name: source.name, size: source.size, sha256 },
      rowsDigest: sums.rowsDigest,
      ledger: sums.ledger,
      plannedKnown: reading.planned !== undefined,
      domains: domainsOf(coverage),
      internal: true,
      graderErrorKnown: false,
      judges: judgesOf(sums, reading.toolVersion),
      judgedBy: { rates: sums.domains.judgedBy, strategyRates: sums.strategies.judgedBy },
      coverage,
      rates: sums.domains.rates,
      counts: sums.domains.counts,
      strategyRates: sums.strategies.rates,
      strategyCounts: sums.strategies.counts,
      findings: sums.findings,
      mapping: sums.mapping,
      verdictRule: rulesInWords(reading, rules),
      notes: reading.notes,
    },
  }
}

/** The tool's own graders, of the version that the file names. */
function judgesOf({ domains }: Tally, version: string): { name: string; version: string }[] {
  return [...new Set(Object.values(domains.judgedBy).flat())].sort().map((name) => ({ name, version }))
}

function findingsOf(
  { tool, tally: sums }: ReadImport,
  about: Required<About>,
  source: string,
  standing: readonly EvidenceRecord[],
): Draft<Record<string, unknown>>[] {
  return sums.findings.map(({ probe, domain, severity, breaches, trials }) =>
    standingFinding(
      {
        finding: `red-teaming/import/${tool}/${probe}`,
        title: `${probe}, found by ${tool} and imported`,
        ...{ severity, domain, source, events: breaches, trials },
      },
      standing,
      about,
    ),
  )
}

function isLive({ supersededBy, retractedBy }: EvidenceRecord): boolean {
  return !supersededBy && !retractedBy
}
