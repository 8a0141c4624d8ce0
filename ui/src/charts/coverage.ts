import * as Plot from '@observablehq/plot'
import { type ChartText, type ChartWidth, chartWidths, finish, ink } from './svg.ts'

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
  const longest = (names: readonly string[]) => Math.max(...names.map((name) => name.length))
  const left = narrow ? 96 : Math.min(220, 20 + 7 * longest(rows))
  const turn = narrow ? 60 : 35
  const reach = 6.6 * longest(columns)
  const above = Math.ceil(reach * Math.sin((turn * Math.PI) / 180)) + 18
  const right = Math.ceil(reach * Math.cos((turn * Math.PI) / 180)) - (narrow ? 0 : 24)
  const svg = Plot.plot({
    document,
    width: chartWidths[width],
    height: above + rows.length * (narrow ? 40 : 34) + 8,
    marginTop: above,
    marginLeft: left,
    marginRight: Math.max(8, right),
    marginBottom: 8,
    className: 'av-plot',
    style: {
      fontFamily: 'inherit',
      fontSize: narrow ? '11px' : '12px',
      color: ink.text,
      background: 'none',
      overflow: 'visible',
    },
    x: { domain: columns, axis: null, padding: 0.06 },
    y: { domain: rows, axis: null, padding: 0.1 },
    color: { type: 'identity' },
    marks: [
      Plot.axisX({ anchor: 'top', label: null, tickSize: 0, tickRotate: -turn }),
      Plot.axisY({ label: null, tickSize: 0, lineWidth: narrow ? 8 : Number.POSITIVE_INFINITY }),
      Plot.cell(planned, {
        x: 'column',
        y: 'row',
        rx: 2,
        fill: (cell: CoverageCell) =>
          `color-mix(in srgb, var(--av-chart-a) ${shade(share(cell))}%, var(--av-paper))`,
        stroke: ink.rule,
      }),
      Plot.text(planned, {
        x: 'column',
        y: 'row',
        text: (cell: CoverageCell) => (cell.executed === 0 ? '×' : `${cell.executed}`),
        fill: (cell: CoverageCell) => (share(cell) >= 1 ? ink.paper : ink.text),
        fontVariant: 'tabular-nums',
      }),
    ],
  })
  return finish(svg, chart, width)
}

/** Percent of ink: shades of what is not whole stay light enough for dark figures on them (4.5:1), the whole is full. */
function shade(share: number): number {
  return share >= 1 ? 92 : Math.round(6 + 39 * share)
}
