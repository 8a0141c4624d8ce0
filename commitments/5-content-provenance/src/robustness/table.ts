import { loadAttacks } from '../attack/attacks.ts'
import type { QualityRow, Row, SchemeRow } from './evidence.ts'
import { type Measure, type Medium, wordsOf } from './medium.ts'

/** What a table shows of a result: columns and cells as text. Rates never stand without their interval. */
export type Table = { title: string; columns: string[]; rows: string[][] }

type Result = {
  medium?: Medium | undefined
  rows: readonly Row[]
  quality: readonly QualityRow[]
  schemesTried: readonly SchemeRow[]
}

/** Changes with a column for each system and size, how near marked pictures are, and schemes. */
export async function tablesOf({
  medium = 'picture',
  rows,
  quality,
  schemesTried,
}: Result): Promise<Table[]> {
  const { one, measures, sizes: sizeWords } = wordsOf(medium)
  const nameOfSize = (size: Row['size']): string => sizeWords[size]?.short ?? size
  const titles = new Map((await loadAttacks(medium)).map(({ name, title }) => [name, title]))
  titles.set('expected', 'All that marks are to survive')
  const systems = [...new Set(rows.map(({ system }) => system))]
  const sizes = [...new Set(rows.map(({ size }) => size))].filter(
    // one size alone is all there is
    (size, _, all) => all.length > 2 || size !== 'all',
  )
  const changes = [...new Set(rows.map(({ change }) => change))]
  const rowOf = (system: Row['system'], change: string, size: Row['size']): Row | undefined =>
    rows.find((row) => row.system === system && row.change === change && row.size === size)
  return [
    ...systems.map(
      (system): Table => ({
        title: `Marks read after changes: ${nameOf(system)}`,
        columns: [
          'change',
          'expected',
          ...sizes.map((size) => nameOfSize(size)),
          'wrong bits',
          'read where none is',
        ],
        rows: changes.map((change) => {
          const all = rowOf(system, change, 'all')!
          return [
            titles.get(change) ?? change,
            all.expected,
            ...sizes.map((size) => markedCell(rowOf(system, change, size)!)),
            all.marked.bitErrors === null ? '–' : `${all.marked.bitErrors.toFixed(0)}`,
            all.notRun === null ? unmarkedCell(all) : '–',
          ]
        }),
      }),
    ),
    {
      title: `What marking changes in a ${one}`,
      columns: [
        ...['marker', 'size', 'marked', 'refused', 'errors'],
        ...measures.map((measure) => `${measure.toUpperCase()}, mean (least)`),
      ],
      rows: quality
        .filter(({ size }) => sizes.includes(size))
        .map(({ system, size, marked, refused, errored, ...measured }) => [
          nameOf(system),
          nameOfSize(size),
          String(marked),
          String(refused),
          String(errored),
          ...measures.map((measure) => measureCell(measure, measured[measure])),
        ]),
    },
    ...(schemesTried.length === 0
      ? []
      : [
          {
            title: 'Forging and removing marks (ours)',
            columns: ['attack', 'expected', 'run', 'a mark is read', 'attacker succeeds'],
            rows: schemesTried.map(({ scheme, expected, executed, planned, errored, read, rate, notRun }) => [
              titles.get(scheme) ?? scheme,
              expected,
              notRun === null ? `${executed}/${planned}${errorsIn(errored)}` : `not run: ${notRun}`,
              notRun === null ? String(read) : '–',
              rateInWords(rate),
            ]),
          },
        ]),
  ]
}

function nameOf(system: Row['system']): string {
  return system === 'ours' ? 'ours' : 'the other marker'
}

function measureCell(measure: Measure, value: { mean: number; least: number } | null | undefined): string {
  if (!value) return 'not run'
  return measure === 'ssim'
    ? `${value.mean.toFixed(3)} (${value.least.toFixed(3)})`
    : `${value.mean.toFixed(1)} dB (${value.least.toFixed(1)})`
}

function markedCell({ notRun, marked }: Row): string {
  if (notRun !== null) return 'not run'
  const { executed, planned, errored, rate, found } = marked
  if (rate === null) return `not run (0/${planned}${errorsIn(errored)})`
  const short = executed < planned ? ` of ${planned} planned${errorsIn(errored)}` : ''
  return `${rateInWords(rate)}, ${found}/${executed}${short}`
}

function unmarkedCell({ unmarked, misread }: Row): string {
  const { executed, planned, errored, rate, accepted } = unmarked
  if (rate === null) return 'not run'
  const short = executed < planned ? ` of ${planned} planned${errorsIn(errored)}` : ''
  const wrongly = misread > accepted ? `; ${misread - accepted} marked ones misread` : ''
  return `${accepted}/${executed}${short}, at most ${percent(rate.high)}${wrongly}`
}

function rateInWords(rate: Row['marked']['rate']): string {
  return rate === null ? 'not run' : `${percent(rate.value)} [${percent(rate.low)}, ${percent(rate.high)}]`
}

function errorsIn(errored: number): string {
  return errored > 0 ? `, ${errored} errors` : ''
}

/** A rate that is not whole is not rounded to one that is. */
function percent(share: number): string {
  if (share > 0 && share < 0.0005) return '< 0.1 %'
  return `${share < 1 ? Math.min(99.9, Math.round(share * 1000) / 10) : 100} %`
}

/** A table for a terminal. */
export function tableLines({ title, columns, rows }: Table): string[] {
  const all = [columns, ...rows]
  const widths = columns.map((_, column) => Math.max(...all.map((cells) => cells[column]!.length)))
  return [
    title,
    ...all.map((cells) =>
      `  ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
    ),
  ]
}

/** A table in Markdown. */
export function tableMarkdown({ title, columns, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  return [`### ${title}`, '', line(columns), line(columns.map(() => '---')), ...rows.map(line), ''].join('\n')
}
