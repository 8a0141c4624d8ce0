import { Chart, Disclosure, IntervalTable } from '@avouch/ui'
import { rateChart } from '@avouch/ui/charts'
import { formatFigure, formatInterval } from '@avouch/verify'
import { useMemo } from 'react'
import { counted } from '../../parts/words.ts'
import type { StudyFigure, StudyResult } from '../../research-data.ts'

/** Rows of a chart at most; the table has the others. */
const MAX_ROWS = 20
/** Letters of a label in a wide chart, which has one line for it; the table has the whole. */
const MAX_LABEL = 44

/** How the label of an effect says its unit. */
const LOG_ODDS = ' (log odds)'
/** A table of at most so many rows stands open. */
const SHORT = 8

type Entry = { id: string; figure: StudyFigure }

/** What a study measured, in order of weight: effects and rates drawn with their intervals, and all of it as a table. */
export function Figures({ result, version }: { result: StudyResult; version: number }) {
  const entries = useMemo(
    () =>
      Object.entries(result.figures)
        .map(([id, figure]): Entry => ({ id, figure }))
        .sort((a, b) => weight(a.figure) - weight(b.figure)),
    [result.figures],
  )
  const ranged = entries.filter(({ figure }) => figure.low !== undefined)
  const effects = ranged.filter(({ figure }) => figure.unit === 'difference')
  if (entries.length === 0) return null
  return (
    <div className="cs-stack">
      <Plotted
        id={`effects-${version}`}
        title="Effects"
        axis={effects.every(({ figure }) => figure.label.endsWith(LOG_ODDS)) ? 'Log odds' : 'Difference'}
        unit="score"
        entries={effects}
      />
      <Plotted
        id={`rates-${version}`}
        title="Rates"
        axis="Share"
        unit="rate"
        entries={ranged.filter(({ figure }) => figure.unit === 'rate')}
      />
      <Disclosure summary={`Every figure as a table (${entries.length})`} open={entries.length <= SHORT}>
        <IntervalTable
          caption="What was measured"
          heads={{ label: 'Measured', value: 'Value', interval: 'Interval', n: 'Counted' }}
          rows={entries.map(({ id, figure }) => ({
            key: id,
            label: figure.label,
            value: (
              <>
                {formatFigure(figure.value, figure.unit)}
                {figure.adjusted !== undefined && (
                  <span className="cs-small"> adjusted p {shortP(figure.adjusted)}</span>
                )}
              </>
            ),
            interval: intervalOf(figure) ?? '—',
            n:
              figure.n === undefined
                ? '—'
                : `${figure.n}${figure.clusters === undefined ? '' : ` in ${counted(figure.clusters, 'cluster')}`}`,
          }))}
        />
      </Disclosure>
    </div>
  )
}

function Plotted(props: {
  id: string
  title: string
  axis: string
  unit: 'rate' | 'score'
  entries: readonly Entry[]
}) {
  const { id, title, axis, unit, entries } = props
  const drawn = useMemo(() => {
    const rows = entries.slice(0, MAX_ROWS)
    if (rows.length === 0) return undefined
    const chart = {
      id,
      title,
      alt: `${rows
        .map(
          ({ figure }) =>
            `${figure.label} ${formatFigure(figure.value, figure.unit)}, interval ${intervalOf(figure)}`,
        )
        .join('; ')}.`,
      unit,
      axis,
    }
    const rowsWith = (labelOf: (label: string) => string) =>
      rows.map(({ figure: { label, value, low, high } }) => ({
        label: labelOf(label),
        value,
        ...(low !== undefined && high !== undefined && { low, high }),
      }))
    return {
      wide: rateChart({ ...chart, rows: rowsWith(shortened) }, 'wide', document),
      narrow: rateChart({ ...chart, rows: rowsWith(withoutUnit) }, 'narrow', document),
    }
  }, [id, title, axis, unit, entries])
  if (!drawn) return null
  const level = entries[0]?.figure.level
  const many = entries.length > MAX_ROWS ? `, the ${MAX_ROWS} of most weight` : ''
  return (
    <Chart
      caption={`${title}${level === undefined ? '' : ` with ${formatFigure(level, 'rate')} intervals`}${many}.`}
      drawn={drawn}
    />
  )
}

/** What was measured as a whole first, then tested effects by their p value, then plain counts. */
function weight({ p, low }: StudyFigure): number {
  return p ?? (low === undefined ? 2 : -1)
}

/** The unit of effects stands at the axis. */
function withoutUnit(label: string): string {
  return label.endsWith(LOG_ODDS) ? label.slice(0, -LOG_ODDS.length) : label
}

/** As a wide chart has room for it. */
function shortened(label: string): string {
  const text = withoutUnit(label)
  return text.length > MAX_LABEL ? `${text.slice(0, MAX_LABEL - 1).trimEnd()}…` : text
}

function intervalOf({ low, high, unit }: StudyFigure): string | undefined {
  return low === undefined || high === undefined ? undefined : formatInterval({ low, high }, unit)
}

function shortP(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3)
}
