/** What a log may call somebody or something; longer texts are no name. */
const LONGEST = 4096

/** The value at the end of a path of own fields; undefined where it leads nowhere. Never throws. */
export function at(value: unknown, ...path: string[]): unknown {
  let found = value
  for (const field of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, field)) return undefined
    found = (found as Record<string, unknown>)[field]
  }
  return found
}

/** The same where it is a text that says something. */
export function textAt(value: unknown, ...path: string[]): string | undefined {
  const found = at(value, ...path)
  return typeof found === 'string' && found.length > 0 && found.length <= LONGEST ? found : undefined
}

/** The same where it is a count: a whole number, or a text of digits as some logs write 64-bit numbers. */
export function countAt(value: unknown, ...path: string[]): number | undefined {
  const found = at(value, ...path)
  const number = typeof found === 'string' && /^\d{1,16}$/.test(found) ? Number(found) : found
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined
}

/** The items of a list, a hundred at most; none where it is no list. */
export function listAt(value: unknown, ...path: string[]): unknown[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found.slice(0, 100) : []
}

/** Names that say something, each once, in their order. */
export function namesOf(...names: (string | undefined)[]): string[] {
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))] as string[]
}
