import { Notice } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { weightQuestions } from '../weights-data.ts'
import { useMay } from './may.ts'
import { PersonName } from './person-name.tsx'
import { Moment } from './time.tsx'

/** On every page, to whoever may read of weights: somebody broke the glass, and nobody has reviewed it. */
export function BrokenGlassBanner() {
  const may = useMay()
  const { data } = useQuery({ ...weightQuestions.brokenGlass, enabled: may('weight-security:read') })
  const [first, ...others] = data?.cases ?? []
  if (first === undefined) return null
  const overdue = [first, ...others].filter((one) => one.overdue).length
  return (
    <div className="cs-banner">
      <Notice tone="alert" title="Glass broken: weights can be read without approval">
        <p>
          <PersonName id={first.person} /> broke it to read {first.model} in {first.environment},{' '}
          <Moment at={first.at} />. Somebody of another team has to{' '}
          <a href={`/console/access/glass/${first.id}`}>review it</a> by <Moment at={first.reviewDue} />.
          {others.length > 0 &&
            ` ${others.length} more ${others.length === 1 ? 'waits' : 'wait'} for a review.`}
          {overdue > 0 && ` ${overdue} ${overdue === 1 ? 'is' : 'are'} overdue.`}
        </p>
      </Notice>
    </div>
  )
}
