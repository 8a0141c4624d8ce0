import { VerifyError } from './errors.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** UTF-8 bytes of a text. Throws `input` on a lone surrogate, which UTF-8 cannot hold. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  if (!text.isWellFormed())
    throw new VerifyError('input', 'The text holds half of a surrogate pair, which is no character.')
  return encoder.encode(text)
}

/** The text that these UTF-8 bytes hold, a byte order mark included. Throws `input` where they are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new VerifyError('input', 'The bytes are not valid UTF-8.', { cause })
  }
}

/** Lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let out = ''
  for (const byte of bytes) out += byte.toString(16).padStart(2, '0')
  return out
}

/** Bytes from lower-case hexadecimal; `length` is the number of bytes expected. Throws `input`. */
export function fromHex(text: string, length?: number): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text))
    throw new VerifyError('input', 'Expected lower-case hexadecimal digits, two for each byte.')
  const out = new Uint8Array(text.length / 2)
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16)
  return expectLength(out, length)
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUES = new Int16Array(128).fill(-1)
for (let i = 0; i < 64; i++) VALUES[ALPHABET.charCodeAt(i)] = i

/** Base 64 of RFC 4648 section 4, padded. */
export function base64(bytes: Uint8Array): string {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const group = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0)
    part += ALPHABET[group >> 18]! + ALPHABET[(group >> 12) & 63]!
    part += left > 1 ? ALPHABET[(group >> 6) & 63]! : '='
    part += left > 2 ? ALPHABET[group & 63]! : '='
    if (part.length >= 8192) {
      parts.push(part)
      part = ''
    }
  }
  parts.push(part)
  return parts.join('')
}

/**
 * Bytes from base 64 (RFC 4648 section 4): padded, no other character, unused bits zero, so that each byte string
 * has one spelling. `length` is the number of bytes expected. Throws `input`.
 */
export function fromBase64(text: string, length?: number): Uint8Array<ArrayBuffer> {
  if (text.length % 4 !== 0)
    throw new VerifyError('input', 'Expected base64 with its padding: a multiple of four characters.')
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const out = new Uint8Array((text.length / 4) * 3 - padding)
  let at = 0
  for (let i = 0; i < text.length; i += 4) {
    let group = 0
    for (let j = 0; j < 4; j++) {
      const padded = i + j >= text.length - padding
      const value = padded ? 0 : (VALUES[text.charCodeAt(i + j)] ?? -1)
      if (value < 0) throw new VerifyError('input', `Character ${i + j + 1} is not one of base64.`)
      group = (group << 6) | value
    }
    const filled = Math.min(3, out.length - at)
    const unused = filled === 3 ? 0 : filled === 2 ? 0xff : 0xffff
    if ((group & unused) !== 0)
      throw new VerifyError('input', 'The last base64 character carries bits that no byte uses.')
    for (let j = 0; j < filled; j++) out[at++] = (group >> (16 - 8 * j)) & 255
  }
  return expectLength(out, length)
}

/** Base 64 with the URL and filename safe alphabet (RFC 4648 section 5), unpadded, as WebAuthn writes it. */
export function base64url(bytes: Uint8Array): string {
  return base64(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** Bytes from unpadded base64url, as strict as `fromBase64`. Throws `input`. */
export function fromBase64url(text: string, length?: number): Uint8Array<ArrayBuffer> {
  if (/[+/=]/.test(text)) throw new VerifyError('input', 'Expected base64url: `-` and `_`, without padding.')
  const padded = text.replaceAll('-', '+').replaceAll('_', '/') + '='.repeat((4 - (text.length % 4)) % 4)
  return fromBase64(padded, length)
}

function expectLength(bytes: Uint8Array<ArrayBuffer>, length: number | undefined): Uint8Array<ArrayBuffer> {
  if (length !== undefined && bytes.length !== length)
    throw new VerifyError('input', `Expected ${length} bytes, found ${bytes.length}.`)
  return bytes
}

/** One after the other, in a new array. */
export function concat(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

/** Whether two byte strings are the same; how long it takes depends on their lengths alone. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  for (let i = 0; i < a.length; i++) difference |= a[i]! ^ b[i]!
  return difference === 0
}

/** Four bytes, big-endian. Throws `input` outside of 0 to 2^32 − 1. */
export function uint32be(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff)
    throw new VerifyError('input', 'Expected an integer that fits in 32 bits.')
  const out = new Uint8Array(4)
  new DataView(out.buffer).setUint32(0, value)
  return out
}

/** Eight bytes, big-endian. Throws `input` outside of 0 to 2^53 − 1. */
export function uint64be(value: number): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new VerifyError('input', 'Expected an integer from 0 to 2^53 − 1.')
  const out = new Uint8Array(8)
  new DataView(out.buffer).setBigUint64(0, BigInt(value))
  return out
}

/** A decimal without sign or leading zero, from 0 to 2^53 − 1. Throws `input`. */
export function decimal(text: string): number {
  const value = /^(0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value))
    throw new VerifyError('input', 'Expected a decimal from 0 to 2^53 − 1 without sign or leading zero.')
  return value
}
