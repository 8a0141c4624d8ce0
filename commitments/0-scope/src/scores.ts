import { hash } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { type CsvRecord, parseCsv } from './csv.ts'

/** A model's result on one benchmark: `score` is the share of items answered rightly, `n` how many there were. */
export type Score = { benchmark: string; domain: string; model: string; score: number; n: number | undefined }

/** Answers to the items of one benchmark: `right` of a model has one place per item, undefined where it was not asked. */
export type ItemAnswers = { items: string[]; right: Map<string, (0 | 1 | undefined)[]> }

/** Everything a comparison rests on. Benchmarks known item by item stand in `scores` too, summed up. */
export type ScoreTable = {
  scores: Score[]
  items: Map<string, ItemAnswers>
  /** SHA-256 (hex) of the table, whatever the order of its rows or the format of its file. */
  digest: string
}

const LIMITS = { bytes: 32 * 1024 * 1024, rows: 500_000, name: 200, models: 200, benchmarks: 1_000 }
const SCORE_COLUMNS = ['benchmark', 'domain', 'model', 'score', 'n']
const ITEM_COLUMNS = ['benchmark', 'domain', 'item', 'model', 'correct']

type Row = { place: string; cells: Record<string, unknown> }

/**
 * Reads benchmark scores: CSV with the columns benchmark, domain, model, score and, if known, n; or one row an answer
 * with benchmark, domain, item, model, correct (0 or 1). JSON is an array of objects with the same names. Scores are
 * shares from 0 to 1. `name` is the file's, for messages.
 *
 * Throws `input` with line (or JSON pointer), reason and remedy at the first row that is wrong: an unknown or missing
 * column, a score outside 0 to 1, a benchmark in two domains, a model scored twice; `limit` past the limits.
 */
