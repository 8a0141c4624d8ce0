import { parse } from 'yaml'
import { AvouchError } from '../errors.ts'

/**
 * Refuses a plan or a result that still holds a sentence of its template: nothing was said there. Throws `input` with the
 * members that are to be filled in.
 */
export function mustBeFilledIn(given: object, template: string, where: string): void {
  const unsaid = new Set([...textsIn(parse(template, { maxAliasCount: 0 }))].map(([, text]) => plain(text)))
  const members = [...textsIn(given)].filter(([, text]) => unsaid.has(plain(text))).map(([path]) => path)
  if (members.length === 0) return
  throw new AvouchError('input', `The template's own words still stand in ${members.join(', ')}`, {
    where,
    fix: 'Say there what you mean, or take out what is optional.',
  })
}

/** Every sentence or phrase in a document, with the path to it. Words such as `two-sided` are values, not texts. */
function* textsIn(value: unknown, path = ''): Generator<[path: string, text: string]> {
  if (typeof value === 'string' && /\s/.test(value.trim())) yield [path, value]
  if (typeof value !== 'object' || value === null || value instanceof Date) return
  for (const [name, inner] of Object.entries(value))
    yield* textsIn(inner, path === '' ? name : `${path}.${name}`)
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
