import { EmptyState, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { Asked } from '../../parts/asked.tsx'
import { counted } from '../../parts/words.ts'
import { bytesInWords, type Egress, spanInWords, weightQuestions } from '../../weights-data.ts'

/** How long stealing the model would take at the limits in force, and the limits. */
export function EgressArithmetic({ model }: { model: string }) {
  const egress = useQuery(weightQuestions.egress(model))
  return (
    <Section title="How long stealing it would take" id="egress">
      <Asked of={egress}>{(found) => <Shown egress={found} />}</Asked>
    </Section>
  )
}

function Shown({ egress: { budgets, theft, lastHour } }: { egress: Egress }) {
  if (budgets.length === 0)
    return (
      <EmptyState title="No budget is in force">
        <p>
          Whoever has leases on all of it can read it as fast as the line allows. Set limits with{' '}
          <code>avouch weights egress set FILE</code>.
        </p>
      </EmptyState>
    )
  return (
    <>
      {theft && (
        <Table
          columns={[{ label: 'Thieves, with every lease they want' }, { label: 'At least', numeric: true }]}
          rows={[{ people: 1, seconds: theft.alone }, ...theft.together].map(({ people, seconds }) => ({
            key: String(people),
            cells: [
              people === 1 ? 'one person alone' : `${people} people together`,
              seconds === null
                ? 'no limit hinders it'
                : seconds === 0
                  ? 'one allowance holds all of it'
                  : spanInWords(seconds),
            ],
          }))}
        />
      )}
      <Table
        caption="Limits in force"
        columns={[{ label: 'Budget' }, { label: 'For each' }, { label: 'Limit' }]}
        rows={budgets.map(({ id, per, bytesPerHour, share }) => ({
          key: id,
          cells: [
            id,
            per.join(' and '),
            [
              bytesPerHour !== undefined && `${bytesInWords(bytesPerHour)} an hour`,
              share && `${share.of} times the model in ${counted(share.days, 'day')}`,
            ]
              .filter(Boolean)
              .join(', '),
          ],
        }))}
      />
      {lastHour.length > 0 && (
        <p className="cs-small">
          In the last hour{' '}
          {lastHour
            .map(
              ({ environment, bytes, people }) =>
                `${bytesInWords(bytes)} by ${counted(people, 'person', 'people')} in ${environment}`,
            )
            .join(', ')}
          .
        </p>
      )}
    </>
  )
}
