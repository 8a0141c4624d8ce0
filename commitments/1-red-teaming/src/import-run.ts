import { AvouchError } from '@avouch/core/errors'
import type { About, EvidenceRecord } from '@avouch/core/evidence'
import type { ImportResult } from './evidence.ts'
import type { ReadImport } from './import.ts'

/** The import of the same run for this release, where one stands. Throws `conflict` where it may not be recorded. */
export function earlierImport(
  read: ReadImport,
  before: readonly EvidenceRecord[],
  about: Required<About>,
  again: boolean,
): EvidenceRecord | undefined {
  const ofSameRun = before.filter(({ fields }) => isSameRun(read, fields))
  const other = ofSameRun.find(({ about: their }) => their.snapshot !== about.snapshot)
  if (other)
    throw new AvouchError(
      'conflict',
      `What ${read.source.name} holds stands as of another model, ${other.about.release}, as evidence ${other.id}`,
      {
        where: read.source.name,
        fix: 'One run is about one model. Where that import was mistaken, retract it first.',
      },
    )
  const same = ofSameRun.find(({ about: their }) => their.release === about.release)
  if (same && !again)
    throw new AvouchError(
      'conflict',
      `${read.source.name} was imported for ${about.release} before, as evidence ${same.id}`,
      {
        where: read.source.name,
        fix: 'Give --again to read it anew; the new import supersedes the old.',
      },
    )
  return same
}

type Run = Pick<ImportResult, 'file' | 'rowsDigest' | 'target'>

/** What a run that was read is known by. */
export function runOf({ source, sha256, tally: { reading, rowsDigest } }: ReadImport): Run {
  return {
    file: { name: source.name, size: source.size, sha256 },
    rowsDigest,
    target: reading.target ?? null,
  }
}

/** Whether a file was read to the same rows: a blank line more, or other names around them, make no other run. */
export function isSameRun(read: ReadImport, { file, rowsDigest, target }: Partial<Run>): boolean {
  const own = runOf(read)
  return rowsDigest === undefined || file === undefined
    ? file?.sha256 === own.file.sha256 && (target ?? null) === own.target
    : rowsDigest === own.rowsDigest && (target ?? null) === own.target
}
