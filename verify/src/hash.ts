import { VerifyError } from './errors.ts'

/**
 * This program's WebCrypto. Throws `no-webcrypto` where there is none: browsers take it away from pages that came
 * over plain HTTP from another machine.
 */
export function subtle(): SubtleCrypto {
  const found = globalThis.crypto?.subtle
  if (found === undefined)
    throw new VerifyError(
      'no-webcrypto',
      'Nothing could be checked: this browser offers no cryptography to pages opened over plain HTTP. ' +
        'Open the page over HTTPS, or save the file and open it from disk, or run `avouch verify FILE`.',
    )
  return found
}

/** SHA-256 (FIPS 180-4): 32 bytes. Throws `no-webcrypto`. */
export async function sha256(data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await subtle().digest('SHA-256', webBytes(data)))
}

/** HMAC-SHA-256 (RFC 2104): 32 bytes. The key must not be empty. Throws `no-webcrypto`. */
export async function hmacSha256(key: Uint8Array, data: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await subtle().importKey('raw', webBytes(key), algorithm, false, ['sign'])
  return new Uint8Array(await subtle().sign('HMAC', imported, webBytes(data)))
}

/** WebCrypto's types refuse shared memory; nothing here hands it any. */
export function webBytes(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return data as Uint8Array<ArrayBuffer>
}