export function parseScores(text: string, name: string): ScoreTable {
  if (text.length > LIMITS.bytes)
    throw new AvouchError('limit', `the scores are larger than ${LIMITS.bytes / 1024 / 1024} MiB`, {
      where: name,
    })
  const rows = /^\s*[[{]/.test(text) ? jsonRows(text, name) : csvRows(text, name)
  if (rows.length > LIMITS.rows)
    throw new AvouchError('limit', `there are ${rows.length} rows; at most ${LIMITS.rows} can be compared`, {
      where: name,
    })
  const [first] = rows
  if (!first) throw wrong(name, 'there are no scores in it', 'Give one row for each model and benchmark.')
  const byItem = 'item' in first.cells || 'correct' in first.cells
  const table = byItem
    ? fromAnswers(rows)
    : { scores: fromScores(rows), items: new Map<string, ItemAnswers>() }
  checkDomains(table.scores, name)
  return { ...table, digest: digestOf(table) }
}

/** The domains of the benchmarks in a table: benchmark → domain. */
export function domainsOf(scores: readonly Score[]): Map<string, string> {
  return new Map(scores.map(({ benchmark, domain }) => [benchmark, domain]))
}

function csvRows(text: string, name: string): Row[] {
  const [header, ...records] = parseCsv(text, name)
  if (!header) throw wrong(name, 'it is empty', `Begin it with the line ${SCORE_COLUMNS.join(',')}.`)
  const columns = header.cells.map((cell) => cell.trim().toLowerCase())
  const allowed = columns.includes('item') || columns.includes('correct') ? ITEM_COLUMNS : SCORE_COLUMNS
  const place = `${name}, line ${header.line}`
  for (const [index, column] of columns.entries()) {
    if (!allowed.includes(column))
      throw wrong(place, `the column ${show(column)} is not known`, `The columns are ${allowed.join(', ')}.`)
    if (columns.indexOf(column) !== index)
      throw wrong(place, `the column ${column} stands twice`, 'Leave one of them out.')
  }
  for (const column of allowed)
    if (column !== 'n' && !columns.includes(column))
      throw wrong(
        place,
        `the column ${column} is missing`,
        `The columns are ${allowed.join(', ')}; only n may be left out.`,
      )
  return records.map((record) => csvRow(record, columns, name))
}

function csvRow({ line, cells }: CsvRecord, columns: string[], name: string): Row {
  const place = `${name}, line ${line}`
  if (cells.length !== columns.length)
    throw wrong(
      place,
      `it has ${cells.length} cells where the header has ${columns.length}`,
      'Put cells with commas in double quotes.',
    )
  return { place, cells: Object.fromEntries(columns.map((column, index) => [column, cells[index]!.trim()])) }
}

function jsonRows(text: string, name: string): Row[] {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new AvouchError('input', `it is not JSON: ${cause instanceof Error ? cause.message : cause}`, {
      where: name,
      cause,
    })
  }
  if (!Array.isArray(value))
    throw wrong(name, 'it is no array', 'Give an array of objects, one for each model and benchmark.')
  return value.map((row: unknown, index) => {
    const place = `${name}, /${index}`
    if (typeof row !== 'object' || row === null || Array.isArray(row))
      throw wrong(place, 'it is no object', `Give an object with ${SCORE_COLUMNS.join(', ')}.`)
    const allowed = 'item' in row || 'correct' in row ? ITEM_COLUMNS : SCORE_COLUMNS
    for (const key of Object.keys(row))
      if (!allowed.includes(key))
        throw wrong(place, `${show(key)} is not known`, `The names are ${allowed.join(', ')}.`)
    return { place, cells: row as Record<string, unknown> }
  })
}

function fromScores(rows: Row[]): Score[] {
  const seen = new Map<string, string>()
  return rows.map(({ place, cells }) => {
    if ('item' in cells || 'correct' in cells)
      throw wrong(
        place,
        'it is a single answer among scores',
        'Give either scores or single answers, in files of their own.',
      )
    const benchmark = nameIn(cells, 'benchmark', place)
    const domain = nameIn(cells, 'domain', place)
    const model = nameIn(cells, 'model', place)
    once(seen, [benchmark, model], place, `${model} has a score on ${benchmark} already`)
    const score = numberIn(cells.score)
    if (score === undefined)
      throw wrong(place, `the score ${show(cells.score)} is no number`, 'Write it like 0.734.')
    if (!(score >= 0 && score <= 1))
      throw wrong(
        place,
        `the score ${score} is not between 0 and 1`,
        score > 1 && score <= 100
          ? 'Scores are shares: divide per cent by 100.'
          : 'Scores are shares of items answered rightly.',
      )
    return { benchmark, domain, model, score, n: countIn(cells.n, place) }
  })
}

function fromAnswers(rows: Row[]): Pick<ScoreTable, 'scores' | 'items'> {
  const seen = new Map<string, string>()
  const items = new Map<string, ItemAnswers & { place: Map<string, number> }>()
  const domains = new Map<string, string>()
  for (const { place, cells } of rows) {
    if ('score' in cells)
      throw wrong(
        place,
        'it is a score among single answers',
        'Give either scores or single answers, in files of their own.',
      )
    const benchmark = nameIn(cells, 'benchmark', place)
    const domain = nameIn(cells, 'domain', place)
    const item = nameIn(cells, 'item', place)
    const model = nameIn(cells, 'model', place)
    once(seen, [benchmark, item, model], place, `${model} has answered ${item} of ${benchmark} already`)
    const known = domains.get(benchmark) ?? domain
    if (known !== domain) throw twoDomains(place, benchmark, known, domain)
    domains.set(benchmark, domain)
    const correct = rightIn(cells.correct)
    if (correct === undefined)
      throw wrong(
        place,
        `correct is ${show(cells.correct)}`,
        'Write 1 for a right answer and 0 for a wrong one.',
      )
    const answers = items.get(benchmark) ?? {
      items: [] as string[],
      right: new Map<string, (0 | 1 | undefined)[]>(),
      place: new Map<string, number>(),
    }
    items.set(benchmark, answers)
    let index = answers.place.get(item)
    if (index === undefined) {
      index = answers.items.push(item) - 1
      answers.place.set(item, index)
    }
    const right = answers.right.get(model) ?? []
    answers.right.set(model, right)
    right[index] = correct
  }
  const scores: Score[] = []
  for (const [benchmark, answers] of items)
    for (const [model, sparse] of answers.right) {
      const right = answers.items.map((_, index) => sparse[index])
      answers.right.set(model, right)
      const asked = right.filter((answer) => answer !== undefined)
      const sum = asked.reduce<number>((total, answer) => total + answer, 0)
      scores.push({
        benchmark,
        domain: domains.get(benchmark)!,
        model,
        score: sum / asked.length,
        n: asked.length,
      })
    }
  return {
    scores,
    items: new Map([...items].map(([name, { items: list, right }]) => [name, { items: list, right }])),
  }
}

function checkDomains(scores: Score[], name: string): void {
  const domains = new Map<string, string>()
  for (const { benchmark, domain } of scores) {
    const known = domains.get(benchmark) ?? domain
    if (known !== domain) throw twoDomains(name, benchmark, known, domain)
    domains.set(benchmark, domain)
  }
  const models = new Set(scores.map((score) => score.model)).size
  if (models > LIMITS.models || domains.size > LIMITS.benchmarks)
    throw new AvouchError(
      'limit',
      `there are ${models} models on ${domains.size} benchmarks; at most ${LIMITS.models} on ${LIMITS.benchmarks} can be compared`,
      { where: name },
    )
}

/** SHA-256 (hex) of a table's rows, sorted. */
export function digestOf(table: Pick<ScoreTable, 'scores' | 'items'>): string {
  const rows = table.scores.map(({ benchmark, domain, model, score, n }) =>
    JSON.stringify([benchmark, domain, model, score, n ?? null]),
  )
  for (const [benchmark, { items, right }] of table.items)
    for (const [model, answers] of right)
      for (const [index, answer] of answers.entries())
        if (answer !== undefined) rows.push(JSON.stringify([benchmark, items[index], model, answer]))
  return hash('sha256', rows.sort().join('\n'))
}

function nameIn(cells: Record<string, unknown>, column: string, place: string): string {
  const value = cells[column]
  if (typeof value !== 'string' || value.trim() === '')
    throw wrong(
      place,
      `${column} is ${value === undefined || value === '' ? 'empty' : 'no text'}`,
      `Give the ${column}'s name.`,
    )
  const name = value.trim()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point.
  if (name.length > LIMITS.name || /[\u0000-\u001f\u007f]/.test(name))
    throw wrong(
      place,
      `${column} is longer than ${LIMITS.name} characters or holds control characters`,
      'Give a plain name.',
    )
  return name
}

function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value)) return undefined
  return Number(value)
}

