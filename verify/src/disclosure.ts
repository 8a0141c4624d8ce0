import type { Disclosure } from './bundle.ts'
import { base64, concat, equal, fromBase64, fromHex, hex, uint32be, utf8 } from './bytes.ts'
import { canonicalBytes } from './canonical.ts'
import { VerifyError } from './errors.ts'
import { sha256 } from './hash.ts'
import type { Json, JsonObject } from './json.ts'
import { formatPointer, parsePointer, pointerCovers, resolvePointer } from './pointer.ts'
import type { Statement } from './statement.ts'

/** Bytes of salt: enough that a value cannot be guessed from its commitment. */
export const SALT_BYTES = 16

/**
 * The bytes that are hashed to commit to one field:
 * salt (16 bytes) ‖ uint32be(bytes of pointer) ‖ pointer (UTF-8) ‖ value (RFC 8785, UTF-8).
 * Throws `input` on a salt of another length, what is no pointer, or what JSON cannot hold.
 */
export function fieldPreimage(salt: Uint8Array, pointer: string, value: unknown): Uint8Array<ArrayBuffer> {
  if (salt.length !== SALT_BYTES) throw new VerifyError('input', `A salt has ${SALT_BYTES} bytes.`)
  parsePointer(pointer)
  const name = utf8(pointer)
  return concat(salt, uint32be(name.length), name, canonicalBytes(value))
}

/** The commitment to one field: SHA-256 of its `fieldPreimage`, in hex. Throws as that does. */
export async function commitment(salt: Uint8Array, pointer: string, value: unknown): Promise<string> {
  return hex(await sha256(fieldPreimage(salt, pointer, value)))
}

/** Commits to a field with a fresh random salt: the commitment to sign, the disclosure to keep beside it. */
export async function commitField(
  pointer: string,
  value: unknown,
): Promise<{ commitment: string; disclosure: Disclosure }> {
  const salt = globalThis.crypto.getRandomValues(new Uint8Array(SALT_BYTES))
  return {
    commitment: await commitment(salt, pointer, value),
    disclosure: { pointer, salt: base64(salt), value },
  }
}

/** Checks that the disclosed value is the one the Statement commits to. Throws `disclosure`. */
export async function checkDisclosure(statement: Statement, disclosure: Disclosure): Promise<void> {
  const { sealed } = statement.predicate
  const { pointer } = disclosure
  const expected = Object.hasOwn(sealed, pointer) ? sealed[pointer] : undefined
  if (expected === undefined)
    throw new VerifyError('disclosure', `The Statement commits to nothing at ${pointer.slice(0, 100)}.`)
  const found = await commitment(fromBase64(disclosure.salt, SALT_BYTES), pointer, disclosure.value)
  if (!equal(fromHex(found), fromHex(expected)))
    throw new VerifyError(
      'disclosure',
      `The value or salt disclosed for ${pointer} is not the one that was signed.`,
    )
}

/** What of a Statement lies open: its open and its disclosed fields as one document, and the pointers still withheld. */
export type DisclosedView = { fields: JsonObject; withheld: string[] }

/**
 * Checks every disclosure and puts the disclosed fields beside the open ones. Members `0` to `n − 1` that were sealed
 * one by one become an array when all of them are disclosed. Throws `disclosure`.
 */
export async function discloseFields(
  statement: Statement,
  disclosures: readonly Disclosure[],
): Promise<DisclosedView> {
  const values = new Map<string, Json>()
  for (const disclosure of disclosures) {
    if (values.has(disclosure.pointer))
      throw new VerifyError('disclosure', `${disclosure.pointer} is disclosed twice.`)
    await checkDisclosure(statement, disclosure)
    values.set(disclosure.pointer, disclosure.value as Json)
  }
  const withheld = Object.keys(statement.predicate.sealed).filter((pointer) => !values.has(pointer))
  const fields: JsonObject = { ...statement.predicate.fields }
  for (const [pointer, value] of values) place(fields, parsePointer(pointer), value)
  for (const name of Object.keys(fields))
    if (!Object.hasOwn(statement.predicate.fields, name))
      fields[name] = arrays(fields[name]!, formatPointer([name]), values, withheld)
  return { fields, withheld }
}

/** The value at a pointer of the disclosed view. Throws `withheld` where it, or a part of it, was not disclosed or is absent. */
export function disclosedValue(view: DisclosedView, pointer: string): Json {
  const hidden = view.withheld.find(
    (sealed) => pointerCovers(sealed, pointer) || pointerCovers(pointer, sealed),
  )
  if (hidden !== undefined) throw new VerifyError('withheld', `${hidden} was not disclosed.`)
  const value = resolvePointer(view.fields, pointer)
  if (value === undefined)
    throw new VerifyError('withheld', `The evidence has no field at ${pointer.slice(0, 100)}.`)
  return value
}

function place(fields: JsonObject, tokens: string[], value: Json): void {
  let inside = fields
  for (const token of tokens.slice(0, -1)) {
    const next = Object.hasOwn(inside, token) ? inside[token] : undefined
    inside = inside[token] = (next as JsonObject | undefined) ?? {}
  }
  inside[tokens.at(-1)!] = value
}

/** Turns objects that `place` made into arrays where their names are 0 to n − 1 and none is withheld; disclosed values stay as they are. */
function arrays(
  value: Json,
  pointer: string,
  disclosed: ReadonlyMap<string, Json>,
  withheld: readonly string[],
): Json {
  if (disclosed.has(pointer)) return value
  const members = Object.entries(value as JsonObject).map(
    ([name, member]) => [name, arrays(member, pointer + formatPointer([name]), disclosed, withheld)] as const,
  )
  const whole = !withheld.some((hidden) => pointerCovers(pointer, hidden))
  if (whole && members.every(([name], index) => name === String(index)))
    return members.map(([, member]) => member)
  return Object.fromEntries(members)
}
