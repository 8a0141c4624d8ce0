import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord } from '@avouch/core/evidence'

/** Evidence by id and by digest. */
export type Records = ReadonlyMap<string, EvidenceRecord>

/** Makes evidence findable by id and by digest. */
export function recordIndex(evidence: readonly EvidenceRecord[]): Records {
  return new Map(
    evidence.flatMap((record) => [[record.id, record] as const, [record.digest, record] as const]),
  )
}

/** Finds evidence that still stands. Throws `proof` where it is absent, not logged, erased, superseded or retracted. */
export function liveRecord(records: Records, wanted: string, where: string): EvidenceRecord {
  const record = records.get(wanted)
  const short = wanted.slice(0, 12)
  const wrong = !record
    ? 'is not in the log'
    : record.state === 'erased'
      ? 'was erased'
      : record.state !== 'logged' || record.index === undefined
        ? 'is not logged yet'
        : record.retractedBy !== undefined
          ? 'was retracted'
          : record.supersededBy !== undefined
            ? 'was superseded'
            : undefined
  if (!record || wrong !== undefined)
    throw new AvouchError('proof', `the evidence ${short} it rests on ${wrong}`, {
      where,
      fix: 'Measure again, or make the claim from the evidence that stands now.',
    })
  return record
}
