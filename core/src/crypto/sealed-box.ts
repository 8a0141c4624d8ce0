import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { AvouchError } from '../errors.ts'

const NONCE_BYTES = 12
const TAG_BYTES = 16

/** What sealing adds to the length of the plain bytes: nonce and tag. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce: nonce ‖ ciphertext ‖ 128-bit tag. `context` is
 * authenticated and not stored; the same is needed to open. One key may seal at most 2^32 messages, so a key serves
 * one object or one series of batches, never the whole installation.
 */
export function seal(key: Uint8Array, plain: Uint8Array, context: string | Uint8Array): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(typeof context === 'string' ? Buffer.from(context) : context)
  return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

/** The plain bytes. Throws `proof` where key, context or a byte is not what was sealed. */
export function open(key: Uint8Array, sealed: Uint8Array, context: string | Uint8Array): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  try {
    if (bytes.length < SEAL_BYTES) throw new RangeError(`${bytes.length} bytes are too few for a sealed box`)
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(typeof context === 'string' ? Buffer.from(context) : context)
    decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES))
    return Buffer.concat([
      decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES)),
      decipher.final(),
    ])
  } catch (cause) {
    throw new AvouchError('proof', 'sealed bytes do not open: wrong key, wrong context, or changed', {
      cause,
    })
  }
}
