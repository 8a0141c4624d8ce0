import { EmptyState, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { accessQuestions, type GlassCase } from '../../access-data.ts'
import { Asked } from '../../parts/asked.tsx'
import { More } from '../../parts/more.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Moment } from '../../parts/time.tsx'

/** Every time somebody read alone in an emergency, and what others made of it; what waits for a review comes first. */
export function BrokenGlasses() {
  const glasses = useQuery(accessQuestions.glasses)
  return (
    <Section title="Broken glass" id="glass">
      <Asked of={glasses}>
        {({ cases }) =>
          cases.length === 0 ? (
            <EmptyState title="Nobody ever broke the glass">
              <p>
                Whoever is on call may read alone in an emergency. It would be loud: on every page, until
                somebody of another team has reviewed it.
              </p>
            </EmptyState>
          ) : (
            <More rows={cases.toSorted((a, b) => Number(isReviewed(a)) - Number(isReviewed(b)))} what="cases">
              {(shown) => (
                <Table
                  columns={[
                    { label: 'When' },
                    { label: 'Who' },
                    { label: 'Model' },
                    { label: 'Where' },
                    { label: 'Review' },
                  ]}
                  rows={shown.map((one) => ({
                    key: one.id,
                    cells: [
                      <a key="at" href={`/console/access/glass/${one.id}`}>
                        <Moment at={one.at} />
                      </a>,
                      <PersonName key="who" id={one.person} />,
                      one.model,
                      one.environment,
                      <ReviewState key="review" of={one} />,
                    ],
                  }))}
                />
              )}
            </More>
          )
        }
      </Asked>
    </Section>
  )
}

const isReviewed = ({ reviewedAt }: GlassCase): boolean => reviewedAt !== null

function ReviewState({ of: { outcome, reviewDue, overdue } }: { of: GlassCase }) {
  if (outcome !== null) return outcome === 'justified' ? 'justified' : <b>not justified</b>
  return overdue ? (
    <b className="cs-alert">
      overdue since <Moment at={reviewDue} />
    </b>
  ) : (
    <span>
      waits, until <Moment at={reviewDue} />
    </span>
  )
}
