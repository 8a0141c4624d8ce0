import { VerifyError } from './errors.ts'
import type { Json } from './json.ts'

/** The reference tokens of a JSON pointer (RFC 6901): `/a~1b/0` → `['a/b', '0']`. Throws `input`. */
export function parsePointer(pointer: string): string[] {
  if (pointer.length > 1024) throw new VerifyError('limit', 'A JSON pointer is longer than 1024 characters.')
  if (pointer === '') return []
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer) || !pointer.isWellFormed())
    throw new VerifyError('input', `${JSON.stringify(pointer.slice(0, 60))} is not a JSON pointer.`)
  const tokens = pointer
    .slice(1)
    .split('/')
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
  if (tokens.includes('__proto__')) throw new VerifyError('input', 'A JSON pointer names __proto__.')
  return tokens
}

/** The JSON pointer of these reference tokens. */
export function formatPointer(tokens: readonly string[]): string {
  return tokens.map((token) => `/${token.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

/** The value a JSON pointer names in a document; undefined where there is none. Throws `input` on what is no pointer. */
export function resolvePointer(document: Json, pointer: string): Json | undefined {
  let value: Json | undefined = document
  for (const token of parsePointer(pointer)) {
    if (Array.isArray(value)) value = /^(0|[1-9][0-9]{0,8})$/.test(token) ? value[Number(token)] : undefined
    else if (typeof value === 'object' && value !== null)
      value = Object.hasOwn(value, token) ? value[token] : undefined
    else return undefined
  }
  return value
}

/** Whether one pointer names the other's value or a value that holds it. */
export function pointerCovers(outer: string, inner: string): boolean {
  return inner === outer || inner.startsWith(`${outer}/`)
}
