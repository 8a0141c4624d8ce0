import * as Plot from '@observablehq/plot'
import { type ChartText, type ChartWidth, finish, ink } from './svg.ts'

/** How much of what was planned in one cell was executed; zero planned means the pair is not in the plan. */
export type CoverageCell = { row: string; column: string; planned: number; executed: number }
export type CoverageChart = ChartText & {
  cells: readonly CoverageCell[]
  rowLabel?: string
  columnLabel?: string
}

/**
 * A heat map of coverage: rows are domains, columns strategies, darkness the share executed. Executed counts stand in
 * the cells; "not run" cells carry a cross, unplanned ones stay empty, so nothing rests on shade alone.
 */
export function coverageChart(chart: CoverageChart, width: ChartWidth, document: Document): string {
  if (chart.cells.length === 0) throw new TypeError(`chart "${chart.id}" has no cells`)
  const columns = [...new Set(chart.cells.map((cell) => cell.column))]
  const rows = [...new Set(chart.cells.map((cell) => cell.row))]
  const narrow = width === 'narrow'
  const planned = chart.cells.filter((cell) => cell.planned > 0)
  const share = (cell: CoverageCell) => cell.executed / cell.planned
  const left = Math.min(narrow ? 120 : 220, 20 + 7 * Math.max(...rows.map((row) => row.length)))
  const slant = Math.max(...columns.map((column) => column.length)) * 5.2 + 16
  const svg = Plot.plot({
    document,
    width: narrow ? Math.max(320, left + columns.length * 34 + 40) : 720,
    height: slant + rows.length * 34 + 12,
    marginTop: slant,
    marginLeft: left,
    marginRight: narrow ? 40 : 60,
    marginBottom: 12,
    className: 'av-plot',
    style: {
      fontFamily: 'inherit',
      fontSize: '12px',
      color: ink.text,
      background: 'none',
      overflow: 'visible',
    },
    x: { domain: columns, axis: 'top', label: null, tickSize: 0, tickRotate: -35, padding: 0.06 },
    y: { domain: rows, label: null, tickSize: 0, padding: 0.1 },
    color: { type: 'identity' },
    marks: [
      Plot.cell(planned, {
        x: 'column',
        y: 'row',
        rx: 2,
        fill: (cell: CoverageCell) =>
          `color-mix(in srgb, var(--av-chart-a) ${Math.round(8 + 82 * share(cell))}%, var(--av-paper))`,
        stroke: ink.rule,
      }),
      Plot.text(planned, {
        x: 'column',
        y: 'row',
        text: (cell: CoverageCell) => (cell.executed === 0 ? '×' : `${cell.executed}`),
        fill: (cell: CoverageCell) => (share(cell) > 0.5 ? ink.paper : ink.text),
        fontVariant: 'tabular-nums',
      }),
    ],
  })
  return finish(svg, chart, width)
}
