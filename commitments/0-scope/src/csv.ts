import { AvouchError } from '@avouch/core/errors'

/** One record with the line it began on, counted from 1. */
export type CsvRecord = { line: number; cells: string[] }

/**
 * Splits comma-separated text (RFC 4180: quoted cells may hold commas, line breaks and doubled quotes; LF or CRLF; a
 * byte order mark is skipped) into records; blank lines are left out. Throws `input` with the line where a quote is
 * misplaced or never closed.
 */
export function parseCsv(text: string, name: string): CsvRecord[] {
  const records: CsvRecord[] = []
  let cells: string[] = []
  let cell = ''
  let line = 1
  let began = 1
  let quoted = false
  let closed = false
  const endCell = (): void => {
    cells.push(cell)
    cell = ''
    closed = false
  }
  const endRecord = (): void => {
    endCell()
    if (cells.length > 1 || cells[0] !== '') records.push({ line: began, cells })
    cells = []
    began = line + 1
  }
  const start = text.startsWith('\uFEFF') ? 1 : 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]!
    if (quoted) {
      if (character === '"' && text[at + 1] === '"') {
        cell += '"'
        at++
      } else if (character === '"') {
        quoted = false
        closed = true
      } else {
        if (character === '\n') line++
        cell += character
      }
    } else if (character === '"' && cell === '' && !closed) quoted = true
    else if (character === ',') endCell()
    else if (character === '\n') {
      endRecord()
      line++
    } else if (character === '\r' && text[at + 1] === '\n') continue
    else if (character === '"' || closed) throw misplaced(name, line)
    else cell += character
  }
  if (quoted)
    throw new AvouchError('input', 'a quoted cell is never closed', {
      where: `${name}, line ${began}`,
      fix: 'Close the cell with a double quote; a double quote inside it is written twice.',
    })
  if (cell !== '' || cells.length > 0) endRecord()
  return records
}

function misplaced(name: string, line: number): AvouchError {
  return new AvouchError('input', 'a double quote stands in the middle of a cell', {
    where: `${name}, line ${line}`,
    fix: 'Put the whole cell in double quotes and write a double quote inside it twice.',
  })
}
