import { Chart, Section, Table } from '@avouch/ui'
import { dayChart } from '@avouch/ui/charts'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { contentQuestions, type MarkedDays, type MarkingService } from '../../content-data.ts'
import { Asked } from '../../parts/asked.tsx'
import { Day } from '../../parts/time.tsx'
import { counted } from '../../parts/words.ts'
import { amount, missing } from './services.tsx'

/** Services that are drawn, the busiest; the table has all. */
const MOST = 5

type Props = { services: readonly MarkingService[] }

/** What was marked in the last 30 days, and what came in and was not. */
export function MarkedByDay({ services }: Props) {
  const days = useQuery(contentQuestions.days)
  return (
    <Section title="The last 30 days" id="days">
      <Asked of={days}>{(found) => <Shown services={services} found={found} />}</Asked>
    </Section>
  )
}

type Total = { number: number; name: string; marked: number; refused: number; failed: number }

function Shown({ services, found }: Props & { found: MarkedDays }) {
  const totals: Total[] = services
    .map(({ number, service, model }) => {
      const own = found.days.filter((one) => one.service === number)
      const lost = found.losses.find((one) => one.service === number)
      return {
        ...{ number, name: `${service}/${model}` },
        marked: own.reduce((sum, { marked }) => sum + marked, 0),
        ...{ refused: lost?.refused ?? 0, failed: lost?.failed ?? 0 },
      }
    })
    .filter(({ marked, refused, failed }) => marked + refused + failed > 0)
    .sort((one, other) => other.marked - one.marked)
  if (totals.length === 0)
    return (
      <p className="cs-soft">
        Nothing came to be marked since <Day at={found.from} />.
      </p>
    )
  return (
    <div className="cs-stack">
      {found.days.length > 0 && <Drawing totals={totals} found={found} />}
      <Table
        columns={[
          { label: 'Service' },
          { label: 'Marked', numeric: true },
          { label: 'Refused', numeric: true },
          { label: 'Failed', numeric: true },
        ]}
        rows={totals.map(({ number, name, marked, refused, failed }) => ({
          key: String(number),
          cells: [name, amount(marked), missing(refused), missing(failed)],
        }))}
      />
      <p className="cs-small">
        Refused is what a file was: too small, too plain, of a kind that is not taken. Failed is what went
        wrong here. Neither was given out as marked. They are counted by day until they stand in evidence, and
        by batch from then on.
      </p>
    </div>
  )
}

function Drawing({ totals, found }: { totals: readonly Total[]; found: MarkedDays }) {
  const shown = totals.filter(({ marked }) => marked > 0).slice(0, MOST)
  const drawn = useMemo(() => {
    const names = new Map(shown.map(({ number, name }) => [number, name]))
    const counts = found.days.flatMap(({ service, day, marked, withoutWatermark, withoutManifest }) => {
      const row = names.get(service)
      // a piece that lacks both would count twice, so that the larger stands for both
      const lacking = Math.max(withoutWatermark, withoutManifest)
      return row === undefined ? [] : [{ row, day, count: marked, lacking }]
    })
    const chart = {
      id: 'marked-by-day',
      title: 'Pieces marked by day',
      alt: `${shown.map(({ name, marked }) => `${name}: ${amount(marked)} marked on ${counted(counts.filter(({ row }) => row === name).length, 'day')}, at most ${amount(Math.max(...counts.filter(({ row }) => row === name).map(({ count }) => count)))} a day`).join('; ')}.`,
      ...{ from: found.from, to: found.to, rows: shown.map(({ name }) => name), counts },
    }
    return { wide: dayChart(chart, 'wide', document), narrow: dayChart(chart, 'narrow', document) }
  }, [shown, found])
  return (
    <Chart
      caption={`Pieces marked by day (UTC)${totals.length > shown.length ? `, of the ${shown.length} busiest services` : ''}. What lacks a layer is hollow, at the top.`}
      drawn={drawn}
    />
  )
}
