import { hash } from 'node:crypto'
import type { Tx } from '../db/database.ts'
import type { Installation } from '../installation.ts'
import { keyEvidence } from '../log/keys.ts'
import type { PasskeyRow } from './store.ts'

/** A credential as the log certifies it: which key signs for a person, and for which relying party. */
export type Credential = {
  keyid: string
  /** P-256 point, uncompressed: 65 bytes (SEC 1, section 2.3.3). */
  publicKey: Uint8Array
  rpId: string
  origin: string
}

/** Tells the log about a credential, within the transaction that stores or revokes it. */
export type CredentialListener = (tx: Tx, credential: Credential) => Promise<void>

/** SHA-256 (hex) of the uncompressed point: the DSSE key id, which says nothing of the person. */
export function keyidOf(publicKey: Uint8Array): string {
  return hash('sha256', publicKey)
}

/** The credential of a stored passkey. */
export function credentialOf(row: PasskeyRow): Credential {
  return { keyid: row.keyid, publicKey: new Uint8Array(row.public_key), rpId: row.rp_id, origin: row.origin }
}

/** Records that a person's key counts, or no longer does, as `core/key/v1`. */
export function certify(
  installation: Pick<Installation, 'evidence'>,
  action: 'added' | 'revoked',
): CredentialListener {
  return async (tx, { keyid, publicKey, rpId, origin }) => {
    await installation.evidence.accept(tx, {
      type: keyEvidence,
      fields: {
        action,
        kind: 'person',
        keyid,
        algorithm: 'webauthn-es256',
        publicKey: Buffer.from(publicKey).toString('base64'),
        rpId,
        origin,
      },
      about: {},
    })
  }
}
