import type { EvidenceRecord } from '@avouch/core/evidence'
import type { RuleContext } from '@avouch/core/obligation'
import { counted } from '@avouch/core/words'

// written out, so that listing obligations loads no schema
export const SOURCE = 'https://avouch.dev/evidence/weight-security/source/v1'

const DAY = 86_400_000
/** A log counts as followed where something of it was taken in so lately; */
const LATELY = 30
/** and what it told counts so long. */
const DAYS = 90

/** What the audit logs of a company's own storage and key service told of one release in the last 90 days. */
export type FollowedLogs = {
  /** Of these days, oldest first. */
  records: EvidenceRecord[]
  /** Kinds of logs, by name. */
  sources: string[]
  /** Whether any of them was taken in within 30 days. */
  isLate: boolean
  /** What the newest mapping says: objects of the model, and those whose size is not told. */
  objects: number
  unsized: number
  events: number
  encrypted: number
  unencrypted: number
  /** Uses of a key that the mapping names. */
  keyUses: number
  /** Reads of which it is not told what part they were of. */
  vague: number
  /** Acts of principals the mapping does not know. */
  unmapped: number
  /** Of people and workloads it knows, but names no role for. */
  withoutRole: number
  /** Reads from no environment that the mapping names; copies out of the mapped buckets. */
  outside: number
  exports: number
  unreadable: number
  malformed: number
  /** Log files that CloudTrail's digest files name and that are missing or altered, by the newest check. */
  lost: number
}

/** Undefined where no log that tells of this release was taken in within 90 days before the moment. Pure. */
export function followedLogs({
  evidence,
  moment,
}: Pick<RuleContext, 'evidence' | 'moment'>): FollowedLogs | undefined {
  const age = ({ recordedAt }: EvidenceRecord): number => moment.getTime() - recordedAt.getTime()
  const records = evidence(SOURCE).filter((one) => isObject(one.fields.model) && age(one) <= DAYS * DAY)
  const newest = records.at(-1)
  if (!newest) return undefined
  const sum = (...path: string[]): number =>
    records.reduce((total, { fields }) => total + count(fields, path), 0)
  return {
    records,
    sources: [...new Set(records.map(({ fields }) => String(fields.source)))].sort(),
    isLate: age(newest) > LATELY * DAY,
    objects: Math.max(...records.map(({ fields }) => count(fields, ['model', 'objects']))),
    unsized: count(newest.fields, ['model', 'unsized']),
    events: sum('model', 'events'),
    encrypted: sum('model', 'encrypted'),
    unencrypted: sum('model', 'unencrypted'),
    keyUses: sum('model', 'reads', 'key'),
    vague: sum('model', 'reads', 'part') + sum('model', 'reads', 'untold'),
    unmapped: sum('model', 'unmapped'),
    withoutRole: sum('model', 'withoutRole'),
    outside: sum('model', 'outside'),
    exports: sum('model', 'exports'),
    unreadable: count(newest.fields, ['unreadable']),
    malformed: sum('counts', 'malformed'),
    lost: ['missing', 'altered', 'broken'].reduce(
      (total, one) =>
        total + count(records.findLast(({ fields }) => isObject(fields.digests))?.fields, ['digests', one]),
      0,
    ),
  }
}

/** What of it speaks against the storage being one of core property, in words. Empty where nothing does. */
export function lackingOf(logs: FollowedLogs): string[] {
  const { isLate, objects, encrypted, unencrypted, keyUses, unreadable, lost } = logs
  return [
    ...(isLate ? [`no log was taken in within ${LATELY} days`] : []),
    ...(objects === 0 ? ['the mapping names none of its objects'] : []),
    ...(unencrypted > 0
      ? [`${counted(unencrypted, 'read was', 'reads were')} of objects that were not encrypted at rest`]
      : []),
    ...(encrypted + keyUses === 0 ? ['no record tells that its objects are encrypted at rest'] : []),
    ...(unreadable > 0 ? [`${counted(unreadable, 'file')} of the log could not be read to the end`] : []),
    ...(lost > 0
      ? [`${counted(lost, 'file is', 'files are')} not there as CloudTrail's own digest files tell`]
      : []),
  ]
}

function count(value: unknown, path: readonly string[]): number {
  let found = value
  for (const field of path) {
    if (!isObject(found)) return 0
    found = found[field]
  }
  return typeof found === 'number' ? found : 0
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
