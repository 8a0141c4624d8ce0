import { createHash } from 'node:crypto'
import { leafHash } from '@avouch/core/log'
import { canonicalJson } from '@avouch/verify'
import { z } from 'zod'
import type { WeightEvent } from '../event.ts'

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const name = z.string().min(1).max(200)

/** One read of segments under a lease, or one that was refused, as the chained record holds it. */
export const readEntrySchema = z.strictObject({
  /** From 1, without gaps. */
  number: count,
  time: z.iso.datetime(),
  /** 16 random bytes, so that nobody who is shown a hash can guess what it hides. */
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  lease: name,
  object: z.uuid(),
  /** `NAME@VERSION` */
  model: name,
  /** Id of the lease's holder; of a refused read, of who asked. */
  person: name,
  environment: name.nullable(),
  /** A closed range; of a refused read, what was asked for. */
  segments: z.tuple([count, count]),
  /** Of plaintext in these segments, whole; 0 where refused. */
  bytes: count,
  sink: z.enum(['file', 'pipe', 'http']),
  host: name,
  /** Whose hand it was: the holder's session, their API key, or the command line on the installation's own machine. */
  by: z.enum(['session', 'key', 'command-line']),
  /** Id of the attestation it was read under, where the environment needs one. */
  attestation: z.uuid().nullable(),
  outcome: z.enum(['ok', 'denied']),
  /** How many refused reads by the same hand it stands for, the last of which it tells; 1 where it is not said. */
  times: count.optional(),
})
export type ReadEntry = z.output<typeof readEntrySchema>

/** What stands before the first entry. */
export const NOTHING = Buffer.alloc(32)

/** Binds an entry (canonical JSON) to all before it: SHA-256(hash before ‖ entry). */
export function chainHash(before: Uint8Array, entry: string): Buffer {
  return createHash('sha256').update(before).update(entry).digest()
}

export function entryText(entry: ReadEntry): string {
  return canonicalJson(entry)
}

/** Its leaf in the tree of bulk records. */
export function entryLeaf(entry: string): Buffer {
  return leafHash(Buffer.from(entry))
}

/** The entry as detection, coverage and reviews read it. */
export function eventOf(entry: ReadEntry): WeightEvent {
  const { time, person, host, environment, model, segments, bytes, sink, lease, outcome } = entry
  const where = environment === null ? {} : { environment }
  return { time, person, host, ...where, action: 'read', model, segments, bytes, sink, lease, outcome }
}
