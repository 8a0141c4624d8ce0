import { VerifyError } from './errors.ts'
import { hmacSha256 } from './hash.ts'

/**
 * The entry of the log that commits to an envelope: HMAC-SHA-256(leaf key, envelope bytes), 32 bytes. The key is
 * random (32 bytes), so that the published entry says nothing of the envelope. Throws `input`.
 */
export async function leafEntry(leafKey: Uint8Array, envelope: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  if (leafKey.length !== 32) throw new VerifyError('input', 'A leaf key has 32 bytes.')
  return hmacSha256(leafKey, envelope)
}
