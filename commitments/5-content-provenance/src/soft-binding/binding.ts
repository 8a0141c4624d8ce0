import { FINGERPRINT_ALG, WATERMARK_ALG } from '../content.ts'

export type Binding =
  | { alg: typeof WATERMARK_ALG; contentId: string }
  | { alg: typeof FINGERPRINT_ALG; hash: Uint8Array }

/**
 * What a soft binding of ours says. `value` is, as the resolution API asks, base64 over the value in the manifest (our hex
 * digits), or over the bytes they stand for; the bare hex digits are taken too. Undefined where it is none of ours.
 */
export function readBinding(alg: string, value: string): Binding | undefined {
  if (alg === WATERMARK_ALG) {
    const hex = hexOf(value, 6)
    return hex === undefined ? undefined : { alg, contentId: hex }
  }
  if (alg === FINGERPRINT_ALG) {
    const hex = hexOf(value, 32)
    return hex === undefined ? undefined : { alg, hash: Buffer.from(hex, 'hex') }
  }
  return undefined
}

function hexOf(value: string, bytes: number): string | undefined {
  const digits = new RegExp(`^[0-9a-f]{${bytes * 2}}$`)
  if (digits.test(value)) return value
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(value) || value.length > 200) return undefined
  const raw = Buffer.from(value, 'base64')
  if (digits.test(raw.toString('latin1'))) return raw.toString('latin1')
  return raw.length === bytes ? raw.toString('hex') : undefined
}
