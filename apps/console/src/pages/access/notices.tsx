import { Section } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { accessQuestions, see, type Told } from '../../access-data.ts'
import { ActButton } from '../../parts/act.tsx'
import { Problem } from '../../parts/asked.tsx'
import { Moment } from '../../parts/time.tsx'

const TOLD: Record<Told['kind'], { words: string; at: (about: string) => string }> = {
  'break-glass': {
    words: 'Somebody broke the glass',
    at: (about) => `/console/access/glass/${about}`,
  },
  'review-due': {
    words: 'A review of access has begun',
    at: (about) => `/console/access/reviews/${about}`,
  },
  request: { words: 'Somebody asks to read weights', at: () => '/console/access#requests' },
}

/** What the reader was told of and has not said to have seen; nothing where there is none. */
export function Notices() {
  const { data, error } = useQuery(accessQuestions.notices)
  if (error) return <Problem error={error} />
  const fresh = data?.notices.filter(({ seenAt }) => seenAt === null) ?? []
  if (fresh.length === 0) return null
  return (
    <Section title="You are to know" id="notices">
      <ul className="cs-plain cs-stack">
        {fresh.map(({ id, kind, about, madeAt }) => (
          <li key={id} className="cs-acts">
            <span>
              <a href={TOLD[kind].at(about)}>{TOLD[kind].words}</a>, <Moment at={madeAt} />
            </span>
            <ActButton act={() => see(id)} label={`Seen: ${TOLD[kind].words}`}>
              Seen
            </ActButton>
          </li>
        ))}
      </ul>
    </Section>
  )
}
