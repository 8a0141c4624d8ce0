import * as Plot from '@observablehq/plot'
import { type ChartText, type ChartWidth, chartWidths, finish, ink } from './svg.ts'

/** A value with its interval, all on the chart's scale. */
export type Point = { value: number; low?: number; high?: number }
/** One row: its point, and the point it is compared with (the predecessor's, before a mitigation). */
export type RateRow = Point & { label: string; compare?: Point }

export type RateChart = ChartText & {
  unit: 'rate' | 'score'
  rows: readonly RateRow[]
  /** Names of the filled and the hollow dots; shown as a legend where rows have a `compare`. */
  series?: readonly [string, string]
  /** Other words for the axis. */
  axis?: string
}

/**
 * Dots with intervals, one row each, all on one scale that starts at zero for rates. Compared values are hollow, below.
 * `document` is the browser's or `staticDocument()`. Returns SVG markup. Throws `TypeError` where rows or alt are missing.
 */
export function rateChart(chart: RateChart, width: ChartWidth, document: Document): string {
  if (chart.rows.length === 0) throw new TypeError(`chart "${chart.id}" has no rows`)
  const narrow = width === 'narrow'
  const rows = chart.rows.map((row, at) => ({ ...row, key: `${at}` }))
  const compared = rows.flatMap(({ key, compare }) => (compare ? [{ key, ...compare }] : []))
  const labels = rows.map(({ label }) => (narrow ? wrapped(label) : label))
  const tall = labels.some((label) => label.includes('\n'))
  const step = narrow ? (tall ? 76 : 58) : compared.length > 0 ? 40 : 34
  const drop = compared.length > 0 ? 6 : 0
  const left = narrow ? 8 : Math.min(300, 24 + 7.1 * Math.max(...rows.map((row) => row.label.length)))
  const top = (compared.length > 0 ? 30 : 6) + (narrow ? 12 : 0)
  const svg = Plot.plot({
    document,
    width: chartWidths[width],
    height: top + 44 + step * rows.length,
    marginLeft: left,
    marginRight: 18,
    marginTop: top,
    marginBottom: 44,
    className: 'av-plot',
    style: {
      fontFamily: 'inherit',
      fontSize: '13px',
      color: ink.text,
      background: 'none',
      overflow: 'visible',
    },
    x: {
      domain: scaleOf(chart),
      label: chart.axis ?? (chart.unit === 'rate' ? 'Share of attempts' : 'Score'),
      labelAnchor: 'right',
      labelArrow: 'none',
      tickSize: 0,
      ticks: narrow ? 4 : 6,
      ...(chart.unit === 'rate' ? { tickFormat: percent(scaleOf(chart)[1]) } : {}),
    },
    y: { domain: rows.map((row) => row.key), label: null, axis: null, padding: 0 },
    marks: [
      Plot.gridX({ stroke: ink.rule, strokeOpacity: 1, ticks: narrow ? 4 : 6 }),
      Plot.ruleX([scaleOf(chart)[0]], { stroke: ink.axis }),
      // where values go both ways, zero is what they are read against
      ...(scaleOf(chart)[0] < 0 ? [Plot.ruleX([0], { stroke: ink.soft })] : []),
      ...points(rows, ink.first, true, narrow ? 9 - drop : -drop, step),
      ...points(compared, ink.second, false, narrow ? 9 + drop : drop, step),
      Plot.text(rows, {
        x: () => scaleOf(chart)[0],
        y: 'key',
        text: labels,
        textAnchor: narrow ? 'start' : 'end',
        dx: narrow ? 2 : -14,
        dy: narrow ? (tall ? -20 : -16) : 0,
        fill: ink.text,
        stroke: ink.paper,
        strokeWidth: 4,
      }),
      ...(compared.length > 0 ? legend(chart) : []),
    ],
  })
  return finish(svg, chart, width)
}

/** Letters that a line of a narrow chart has room for. */
const NARROW_LINE = 40

/** A label over its row in at most two lines, broken between words; what is longer still ends in an ellipsis. */
function wrapped(label: string): string {
  if (label.length <= NARROW_LINE) return label
  const space = label.lastIndexOf(' ', NARROW_LINE)
  const end = space > 0 ? space : NARROW_LINE
  const rest = label.slice(end).trim()
  return `${label.slice(0, end)}\n${rest.length > NARROW_LINE ? `${rest.slice(0, NARROW_LINE - 1).trimEnd()}…` : rest}`
}

function points(
  data: readonly (Point & { key: string })[],
  colour: string,
  filled: boolean,
  dy: number,
  step: number,
) {
  const ranged = data.filter((point) => point.low !== undefined && point.high !== undefined)
  const shape = { y: 'key', dy } as const
  // Interval ends are small marks, not whole rows.
  const caps = { insetTop: step / 2 - 5, insetBottom: step / 2 - 5 }
  return [
    Plot.link(ranged, {
      x1: 'low',
      x2: 'high',
      y1: 'key',
      y2: 'key',
      dy,
      stroke: colour,
      strokeWidth: filled ? 2 : 1.5,
    }),
    Plot.tickX(ranged, { ...shape, x: 'low', stroke: colour, strokeWidth: 1.5, ...caps }),
    Plot.tickX(ranged, { ...shape, x: 'high', stroke: colour, strokeWidth: 1.5, ...caps }),
    Plot.dot(data, {
      ...shape,
      x: 'value',
      r: 4.5,
      fill: filled ? colour : ink.paper,
      stroke: colour,
      strokeWidth: 1.75,
      symbol: filled ? 'circle' : 'diamond',
    }),
  ]
}

function legend(chart: RateChart) {
  const [first, second] = chart.series ?? ['This release', 'Compared with']
  const place = { frameAnchor: 'top-left', dy: -22 } as const
  const shift = 26 + first.length * 7
  return [
    Plot.dot([0], { ...place, dx: 6, r: 4.5, fill: ink.first, stroke: ink.first }),
    Plot.text([first], { ...place, dx: 16, lineAnchor: 'middle', fill: ink.soft }),
    Plot.dot([0], {
      ...place,
      dx: 6 + shift,
      r: 4.5,
      symbol: 'diamond',
      fill: ink.paper,
      stroke: ink.second,
      strokeWidth: 1.75,
    }),
    Plot.text([second], { ...place, dx: 16 + shift, lineAnchor: 'middle', fill: ink.soft }),
  ]
}

/** From zero (or the lowest score) to a round number above the highest interval. */
function scaleOf({ rows, unit }: RateChart): [number, number] {
  const all = rows.flatMap((row) => [row, ...(row.compare ? [row.compare] : [])])
  const high = Math.max(...all.map((point) => point.high ?? point.value))
  const low = Math.min(0, ...all.map((point) => point.low ?? point.value))
  if (unit === 'rate')
    return [
      0,
      [0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1].find((end) => end >= high) ?? 1,
    ]
  const span = high - low || 1
  const step = 10 ** Math.floor(Math.log10(span))
  return [Math.floor(low / step) * step, Math.ceil(high / step) * step]
}

function percent(end: number) {
  const digits = end < 0.05 ? 1 : 0
  return (rate: number) => `${(rate * 100).toFixed(digits)}%`
}
