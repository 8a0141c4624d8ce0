import { AvouchError } from '@avouch/core/errors'
import type { About, EvidenceRecord } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { type ComparisonRequest, compareRelease } from './comparison.ts'
import { type CapabilityComparison, capabilityComparison } from './evidence.ts'
import type { ScoreTable } from './scores.ts'
import type { InputFile } from './scores-file.ts'

export type RecordedComparison = {
  id: string
  fields: CapabilityComparison
  /** False where the very same comparison stood in the log already, so that nothing was recorded again. */
  recorded: boolean
}

/**
 * Compares, and records the comparison as evidence with the files it came from attached; waits until it is logged. The result
 * is recorded whatever it says. The same scores, baselines, seed and subject are recorded once. Throws `input` where the
 * release or a baseline has no score, or a release would be compared with itself.
 */
export async function recordComparison(
  installation: Installation,
  { table, files }: { table: ScoreTable; files: InputFile[] },
  request: ComparisonRequest,
  about: About,
): Promise<RecordedComparison> {
  checkModels(table, files, request)
  const fields = compareRelease(table, request)
  const earlier = (await liveComparisons(installation, request.release)).find(
    (record) => sameAbout(record.about, about) && sameComparison(record.fields, fields),
  )
  if (earlier) return { id: earlier.id, fields, recorded: false }
  const attachments = files.map(({ name, mediaType, bytes, sha256 }) => ({
    name,
    mediaType,
    size: bytes.length,
    sha256,
    blob: `scope/inputs/${sha256}`,
  }))
  for (const { bytes, sha256 } of files) await installation.blobs.put(`scope/inputs/${sha256}`, bytes)
  const { id } = await installation.evidence.append({
    type: capabilityComparison,
    fields,
    about,
    attachments,
  })
  return { id, fields, recorded: true }
}

function checkModels(
  table: ScoreTable,
  files: InputFile[],
  { release, released, produced }: ComparisonRequest,
): void {
  const models = new Set(table.scores.map((score) => score.model))
  for (const model of [release, released, produced])
    if (model !== undefined && !models.has(model))
      throw new AvouchError('input', `there is no score of ${model}`, {
        where: files.map((file) => file.name).join(', '),
        fix: `The models in it are ${[...models].slice(0, 20).join(', ')}.`,
      })
  if (release === released || release === produced)
    throw new AvouchError('input', `${release} cannot be compared with itself`, {
      where: release === released ? 'released' : 'produced',
      fix: 'Name the most capable model before this release.',
    })
}

/** The comparisons of a release that stand: neither superseded, retracted nor erased; oldest first. */
export async function liveComparisons(
  installation: Installation,
  release: string,
): Promise<EvidenceRecord[]> {
  const records = await installation.evidence.list({ type: capabilityComparison.predicateType, release })
  return records.filter((record) => !record.supersededBy && !record.retractedBy && record.state !== 'erased')
}

function sameAbout(one: About, other: About): boolean {
  return (
    one.release === other.release &&
    one.snapshot === other.snapshot &&
    one.configuration === other.configuration
  )
}

/** Compared by what went in; what came out follows from it. */
function sameComparison(recorded: Record<string, unknown>, fields: CapabilityComparison): boolean {
  const names = [
    'benchmarksDigest',
    'baselines',
    'seed',
    'resamples',
    'method',
    'source',
    'decision',
  ] as const
  const key = (of: Record<string, unknown>): string =>
    JSON.stringify(
      names.map((name) => (name === 'baselines' ? Object.entries(of[name] ?? {}).sort() : of[name])),
    )
  return key(recorded) === key(fields)
}
