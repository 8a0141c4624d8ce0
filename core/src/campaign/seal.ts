import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { AvouchError } from '../errors.ts'

const NONCE = 12
const TAG = 16
/** A batch opened is at most this large; anything above was not written by us. */
const MAX_OPENED = 512 * 1024 * 1024

/**
 * Compresses (zstd, level 1) and encrypts (AES-256-GCM): nonce ‖ ciphertext ‖ tag. `context` is authenticated and
 * must be given again to open.
 */
export function seal(key: Uint8Array, context: string, plain: Uint8Array): Buffer {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(context))
  const packed = zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } })
  const body = cipher.update(packed)
  return Buffer.concat([nonce, body, cipher.final(), cipher.getAuthTag()])
}

/** Opens what `seal` closed. Throws `proof` where a byte was changed, or key or context are others. */
export function unseal(key: Uint8Array, context: string, sealed: Uint8Array): Buffer {
  if (sealed.length < NONCE + TAG) throw changed(context)
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG))
  try {
    const packed = Buffer.concat([
      decipher.update(sealed.subarray(NONCE, sealed.length - TAG)),
      decipher.final(),
    ])
    return zstdDecompressSync(packed, { maxOutputLength: MAX_OPENED })
  } catch (cause) {
    throw changed(context, cause)
  }
}

function changed(context: string, cause?: unknown): AvouchError {
  return new AvouchError('proof', 'Sealed bytes do not open: they were changed, or belong to another key', {
    where: context,
    fix: 'Restore them from a backup; the evidence still commits to what they were.',
    cause,
  })
}
