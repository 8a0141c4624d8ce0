import { fromBase64, hex } from './bytes.ts'
import type { EnvelopeKey } from './dsse.ts'
import { VerifyError } from './errors.ts'
import { sha256 } from './hash.ts'
import { asString } from './json.ts'
import type { VerifierKey } from './note.ts'
import type { Statement } from './statement.ts'

/** The predicate by which the log's key says which other keys count, and until when. */
export const KEY_PREDICATE = 'https://avouch.dev/evidence/core/key/v1'

/** What the log's own key signs: which keys count, and the head that a new origin goes on from. */
export const LOG_SIGNED: readonly string[] = [KEY_PREDICATE, 'https://avouch.dev/evidence/core/origin/v1']

/** `evidence`: an installation signs with it. `person`: a person's passkey. */
export type KeyKind = 'evidence' | 'person'

/** What a logged key statement says. `key` is absent where a key is revoked by its id alone. */
export type KeyEvent = {
  action: 'added' | 'revoked'
  keyid: string
  kind: KeyKind
  key: EnvelopeKey | undefined
  index: number
}

/** The id of an evidence or person key: SHA-256 of the raw public key, hex. */
export async function keyidOf(publicKey: Uint8Array): Promise<string> {
  return hex(await sha256(publicKey))
}

/** The id under which the log's key signs envelopes: `name+keyid` of its verifier key. */
export function logKeyid(key: VerifierKey): string {
  return `${key.name}+${key.id}`
}

/** The log's key as one that signs envelopes. */
export function logEnvelopeKey(key: VerifierKey): EnvelopeKey {
  return { algorithm: 'ed25519', keyid: logKeyid(key), publicKey: key.key }
}

/**
 * Reads a key statement's open fields: `{action, kind, keyid, algorithm, publicKey, rpId?, origin?}`, where the key id
 * is SHA-256 of the public key, and passkeys name relying party and origin. `index` is its leaf. Throws `key`.
 */
export async function readKeyEvent(statement: Statement, index: number): Promise<KeyEvent> {
  const { fields } = statement.predicate
  const keyid = asString(fields.keyid, 'keyid', 64, 'key')
  const { action, kind, algorithm } = fields
  if (statement.predicateType !== KEY_PREDICATE)
    throw new VerifyError('key', 'This evidence is no key statement.')
  if (action !== 'added' && action !== 'revoked')
    throw new VerifyError('key', 'A key is either added or revoked.')
  if (kind !== 'evidence' && kind !== 'person')
    throw new VerifyError('key', 'A key is of kind evidence or person.')
  if (action === 'revoked') return { action, kind, keyid, key: undefined, index }
  const publicKey = readPublicKey(asString(fields.publicKey, 'publicKey', 128, 'key'))
  if ((await keyidOf(publicKey)) !== keyid)
    throw new VerifyError('key', 'The id of a key is not the digest of its public key.')
  if (algorithm === 'ed25519' && publicKey.length === 32)
    return { action, kind, keyid, key: { algorithm, keyid, publicKey }, index }
  if (algorithm !== 'webauthn-es256' || publicKey.length !== 65)
    throw new VerifyError('key', 'A key is ed25519 with 32 bytes or webauthn-es256 with 65.')
  const rpId = asString(fields.rpId, 'rpId', 255, 'key')
  const origin = asString(fields.origin, 'origin', 255, 'key')
  return { action, kind, keyid, key: { algorithm, keyid, publicKey, rpId, origin }, index }
}

/** The keys whose signature counts at a leaf: added below it, and not revoked below it. A revoked key stays revoked. */
export function keysAt(events: readonly KeyEvent[], index: number): EnvelopeKey[] {
  const before = events.filter((event) => event.index < index)
  const revoked = new Set(before.filter(({ action }) => action === 'revoked').map(({ keyid }) => keyid))
  const keys = new Map<string, EnvelopeKey>()
  for (const { key } of before) if (key !== undefined && !revoked.has(key.keyid)) keys.set(key.keyid, key)
  return [...keys.values()]
}

/** Why none of these key ids counts at a leaf, as a sentence. */
export function whyNoneCounts(events: readonly KeyEvent[], keyids: readonly string[], index: number): string {
  for (const { action, keyid, index: at } of events)
    if (action === 'revoked' && at < index && keyids.includes(keyid))
      return `its key ${keyid.slice(0, 16)} was revoked at leaf ${at}, before it was logged at leaf ${index}`
  for (const { keyid, index: at } of events)
    if (keyids.includes(keyid) && at >= index)
      return `its key ${keyid.slice(0, 16)} was certified only at leaf ${at}, after it was logged at leaf ${index}`
  return 'the log has not certified its key, or the file leaves that out'
}

function readPublicKey(text: string): Uint8Array<ArrayBuffer> {
  try {
    return fromBase64(text)
  } catch (cause) {
    throw new VerifyError('key', 'A public key is not in base64.', { cause })
  }
}
