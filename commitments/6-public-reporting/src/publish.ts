import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord, Logged } from '@avouch/core/evidence'
import { verdictDigest } from '@avouch/core/gate'
import { proofBundle, publishCheckpoint } from '@avouch/core/log'
import {
  assembleReport,
  coveredDigest,
  coveredJsonDigest,
  type ProofBundle,
  utf8,
  verifyReport,
} from '@avouch/verify'
import { commitmentsOf, type Wanted, wantedBy } from './disclosure.ts'
import { reportEvidence } from './evidence.ts'
import { type Gathered, gather, type ReportRequest, verdictWith } from './gather.ts'
import { assembleJson, type CoveredJson, coveredJson } from './json.ts'
import { modelCard } from './model-card.ts'
import { asPublished, buildReport, type Report } from './report.ts'
import { findPublication, insertPublication, type Publication } from './store.ts'

export type { ReportRequest } from './gather.ts'
export { findPublication, listPublications, type Publication } from './store.ts'

/** The files of a report, by name. */
export const REPORT_FILES = ['report.html', 'report.json', 'model-card.md'] as const
export type ReportFile = (typeof REPORT_FILES)[number]
export type ReportFiles = { state: 'published' | 'draft'; files: Map<ReportFile, Uint8Array> }

/**
 * Publishes the report of a release: builds it, records its evidence, publishes the log's head, proves every figure
 * against that head, checks the finished files as a reader would, and keeps them for the portal. Publishing again
 * supersedes. Throws `not-found` for an unknown release, `input` or `proof` where the report cannot be built.
 */
export async function publishReport(
  request: ReportRequest,
): Promise<ReportFiles & { publication: Publication; evidence: Logged }> {
  const { installation, release } = request
  const gathered = await gather(request)
  const draft = await buildFrom(request, gathered)
  const fields = evidenceFields(draft)
  const report = asPublished(draft, await verdictWith(request, provisional(gathered, fields)))
  const parts = await dressAll(report)
  const subjects = [
    { name: 'report.html', sha256: await coveredDigest(parts.html) },
    { name: 'report.json', sha256: await coveredJsonDigest(parts.json) },
  ]
  const wanted = wantedBy(report)
  // Everything that can be wrong shows before the evidence that says "published" is recorded.
  await checkFiles(finish(report, parts, await proofBundle(installation, wanted)), 'digest')
  const before = standingReport(gathered)
  const evidence = await installation.evidence.append({
    type: reportEvidence,
    fields,
    about: aboutOf(gathered),
    subjects,
    ...(before && { supersedes: before.id }),
  })
  const checkpoint = await publishCheckpoint(installation)
  const proof = await proofBundle(installation, [...wanted, { id: evidence.id, pointers: [] }], {
    size: checkpoint.size,
  })
  const files = finish(report, parts, proof)
  await checkFiles(files)
  const covered = subjects[0]!.sha256
  const folder = `reports/${keyOf(release)}/${covered.slice(0, 16)}`
  for (const [name, bytes] of files) await installation.blobs.put(`${folder}/${name}`, bytes)
  const publication: Publication = {
    release,
    evidence: evidence.id,
    covered,
    treeSize: checkpoint.size,
    folder,
    figures: report.notes.length,
    withheld: report.withheld.length,
    publishedAt: installation.now(),
  }
  await insertPublication(installation.db, publication, wanted)
  return { state: 'published', files, publication, evidence }
}

/** The files of a release's report: as last published, or a draft that says so where none was. */
export async function reportFiles(request: ReportRequest): Promise<ReportFiles> {
  const publication = await findPublication(request.installation.db, request.release)
  if (publication) {
    const files = new Map<ReportFile, Uint8Array>()
    for (const name of REPORT_FILES)
      files.set(name, await readPublished(request.installation, publication, name))
    return { state: 'published', files }
  }
  return draftReport(request)
}

/** The report as it would be published now; its proof lacks the report's own evidence, so it does not verify. */
export async function draftReport(request: ReportRequest): Promise<ReportFiles> {
  const report = await buildFrom(request, await gather(request))
  const parts = await dressAll(report)
  return {
    state: 'draft',
    files: finish(report, parts, await proofBundle(request.installation, wantedBy(report))),
  }
}

/** One file of a publication. Throws `disk` where it is gone from the blob store. */
export async function readPublished(
  installation: ReportRequest['installation'],
  publication: Publication,
  name: ReportFile,
): Promise<Uint8Array> {
  const bytes = await installation.blobs.get(`${publication.folder}/${name}`)
  if (!bytes)
    throw new AvouchError('disk', `the published ${name} of ${publication.release} is gone`, {
      where: `${publication.folder}/${name}`,
      fix: 'Restore the blobs from a backup, or publish again.',
    })
  return bytes
}

