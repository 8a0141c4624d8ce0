import { VerifyError } from './errors.ts'
import { subtle, webBytes } from './hash.ts'

/**
 * Whether an Ed25519 signature (RFC 8032, 64 bytes) by a raw public key (32 bytes) holds over the message.
 * Throws `key` for what is no key, `no-webcrypto` where the browser lacks Ed25519.
 */
export async function verifyEd25519(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32) throw new VerifyError('key', 'An Ed25519 public key has 32 bytes.')
  if (signature.length !== 64) return false
  return verify({ name: 'Ed25519' }, { name: 'Ed25519' }, publicKey, message, signature)
}

/**
 * Whether an ECDSA signature over P-256 with SHA-256 (r ‖ s, 64 bytes) by an uncompressed public key (65 bytes)
 * holds over the message. Throws `key` for what is no point of the curve.
 */
export async function verifyP256(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 65 || publicKey[0] !== 4)
    throw new VerifyError('key', 'A P-256 public key has 65 bytes: 4, then both coordinates.')
  if (signature.length !== 64) return false
  const scheme = { name: 'ECDSA', hash: 'SHA-256' }
  return verify({ name: 'ECDSA', namedCurve: 'P-256' }, scheme, publicKey, message, signature)
}

async function verify(
  keyKind: EcKeyImportParams | Algorithm,
  scheme: EcdsaParams | Algorithm,
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const web = subtle()
  let key: CryptoKey
  try {
    key = await web.importKey('raw', webBytes(publicKey), keyKind, false, ['verify'])
  } catch (cause) {
    if (cause instanceof Error && cause.name === 'NotSupportedError')
      throw new VerifyError(
        'no-webcrypto',
        `Nothing could be checked: this browser does not know ${keyKind.name} signatures. Use a newer one, or run \`avouch verify FILE\`.`,
        { cause },
      )
    throw new VerifyError('key', `The ${keyKind.name} public key is not a point of its curve.`, { cause })
  }
  return web.verify(scheme, key, webBytes(signature), webBytes(message))
}
