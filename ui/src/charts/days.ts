import * as Plot from '@observablehq/plot'
import { type ChartText, type ChartWidth, chartWidths, finish, ink } from './svg.ts'

/** A count of one day (`YYYY-MM-DD`, UTC) in one row: of so many, some lack something. */
export type DayCount = { row: string; day: string; count: number; lacking: number }
export type DayChart = ChartText & {
  /** The first and last day shown, both whole. */
  from: string
  to: string
  rows: readonly string[]
  counts: readonly DayCount[]
}

/**
 * Bars of counts by day, one row each, all on one scale from zero. What lacks something is hollow and stands on top, so
 * that nothing rests on colour alone; the caption has to say what it lacks. Throws `TypeError` where there are no rows.
 */
export function dayChart(chart: DayChart, width: ChartWidth, document: Document): string {
  const { rows, counts, from, to } = chart
  if (rows.length === 0) throw new TypeError(`chart "${chart.id}" has no rows`)
  const narrow = width === 'narrow'
  const start = new Date(from)
  const end = new Date(Date.parse(to) + 86_400_000)
  const bars = counts.map(({ row, day, count, lacking }) => ({
    ...{ row, x1: new Date(day), x2: new Date(Date.parse(day) + 86_400_000) },
    ...{ count, whole: count - lacking, lacking },
  }))
  const most = Math.max(1, ...bars.map(({ count }) => count))
  const whole = bars.filter((one) => one.whole > 0)
  const some = bars.filter(({ lacking }) => lacking > 0)
  // counts are whole: two steps of one have no half between them
  const steps = Math.min(2, most)
  const gap = narrow ? 0.5 : 1.5
  const bar = { x1: 'x1', x2: 'x2', fy: 'row', insetLeft: gap, insetRight: gap } as const
  const svg = Plot.plot({
    document,
    width: chartWidths[width],
    height: 64 + 96 * rows.length,
    marginTop: 28,
    marginLeft: narrow ? 36 : 48,
    marginRight: 18,
    marginBottom: 36,
    className: 'av-plot',
    style: {
      fontFamily: 'inherit',
      fontSize: '13px',
      color: ink.text,
      background: 'none',
      overflow: 'visible',
    },
    x: { type: 'utc', domain: [start, end], label: null, tickSize: 0, ticks: narrow ? 3 : 6 },
    y: { domain: [0, most], label: null, tickSize: 0, ticks: steps, tickFormat: 'd', nice: true },
    fy: { domain: rows, axis: null, padding: 0.32 },
    marks: [
      Plot.gridY({ stroke: ink.rule, strokeOpacity: 1, ticks: steps }),
      // the outline shows what is too few to have a height
      Plot.rect(whole, { ...bar, y1: 0, y2: 'whole', fill: ink.first, stroke: ink.first }),
      Plot.rect(some, {
        ...{ ...bar, y1: 'whole', y2: 'count' },
        ...{ fill: ink.paper, stroke: ink.second, strokeWidth: 1.5 },
      }),
      Plot.ruleY([0], { stroke: ink.axis }),
      Plot.text(rows, {
        ...{ fy: (row: string) => row, text: (row: string) => row, frameAnchor: 'top-left' },
        ...{ dy: -16, fill: ink.text, stroke: ink.paper, strokeWidth: 4 },
      }),
    ],
  })
  return finish(svg, chart, width)
}