/** Writes the files into a folder, made if need be. Returns their paths. */
export async function writeReport({ files }: ReportFiles, dir: string): Promise<string[]> {
  try {
    await mkdir(dir, { recursive: true })
    const paths: string[] = []
    for (const [name, bytes] of files) {
      paths.push(join(dir, name))
      await writeFile(join(dir, name), bytes)
    }
    return paths
  } catch (cause) {
    throw new AvouchError(
      'disk',
      `the report cannot be written: ${cause instanceof Error ? cause.message : cause}`,
      {
        where: dir,
        fix: 'Give --out a folder that can be written.',
        cause,
      },
    )
  }
}

async function buildFrom({ installation, commitments }: ReportRequest, gathered: Gathered): Promise<Report> {
  const input = {
    ...gathered,
    commitments: Object.fromEntries(commitments.map(({ number, title }) => [number, title])),
  }
  const report = buildReport(input)
  const proof = await proofBundle(installation, wantedBy(report))
  const sealed = commitmentsOf(report, proof)
  return sealed.size === 0 ? report : buildReport({ ...input, sealed })
}

function evidenceFields(report: Report) {
  return {
    release: report.release.name,
    format: 'avouch-report/v1' as const,
    cites: report.cites,
    sections: report.sections.filter((section) => section.claims.length > 0).map((section) => section.id),
    figures: report.notes.length,
    withheld: report.withheld.length,
    verdict: verdictDigest(report.verdict),
  }
}

function aboutOf({ release: { name, snapshot, configuration } }: Gathered): EvidenceRecord['about'] {
  return {
    release: name,
    ...(snapshot !== undefined && { snapshot }),
    ...(configuration !== undefined && { configuration }),
  }
}

/** The report's evidence as it will be, so that the gate can be asked what it changes. */
function provisional(gathered: Gathered, fields: Record<string, unknown>): EvidenceRecord {
  return {
    id: '00000000-0000-0000-0000-000000000000',
    digest: '0'.repeat(64),
    predicateType: reportEvidence.predicateType,
    about: aboutOf(gathered),
    recordedAt: new Date(gathered.verdict.basis.moment),
    state: 'logged',
    index: gathered.verdict.basis.treeSize,
    epoch: 0,
    sequence: 0,
    signers: [],
    fields,
    bulk: undefined,
    attachments: [],
    supersedes: undefined,
    retracts: undefined,
    supersededBy: undefined,
    retractedBy: undefined,
  }
}

type Parts = { html: string; json: CoveredJson }

/** Typesetting is loaded only here: whoever lists or reads publications needs none of it. */
async function dressAll(report: Report): Promise<Parts> {
  const { dressReport } = await import('./dress.ts')
  return { html: await dressReport(report), json: coveredJson(report) }
}

function finish(report: Report, { html, json }: Parts, proof: ProofBundle): Map<ReportFile, Uint8Array> {
  return new Map([
    ['report.html', assembleReport(html, proof)],
    ['report.json', utf8(assembleJson(json, proof))],
    ['model-card.md', utf8(modelCard(report))],
  ])
}

/**
 * Reads the files as anyone will: a report that does not hold is never kept. `absent` names the one check that cannot
 * hold yet, because the report's own evidence is not recorded.
 */
async function checkFiles(files: ReadonlyMap<ReportFile, Uint8Array>, absent?: string): Promise<void> {
  for (const name of ['report.html', 'report.json'] as const) {
    const { checks } = await verifyReport(files.get(name)!, { inPage: true })
    const wrong = checks.find((check) => !check.ok && check.name !== absent)
    if (wrong)
      throw new AvouchError('proof', `the ${name} does not verify: ${wrong.name}: ${wrong.detail}`, {
        where: wrong.figure ?? name,
        fix: 'Nothing was published. Run `avouch log audit`: evidence or log may have been altered.',
      })
  }
}

/** The report evidence that this publication replaces, whether or not its files were ever kept. */
function standingReport({ evidence, release }: Gathered): EvidenceRecord | undefined {
  return evidence.findLast(
    (one) =>
      one.predicateType === reportEvidence.predicateType &&
      one.about.release === release.name &&
      one.state === 'logged' &&
      one.supersededBy === undefined &&
      one.retractedBy === undefined,
  )
}

/** A release's name within blob keys: `@` becomes a folder, other signs than a-z, 0-9, dot and hyphen are escaped. */
function keyOf(release: string): string {
  return release
    .split('@')
    .map((part) =>
      part.replace(/[^a-z0-9.-]/g, (sign) => `_${sign.charCodeAt(0).toString(16).padStart(2, '0')}`),
    )
    .join('/')
}

export type { Wanted }
