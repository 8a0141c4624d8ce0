import { brokenAt, checkPart } from './import-bytes.ts'
import type { Source } from './imported.ts'

const MAX_COLUMNS = 200

/** A row of a CSV file (RFC 4180) by the names in its first row, and the line it begins on. */
export type CsvRow = { fields: Record<string, string>; line: number }

/** The rows of a CSV file with a header, one at a time. Throws `input` with `FILE:LINE`, and `limit` at a row too large. */
export async function* csvRows(source: Source): AsyncGenerator<CsvRow> {
  const decoder = new TextDecoder('utf-8')
  let names: string[] | undefined
  let cells: string[] = []
  let cell = ''
  let state: 'plain' | 'quoted' | 'closed' = 'plain'
  let line = 1
  let began = 1
  let size = 0
  const row = (): CsvRow | undefined => {
    cells.push(cell)
    const found = cells
    cells = []
    cell = ''
    size = 0
    state = 'plain'
    if (found.length === 1 && found[0] === '') return undefined
    if (names === undefined) {
      names = found.map((name) => name.replace(/^\uFEFF/, ''))
      return undefined
    }
    if (found.length !== names.length)
      throw brokenAt(
        `${source.name}:${began}`,
        `the row has ${found.length} cells where the first has ${names.length}`,
      )
    return { fields: Object.fromEntries(names.map((name, index) => [name, found[index]!])), line: began }
  }
  for await (const chunk of source.stream() as AsyncIterable<Buffer>) {
    const text = decoder.decode(chunk, { stream: true })
    for (let at = 0; at < text.length; at++) {
      const sign = text[at]!
      checkPart(size++, `${source.name}:${began}`, 'the row')
      if (sign === '\n') line++
      if (state === 'quoted') {
        if (sign === '"') state = 'closed'
        else cell += sign
      } else if (sign === '"') {
        if (state === 'closed') cell += sign
        else if (cell !== '')
          throw brokenAt(`${source.name}:${line}`, 'a quotation mark stands in the middle of a cell')
        state = 'quoted'
      } else if (sign === ',') {
        cells.push(cell)
        cell = ''
        state = 'plain'
        if (cells.length > MAX_COLUMNS) throw brokenAt(`${source.name}:${line}`, 'the row has too many cells')
      } else if (sign === '\n') {
        const found = row()
        if (found) yield found
        began = line
      } else if (sign !== '\r') cell += sign
    }
  }
  if (state === 'quoted') throw brokenAt(`${source.name}:${began}`, 'the file ends in the middle of a cell')
  if (cell !== '' || cells.length > 0) {
    const found = row()
    if (found) yield found
  }
}
