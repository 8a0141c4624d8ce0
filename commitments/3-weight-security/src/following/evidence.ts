import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'
import { COUNTS } from '../taking/counts.ts'

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const hex = z.string().regex(/^[0-9a-f]{64}$/)
const moment = z.iso.datetime()

/** Files of one audit log taken in under one mapping, and what they told of one model. Nobody is named. */
const followed = z.object({
  /** The kind of log. */
  source: z.string().max(40),
  /** SHA-256 of the mapping's file. */
  mapping: hex,
  /** SHA-256 of each file as it was read, packed or not. */
  files: z.array(z.object({ digest: hex, bytes: count })).max(500),
  /** Files that could not be read to their end; what was read of them counts. */
  unreadable: count,
  records: count,
  /** What became of the records, over all models: each is in exactly one of these. */
  counts: z.object(
    Object.fromEntries(COUNTS.map((one) => [one, count])) as Record<(typeof COUNTS)[number], typeof count>,
  ),
  /** Of those taken, how many are of principals the mapping does not know. */
  unmappedPrincipals: count,
  /** What CloudTrail's own digest files say of the files; null where there were none, or all were in order before. */
  digests: z
    .object({ digests: count, named: count, missing: count, altered: count, broken: count })
    .nullable(),
  /** First and last moment of what was taken; null where nothing was. */
  from: moment.nullable(),
  to: moment.nullable(),
  /** What the mapping says of this model, and what was taken of it; null where a log tells of no models. */
  model: z
    .object({
      objects: count,
      /** Of these, the ones whose size is not told: reads of them have no segments. */
      unsized: count,
      segments: count.nullable(),
      keys: count,
      events: count,
      /** By how their segments are known; `part` and `untold` are not known. */
      reads: z.object({ range: count, whole: count, part: count, untold: count, key: count }),
      refused: count,
      /** Of reads that tell it: objects that were encrypted at rest, and that were not. */
      encrypted: count,
      unencrypted: count,
      people: count,
      workloads: count,
      unmapped: count,
      /** Acts of principals for whom the mapping names no role. */
      withoutRole: count,
      /** Reads from no environment that the mapping names, and copies out of the mapped buckets. */
      outside: count,
      exports: count,
    })
    .nullable(),
})
export type Followed = z.infer<typeof followed>

export const sourceEvidence = defineEvidence('weight-security/source/v1', {
  title: 'Audit log taken in',
  schema: followed,
  open: [
    ...(['source', 'mapping', 'files', 'unreadable', 'records', 'counts'] as const),
    ...(['unmappedPrincipals', 'digests', 'from', 'to', 'model'] as const),
  ],
})
