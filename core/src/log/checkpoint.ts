import { hash } from 'node:crypto'
import type { SigningKey } from '../crypto/index.ts'

const ED25519 = 0x01

/**
 * The 4-byte key id of C2SP signed-note: SHA-256(name ‖ 0x0A ‖ type ‖ public key), first four bytes.
 * `type` is 0x01 for Ed25519 notes and 0x04 for Ed25519 cosignatures.
 */
export function noteKeyId(name: string, publicKey: Uint8Array, type = ED25519): Buffer {
  return hash(
    'sha256',
    Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey]),
    'buffer',
  ).subarray(0, 4)
}

/** The verifier key as people hand it on: `name+keyid+base64(type ‖ public key)` (C2SP signed-note). */
export function verifierKey(name: string, publicKey: Uint8Array, type = ED25519): string {
  const encoded = Buffer.concat([Buffer.of(type), publicKey]).toString('base64')
  return `${name}+${noteKeyId(name, publicKey, type).toString('hex')}+${encoded}`
}

/** The DSSE key id under which the log's own key signs Statements: `name+keyid`. */
export function logKeyId(name: string, publicKey: Uint8Array): string {
  return `${name}+${noteKeyId(name, publicKey).toString('hex')}`
}

/** The body of a C2SP tlog-checkpoint: origin, size, root in base64, each on a line. */
export function checkpointBody(origin: string, size: number, root: Uint8Array): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`
}

/** Signs a checkpoint as a C2SP signed note by the log's key, whose name is the origin. */
export function signCheckpoint(origin: string, size: number, root: Uint8Array, key: SigningKey): string {
  const body = checkpointBody(origin, size, root)
  const signature = Buffer.concat([noteKeyId(origin, key.publicKey), key.sign(Buffer.from(body))])
  return `${body}\n— ${origin} ${signature.toString('base64')}\n`
}