function countIn(value: unknown, place: string): number | undefined {
  if (value === undefined || value === null || value === '') return undefined
  const n = numberIn(value)
  if (n === undefined || !Number.isInteger(n) || n < 1 || n > 100_000_000)
    throw wrong(
      place,
      `n is ${show(value)}`,
      'n is the number of items, a whole number from 1; leave it empty where it is not known.',
    )
  return n
}

function rightIn(value: unknown): 0 | 1 | undefined {
  if (value === 1 || value === true || value === '1' || value === 'true') return 1
  if (value === 0 || value === false || value === '0' || value === 'false') return 0
  return undefined
}

function once(seen: Map<string, string>, parts: string[], place: string, message: string): void {
  const key = JSON.stringify(parts)
  const earlier = seen.get(key)
  if (earlier !== undefined) throw wrong(place, `${message} (${earlier})`, 'Leave one of the two rows out.')
  seen.set(key, place)
}

function twoDomains(place: string, benchmark: string, one: string, other: string): AvouchError {
  return wrong(
    place,
    `${benchmark} is in the domain ${show(one)} and in ${show(other)}`,
    'Give each benchmark one domain, spelt alike.',
  )
}

function wrong(where: string, message: string, fix: string): AvouchError {
  return new AvouchError('input', message, { where, fix })
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 60)
}
