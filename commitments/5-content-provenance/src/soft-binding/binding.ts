import { algorithmsOf } from '../content.ts'

export type Binding =
  | { family: string; contentId: string; hash?: undefined }
  | { family: string; contentId?: undefined; hash: Uint8Array }

/** The families that have algorithms of their own. */
export const BOUND_FAMILIES = ['picture', 'sound', 'video'] as const

/**
 * What a soft binding of ours says. `value` is, as the resolution API asks, base64 over the value in the manifest (our hex
 * digits), or over the bytes they stand for; the bare hex digits are taken too. Undefined where it is none of ours.
 */
export function readBinding(alg: string, value: string): Binding | undefined {
  for (const family of BOUND_FAMILIES) {
    const { watermark, fingerprint } = algorithmsOf(family)
    if (alg === watermark) {
      const hex = hexOf(value, 6)
      return hex === undefined ? undefined : { family, contentId: hex }
    }
    if (alg === fingerprint) {
      const hex = hexOf(value, 32)
      return hex === undefined ? undefined : { family, hash: Buffer.from(hex, 'hex') }
    }
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
