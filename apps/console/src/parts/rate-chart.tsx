import { Chart } from '@avouch/ui'
import { rateChart } from '@avouch/ui/charts'

type Row = { label: string; value: number; low: number; high: number }

const percent = (share: number) => `${(100 * share).toFixed(1)} %`

/** Rates with their intervals, drawn; the table beside it says the same in numbers. */
export default function RatesDrawn({ rows }: { rows: Row[] }) {
  const chart = {
    id: 'rates-by-domain',
    title: 'Breach rates by domain',
    alt: rows
      .map(
        ({ label, value, low, high }) => `${label}: ${percent(value)}, ${percent(low)} to ${percent(high)}`,
      )
      .join('; '),
    unit: 'rate' as const,
    axis: 'Share of judged attempts',
    rows,
  }
  return (
    <Chart
      caption="Dots are rates, lines their 95 % intervals."
      drawn={{ wide: rateChart(chart, 'wide', document), narrow: rateChart(chart, 'narrow', document) }}
    />
  )
}
