import { fromUtf8 } from './bytes.ts'
import { VerifyError, type VerifyErrorCode } from './errors.ts'

/** A JSON value (RFC 8259). */
export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [name: string]: Json }

/**
 * How much of a hostile text is read: bytes of UTF-8, levels of nesting, values in all. `canonical`: numbers and
 * strings must be spelt as RFC 8785 does, so that no digit or escape can be changed without changing the value.
 */
export type JsonLimits = { bytes: number; depth: number; values: number; canonical?: true }

export const JSON_LIMITS: JsonLimits = { bytes: 4_194_304, depth: 64, values: 1_000_000 }

/**
 * Parses I-JSON (RFC 7493) strictly: valid UTF-8, no byte order mark, no member named twice, no half surrogate, no
 * number beyond a double's range, no member `__proto__`. Throws `input` or `limit`.
 */
export function parseJson(source: Uint8Array | string, limits: JsonLimits = JSON_LIMITS): Json {
  if (source.length > limits.bytes)
    throw new VerifyError('limit', `The JSON is larger than ${limits.bytes} bytes.`)
  const reader = new Reader(typeof source === 'string' ? source : fromUtf8(source), limits)
  return reader.document()
}

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const WORDS: [string, null | boolean][] = [
  ['null', null],
  ['true', true],
  ['false', false],
]

class Reader {
  private at = 0
  private values = 0
  private readonly text: string
  private readonly limits: JsonLimits

  constructor(text: string, limits: JsonLimits) {
    this.text = text
    this.limits = limits
  }

  document(): Json {
    const value = this.value(0)
    this.space()
    if (this.at < this.text.length) throw this.error('something follows the JSON value')
    return value
  }

  private value(depth: number): Json {
    if (depth > this.limits.depth)
      throw new VerifyError('limit', `The JSON is nested deeper than ${this.limits.depth} levels.`)
    if (++this.values > this.limits.values)
      throw new VerifyError('limit', `The JSON holds more than ${this.limits.values} values.`)
    this.space()
    const next = this.text[this.at]
    if (next === '{') return this.object(depth)
    if (next === '[') return this.array(depth)
    if (next === '"') return this.string()
    for (const [word, value] of WORDS)
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length
        return value
      }
    const token = this.match(NUMBER, 'a value')
    const number = Number(token)
    if (this.limits.canonical && String(number) !== token)
      throw this.error('a number is written in an unusual way')
    if (!Number.isFinite(number)) throw this.error('a number is larger than a double can hold')
    return number
  }

  private object(depth: number): JsonObject {
    const out: JsonObject = {}
    this.at++
    if (this.take('}')) return out
    do {
      this.space()
      const name = this.string()
      if (name === '__proto__') throw this.error('a member has the forbidden name __proto__')
      if (Object.hasOwn(out, name))
        throw this.error(`the member ${JSON.stringify(name.slice(0, 60))} stands there twice`)
      this.expect(':')
      out[name] = this.value(depth + 1)
    } while (this.take(','))
    this.expect('}')
    return out
  }

  private array(depth: number): Json[] {
    const out: Json[] = []
    this.at++
    if (this.take(']')) return out
    do out.push(this.value(depth + 1))
    while (this.take(','))
    this.expect(']')
    return out
  }

  private string(): string {
    const token = this.text.slice(this.at, this.endOfString())
    let value: unknown
    try {
      value = JSON.parse(token)
    } catch {
      throw this.error('expected a string')
    }
    if (typeof value !== 'string' || !value.isWellFormed())
      throw this.error('a string holds half of a surrogate pair')
    if (this.limits.canonical && JSON.stringify(value) !== token)
      throw this.error('a string is written in an unusual way')
    this.at += token.length
    return value
  }

  /** Behind the closing quote. Found by hand: a pattern would need a stack as deep as the string is long. */
  private endOfString(): number {
    if (this.text[this.at] !== '"') throw this.error('expected a string')
    for (let end = this.text.indexOf('"', this.at + 1); end >= 0; end = this.text.indexOf('"', end + 1)) {
      let slashes = 0
      while (this.text[end - 1 - slashes] === '\\') slashes++
      if (slashes % 2 === 0) return end + 1
    }
    throw this.error('a string does not end')
  }

  private match(pattern: RegExp, what: string): string {
    pattern.lastIndex = this.at
    const found = pattern.exec(this.text)?.[0]
    if (found === undefined) throw this.error(`expected ${what}`)
    this.at += found.length
    return found
  }

  private take(sign: string): boolean {
    this.space()
    if (this.text[this.at] !== sign) return false
    this.at++
    return true
  }

  private expect(sign: string): void {
    if (!this.take(sign)) throw this.error(`expected ${sign}`)
  }

  private space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at++
  }

  private error(what: string): VerifyError {
    return new VerifyError('input', `The JSON cannot be read at character ${this.at + 1}: ${what}.`)
  }
}

/** The value as an object. Throws `code`, naming `what`. */
export function asObject(value: Json | undefined, what: string, code: VerifyErrorCode = 'input'): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new VerifyError(code, `${what} must be an object.`)
  return value
}

/** The value as an array of at most `max` members. Throws `code` or `limit`. */
export function asArray(
  value: Json | undefined,
  what: string,
  max: number,
  code: VerifyErrorCode = 'input',
): Json[] {
  if (!Array.isArray(value)) throw new VerifyError(code, `${what} must be an array.`)
  if (value.length > max) throw new VerifyError('limit', `${what} has more than ${max} members.`)
  return value
}

/** The value as a string of at most `max` UTF-16 units. Throws `code` or `limit`. */
export function asString(
  value: Json | undefined,
  what: string,
  max: number,
  code: VerifyErrorCode = 'input',
): string {
  if (typeof value !== 'string') throw new VerifyError(code, `${what} must be a string.`)
  if (value.length > max) throw new VerifyError('limit', `${what} is longer than ${max} characters.`)
  return value
}

/** The value as an integer from 0 to 2^53 − 1. Throws `code`. */
export function asCount(value: Json | undefined, what: string, code: VerifyErrorCode = 'input'): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new VerifyError(code, `${what} must be an integer from 0 to 2^53 − 1.`)
  return value
}

/** Refuses members that are not named here, so that nothing unread travels along. Throws `code`. */
export function only(
  object: JsonObject,
  names: readonly string[],
  what: string,
  code: VerifyErrorCode = 'input',
): void {
  for (const name of Object.keys(object))
    if (!names.includes(name))
      throw new VerifyError(code, `${what} has the unknown member ${JSON.stringify(name.slice(0, 60))}.`)
}
