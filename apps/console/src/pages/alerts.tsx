import { EmptyState, PageHead, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { Asked } from '../parts/asked.tsx'
import { Choice } from '../parts/filters.tsx'
import { useMay } from '../parts/may.ts'
import { Pages, pageOf } from '../parts/paged.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { counted } from '../parts/words.ts'
import { type AlertState, type Alerts, shareInWords, weightQuestions } from '../weights-data.ts'
import { Exercise } from './alerts/exercise.tsx'
import { OUTCOMES } from './alerts/outcomes.ts'
import { Programme } from './alerts/programme.tsx'

const STATES: readonly AlertState[] = ['open', 'acknowledged', 'escalated', 'closed']

/** What the insider-threat detector raised, the rarest first. */
export function AlertsPage() {
  useTitle('Alerts')
  const may = useMay()
  const { page, state } = useSearch({ from: '/inside/alerts' })
  const alerts = useQuery(weightQuestions.alerts(STATES.find((one) => one === state)))
  return (
    <>
      <PageHead title="Alerts">
        <p>
          Acts on weights that are rare for the person, for their peers, or for anybody. An alert is a
          question to people, and no verdict on them. What the detector{' '}
          <a href="#exercise">finds of planted thefts</a>, and how the programme{' '}
          <a href="#comparison">compares with that for other secrets</a>, stands below;{' '}
          <a href="/console/alerts/identities">whom names in events stand for</a> on a page of its own.
        </p>
      </PageHead>
      <search className="cs-filters">
        <Choice name="state" label="State" value={state} all="All states">
          {STATES.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </Choice>
      </search>
      <Asked of={alerts}>
        {(found) => (
          <>
            <Precision of={found} />
            <List of={found} page={page} filtered={state !== undefined} />
          </>
        )}
      </Asked>
      {may('evidence:read') && <Exercise />}
      <Programme />
    </>
  )
}

function Precision({ of: { precision, outcomes } }: { of: Alerts }) {
  const { truePositive, benign, unclosed } = outcomes
  if (precision === null)
    return (
      <p className="cs-soft cs-lead">
        No alert is closed as true or benign yet, so nobody knows how many of them are worth it.
      </p>
    )
  return (
    <p className="cs-lead">
      Of {counted(truePositive + benign, 'alert')} that people looked into, {truePositive} told of something
      real: {shareInWords(precision.value)} ({shareInWords(precision.low)} to {shareInWords(precision.high)}).{' '}
      {unclosed} not closed.
    </p>
  )
}

function List({
  of: { alerts },
  page,
  filtered,
}: {
  of: Alerts
  page: number | undefined
  filtered: boolean
}) {
  if (alerts.length === 0)
    return (
      <EmptyState title={filtered ? 'No such alert' : 'No alert'}>
        <p>
          The detector keeps what it finds: <code>avouch weights detect --events FILE --keep</code>.
        </p>
      </EmptyState>
    )
  const { shown, ...place } = pageOf(alerts, page)
  return (
    <>
      <Table
        columns={[
          { label: 'When' },
          { label: 'Who' },
          { label: 'Model' },
          { label: 'First reason' },
          { label: 'State' },
          { label: 'Rarity', numeric: true },
        ]}
        rows={shown.map((alert) => ({
          key: alert.id,
          cells: [
            <a key="at" href={`/console/alerts/${alert.id}`}>
              <Moment at={alert.time} />
            </a>,
            <span key="who">
              <PersonName id={alert.person} />
              {alert.people.length > 1 && ` and ${alert.people.length - 1} more`}
            </span>,
            alert.model ?? '—',
            alert.reasons[0] ?? '',
            alert.outcome === null ? alert.state : OUTCOMES[alert.outcome],
            alert.score.toFixed(1),
          ],
        }))}
      />
      <p className="cs-small">
        Rarity in powers of ten: 2 is about once a day in this company, 3 once in ten days, 4 once in a
        hundred.
      </p>
      <Pages {...place} what="alerts" />
    </>
  )
}
