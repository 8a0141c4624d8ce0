import { utf8 } from './bytes.ts'
import { VerifyError } from './errors.ts'

const MAX_DEPTH = 128

/**
 * The canonical JSON text of a value (RFC 8785, JCS): members sorted by their UTF-16 code units, numbers and strings
 * as ECMAScript writes them, no white space. Throws `input` on what JSON cannot hold (undefined, NaN, functions,
 * half surrogates, other objects than plain ones and arrays), `limit` beyond 128 levels.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0)
}

/** `canonicalJson` as UTF-8. */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return utf8(canonicalJson(value))
}

function write(value: unknown, depth: number): string {
  if (depth > MAX_DEPTH)
    throw new VerifyError('limit', `The value is nested deeper than ${MAX_DEPTH} levels.`)
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new VerifyError('input', 'JSON has no word for NaN or infinity.')
    return JSON.stringify(value)
  }
  if (typeof value === 'string') return string(value)
  if (Array.isArray(value)) return `[${Array.from(value, (member) => write(member, depth + 1)).join(',')}]`
  if (typeof value === 'object' && isPlain(value)) {
    const object = value as Record<string, unknown>
    const members = Object.keys(object)
      .sort()
      .map((name) => `${string(name)}:${write(object[name], depth + 1)}`)
    return `{${members.join(',')}}`
  }
  throw new VerifyError('input', `JSON has no word for a value of type ${typeof value}.`)
}

function string(text: string): string {
  if (!text.isWellFormed()) throw new VerifyError('input', 'A string holds half of a surrogate pair.')
  return JSON.stringify(text)
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}
