import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { open, SEAL_BYTES, seal as sealBox } from '../crypto/sealed-box.ts'
import { AvouchError } from '../errors.ts'

/** A batch opened is at most this large; anything above was not written by us. */
const MAX_OPENED = 512 * 1024 * 1024

/** Compresses (zstd, level 1) and seals. `context` is authenticated and must be given again to open. */
export function seal(key: Uint8Array, context: string, plain: Uint8Array): Buffer {
  return sealBox(
    key,
    zstdCompressSync(plain, { params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
    context,
  )
}

/** Opens what `seal` closed. Throws `proof` where a byte was changed, or key or context are others. */
export function unseal(key: Uint8Array, context: string, sealed: Uint8Array): Buffer {
  if (sealed.length <= SEAL_BYTES) throw changed(context)
  try {
    return zstdDecompressSync(open(key, sealed, context), { maxOutputLength: MAX_OPENED })
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
