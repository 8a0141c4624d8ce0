import { hash } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { parseCsv } from './csv.ts'

/** A frozen item: the same words for every model, and the one right answer. */
export type FrozenItem = { benchmark: string; domain: string; item: string; prompt: string; answer: string }

export type FrozenItems = {
  items: FrozenItem[]
  /** SHA-256 (hex) of the items, whatever their order. */
  digest: string
}

const COLUMNS = ['benchmark', 'domain', 'item', 'prompt', 'answer'] as const
const LIMITS = { items: 10_000, name: 200, prompt: 50_000, answer: 200 }

/**
 * Reads frozen items: CSV with the columns benchmark, domain, item, prompt, answer. A model is right when the last line
 * it begins with `Answer:` gives `answer`, letter case and a final full stop aside. Throws `input` with line and reason.
 */
export function parseItems(text: string, name: string): FrozenItems {
  const [header, ...records] = parseCsv(text, name)
  const columns = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase())
  if (columns.length !== COLUMNS.length || COLUMNS.some((column) => !columns.includes(column)))
    throw new AvouchError('input', 'the columns are not those of frozen items', {
      where: `${name}, line 1`,
      fix: `Begin the file with the line ${COLUMNS.join(',')}.`,
    })
  if (records.length === 0 || records.length > LIMITS.items)
    throw new AvouchError('input', `there are ${records.length} items`, {
      where: name,
      fix: `Give from 1 to ${LIMITS.items} of them.`,
    })
  const seen = new Set<string>()
  const domains = new Map<string, string>()
  const items = records.map(({ line, cells }): FrozenItem => {
    const where = `${name}, line ${line}`
    const refuse = (message: string, fix: string): AvouchError =>
      new AvouchError('input', message, { where, fix })
    if (cells.length !== columns.length)
      throw refuse(
        `it has ${cells.length} cells where the header has ${columns.length}`,
        'Put cells with commas in double quotes.',
      )
    const take = (column: (typeof COLUMNS)[number], most: number): string => {
      const value = cells[columns.indexOf(column)]!.trim()
      if (value === '' || value.length > most)
        throw refuse(`${column} is empty or longer than ${most} characters`, `Give the ${column}.`)
      return value
    }
    const benchmark = take('benchmark', LIMITS.name)
    const domain = take('domain', LIMITS.name)
    const item = take('item', LIMITS.name)
    const key = JSON.stringify([benchmark, item])
    if (seen.has(key))
      throw refuse(`${benchmark} has an item ${item} already`, 'Give each item a name of its own.')
    seen.add(key)
    const known = domains.get(benchmark) ?? domain
    if (known !== domain)
      throw refuse(
        `${benchmark} is in the domain ${known} and in ${domain}`,
        'Give each benchmark one domain.',
      )
    domains.set(benchmark, domain)
    return {
      benchmark,
      domain,
      item,
      prompt: take('prompt', LIMITS.prompt),
      answer: take('answer', LIMITS.answer),
    }
  })
  const lines = items.map((item) => JSON.stringify(COLUMNS.map((column) => item[column]))).sort()
  return { items, digest: hash('sha256', lines.join('\n')) }
}

/** What a model answered: the text after the last `Answer:` that begins a line; undefined where there is none. */
export function answerIn(text: string): string | undefined {
  return [...text.matchAll(/^[ \t*_]*answer[ \t*_]*:[ \t*_]*(.*?)[ \t*_]*$/gim)].at(-1)?.[1]
}

/** Whether an answer is the right one, letter case, spaces around it and a final full stop aside. */
export function isRight(answer: string, given: string | undefined): boolean {
  const plain = (value: string): string => value.trim().replace(/\.$/, '').toLowerCase()
  return given !== undefined && plain(given) === plain(answer)
}
