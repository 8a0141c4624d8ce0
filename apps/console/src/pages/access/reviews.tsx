import { EmptyState, Notice, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { openReview } from '../../access-data.ts'
import { useAct } from '../../parts/act.tsx'
import { Asked, Problem } from '../../parts/asked.tsx'
import { useMay } from '../../parts/may.ts'
import { More } from '../../parts/more.tsx'
import { PersonNames } from '../../parts/person-name.tsx'
import { Moment } from '../../parts/time.tsx'
import { counted } from '../../parts/words.ts'
import { type Reviews, weightQuestions } from '../../weights-data.ts'

/** Reviews of who may read what: the one that is open, when the next begins, and those done. */
export function AccessReviews() {
  const reviews = useQuery(weightQuestions.reviews)
  return (
    <Section title="Reviews of access" id="reviews">
      <Asked of={reviews}>{(found) => <Shown found={found} />}</Asked>
    </Section>
  )
}

function Shown({ found: { reviews, next, reviewers } }: { found: Reviews }) {
  const may = useMay()
  const open = reviews.filter(({ closedAt }) => closedAt === null)
  return (
    <div className="cs-stack">
      {open.map((review) => (
        <Open key={review.id} review={review} reviewers={reviewers} />
      ))}
      {open.length === 0 && (
        <>
          <p>
            {next === null ? (
              'The next review cannot be scheduled: no policies are in force.'
            ) : (
              <>
                Nothing is open. The next{' '}
                {Date.parse(next) <= Date.now() ? (
                  'is due, and begins by itself while a worker runs.'
                ) : (
                  <>
                    begins by itself on <Moment at={next} />.
                  </>
                )}
              </>
            )}
          </p>
          {next !== null && may('weight-security:review') && <Begin />}
        </>
      )}
      {reviews.length === 0 ? (
        <EmptyState title="Access has never been reviewed">
          <p>A review asks of everyone who may read weights whether their work still needs it.</p>
        </EmptyState>
      ) : (
        <More rows={reviews} what="reviews">
          {(shown) => (
            <Table
              columns={[
                { label: 'Opened' },
                { label: 'Due' },
                { label: 'Closed' },
                { label: 'Decided', numeric: true },
              ]}
              rows={shown.map((review) => ({
                key: review.id,
                cells: [
                  <a key="opened" href={`/console/access/reviews/${review.id}`}>
                    <Moment at={review.openedAt} />
                  </a>,
                  <Moment key="due" at={review.dueAt} />,
                  review.overdue ? (
                    <b key="closed" className="cs-alert">
                      not yet, overdue
                    </b>
                  ) : (
                    <Moment key="closed" at={review.closedAt} />
                  ),
                  `${review.decided} of ${review.people}`,
                ],
              }))}
            />
          )}
        </More>
      )}
    </div>
  )
}

function Open({ review, reviewers }: { review: Reviews['reviews'][number]; reviewers: string[] }) {
  const { id, dueAt, overdue, people, decided } = review
  return (
    <Notice
      tone={overdue ? 'alert' : 'plain'}
      title={overdue ? 'A review of access is overdue' : 'A review of access is open'}
    >
      <p>
        {counted(people - decided, 'person', 'people')} of {people} {people - decided === 1 ? 'is' : 'are'}{' '}
        still to be decided on, by <Moment at={dueAt} />.{' '}
        <a href={`/console/access/reviews/${id}`}>{overdue ? 'Decide now' : 'Look at it'}</a>
      </p>
      <p className="cs-small">
        {reviewers.length === 0 ? (
          'Nobody may decide: no active person has the permission weight-security:review.'
        ) : (
          <>
            May decide: <PersonNames ids={reviewers} />. Nobody decides on themselves.
          </>
        )}
      </p>
    </Notice>
  )
}

function Begin() {
  const navigate = useNavigate()
  const mutation = useAct(openReview, ({ id }) => {
    void navigate({ to: '/access/reviews/$id', params: { id } })
  })
  return (
    <div className="cs-acts">
      <button
        type="button"
        className="av-button"
        disabled={mutation.isPending}
        onClick={() => mutation.mutate(undefined)}
      >
        {mutation.isPending ? 'One moment…' : 'Begin one now'}
      </button>
      {mutation.error && <Problem error={mutation.error} />}
    </div>
  )
}
