import { Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { Asked } from '../../parts/asked.tsx'
import { Moment } from '../../parts/time.tsx'
import { weightQuestions } from '../../weights-data.ts'

/** Reviews of who may read what: those that are due, and those done. */
export function AccessReviews() {
  const reviews = useQuery(weightQuestions.reviews)
  return (
    <Section title="Reviews of access" id="reviews">
      <Asked of={reviews}>
        {({ reviews: all, next }) => (
          <>
            <p className="cs-lead">
              {next === null ? 'None is scheduled: no policy is adopted.' : 'The next opens '}
              {next !== null && <Moment at={next} />}
              {next !== null && '.'}
            </p>
            {all.length > 0 && (
              <Table
                columns={[
                  { label: 'Opened' },
                  { label: 'Due' },
                  { label: 'Closed' },
                  { label: 'Decided', numeric: true },
                ]}
                rows={all.map((review) => ({
                  key: review.id,
                  cells: [
                    <Moment key="opened" at={review.openedAt} />,
                    <span key="due">
                      <Moment at={review.dueAt} />
                      {review.overdue && ', overdue'}
                    </span>,
                    <Moment key="closed" at={review.closedAt} />,
                    `${review.decided} of ${review.people}`,
                  ],
                }))}
              />
            )}
          </>
        )}
      </Asked>
    </Section>
  )
}
