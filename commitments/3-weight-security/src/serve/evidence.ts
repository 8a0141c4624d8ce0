import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

/** A stretch of the record of reads: its entries are the bulk records, one leaf each. */
export const readsEvidence = defineEvidence('weight-security/reads/v1', {
  title: 'Reads of weights under leases',
  schema: z.object({
    /** Numbers of its first and last entry; the stretch before ends just before. */
    first: count,
    last: count,
    /** Hashes of the chain before the first and at the last. */
    before: hash,
    after: hash,
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    refused: count,
    people: count,
    leases: count,
    models: z
      .array(
        z.object({
          model: z.string().max(201),
          reads: count,
          bytes: count,
          people: count,
          /** Reads in environments of which no attestation is asked. */
          unattested: count,
        }),
      )
      .max(1000),
  }),
  open: ['first', 'last', 'before', 'after'],
})
