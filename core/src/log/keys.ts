import { hash } from 'node:crypto'
import { z } from 'zod'
import { defineEvidence, PREDICATE_BASE } from '../evidence/type.ts'

/**
 * A key certified or revoked by the log's own key. A signature by that key counts where its evidence stands in the
 * log after the addition and before the revocation.
 */
export const keyEvidence = defineEvidence('core/key/v1', {
  title: 'Key',
  schema: z.object({
    action: z.enum(['added', 'revoked']),
    kind: z.enum(['evidence', 'person']),
    /** Hex SHA-256 of the raw public key. */
    keyid: z.string().regex(/^[0-9a-f]{64}$/),
    algorithm: z.enum(['ed25519', 'webauthn-es256']),
    /** Base64: 32 bytes for Ed25519, the uncompressed point (65 bytes) for P-256. */
    publicKey: z.string(),
    rpId: z.string().optional(),
    origin: z.string().optional(),
  }),
  open: ['action', 'kind', 'keyid', 'algorithm', 'publicKey', 'rpId', 'origin'],
})

/** The first leaf of an origin that a restored installation opens: commits to the head it was cut off from. */
export const originEvidence = defineEvidence('core/origin/v1', {
  title: 'New origin',
  schema: z.object({
    reason: z.string(),
    previous: z.object({ origin: z.string(), size: z.number().int(), root: z.string() }),
  }),
  open: ['reason', 'previous'],
})

/** The predicate of a new origin's first leaf. */
export const ORIGIN_TYPE = `${PREDICATE_BASE}core/origin/v1`

/** Predicates that the log's key signs itself, since they say which other keys count. */
export const LOG_SIGNED: ReadonlySet<string> = new Set([`${PREDICATE_BASE}core/key/v1`, ORIGIN_TYPE])

/** The DSSE key id of an evidence or person key: hex SHA-256 of its raw public key. */
export function keyId(publicKey: Uint8Array): string {
  return hash('sha256', publicKey)
}
