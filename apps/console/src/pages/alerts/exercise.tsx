import { Disclosure, EmptyState, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { type Evidence, questions } from '../../data.ts'
import { Asked } from '../../parts/asked.tsx'
import { EvidenceLink } from '../../parts/evidence-link.tsx'
import { Moment } from '../../parts/time.tsx'
import { type Rate, shareInWords, spanInWords } from '../../weights-data.ts'

const TYPE = 'https://avouch.dev/evidence/weight-security/exercise/v1'

type Row = {
  scenario: string
  alertsPerDay: number
  planned: number
  executed: number
  recall: Rate | null
  chance: number | null
  seconds: number | null
  lost: { median: number } | null
}

/** How many planted thefts the newest exercise found, how soon, and what was gone by then. */
export function Exercise() {
  const found = useQuery(questions.evidenceList({ type: TYPE }))
  return (
    <Section title="Tried on planted thefts" id="exercise">
      <Asked of={found}>
        {(records) => {
          const newest = records.find(({ supersededBy, retractedBy }) => !supersededBy && !retractedBy)
          return newest === undefined ? (
            <EmptyState title="Never tried">
              <p>
                Nobody knows how much of a theft the detector would find, until it is tried:{' '}
                <code>avouch weights exercise</code>.
              </p>
            </EmptyState>
          ) : (
            <Newest record={newest} />
          )
        }}
      </Asked>
    </Section>
  )
}

function Newest({ record: { id, recordedAt, fields } }: { record: Evidence }) {
  const rows = rowsIn(fields)
  const all = rows.filter(({ scenario }) => scenario === 'all')
  const kinds = rows.filter(({ scenario }) => scenario !== 'all')
  return (
    <div className="cs-stack">
      <p>
        <Moment at={recordedAt} />, in made-up companies: it speaks of the detector, not of people or logs
        here.
        {fields.state === 'abandoned' && ' It was stopped before all that was planned was done.'}{' '}
        <EvidenceLink id={id} />
      </p>
      {rows.length === 0 ? (
        <p>Its figures were erased.</p>
      ) : (
        <>
          <Found rows={all} what="Alerts a day" />
          {kinds.length > 0 && (
            <Disclosure summary="By the kind of theft">
              <Found rows={kinds} what="Theft" />
            </Disclosure>
          )}
        </>
      )}
    </div>
  )
}

function Found({ rows, what }: { rows: readonly Row[]; what: string }) {
  return (
    <Table
      columns={[
        { label: what },
        { label: 'Planned, done', numeric: true },
        { label: 'Found', numeric: true },
        { label: 'By chance', numeric: true },
        { label: 'Time to alert, median', numeric: true },
        { label: 'Gone by then, median', numeric: true },
      ]}
      rows={rows.map(({ scenario, alertsPerDay, planned, executed, recall, chance, seconds, lost }) => ({
        key: `${scenario} ${alertsPerDay}`,
        cells: [
          scenario === 'all' ? `${alertsPerDay} a day` : `${scenario}, at ${alertsPerDay} a day`,
          `${planned}, ${executed}`,
          recall === null
            ? 'nothing executed'
            : `${shareInWords(recall.value)} (${shareInWords(recall.low)} to ${shareInWords(recall.high)})`,
          chance === null ? 'not known' : shareInWords(chance),
          seconds === null ? '—' : spanInWords(seconds),
          lost === null ? '—' : `${shareInWords(lost.median)} of the model`,
        ],
      }))}
    />
  )
}

/** The rows of an exercise's evidence; none where they were erased. */
function rowsIn({ rows }: Evidence['fields']): Row[] {
  return Array.isArray(rows) ? rows.filter(isRow) : []
}

function isRow(row: unknown): row is Row {
  return (
    typeof row === 'object' &&
    row !== null &&
    'scenario' in row &&
    'alertsPerDay' in row &&
    typeof row.scenario === 'string' &&
    typeof row.alertsPerDay === 'number'
  )
}
