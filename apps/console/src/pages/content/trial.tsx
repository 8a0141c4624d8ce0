import { EmptyState, KeyValues, Section } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { contentQuestions, type Trial } from '../../content-data.ts'
import { Asked } from '../../parts/asked.tsx'
import { EvidenceLink } from '../../parts/evidence-link.tsx'
import { Moment } from '../../parts/time.tsx'

/** Whether the public check answers, and rightly. Nobody counts who asks it what. */
export function CheckTrial() {
  const asked = useQuery(contentQuestions.robustness)
  return (
    <Section title="The public check" id="check">
      <div className="cs-stack">
        <Asked of={asked}>
          {({ trial }) =>
            trial === null ? (
              <EmptyState title="Not tried">
                <p>
                  <code>avouch content probe --model SERVICE/MODEL</code> asks it over HTTP, as anyone would,
                  and records what it answered.
                </p>
              </EmptyState>
            ) : (
              <Shown trial={trial} />
            )
          }
        </Asked>
        <p className="cs-small">Who checks what, and how often, is kept and counted nowhere.</p>
      </div>
    </Section>
  )
}

function Shown({ trial: { evidence, at, release, found } }: { trial: Trial }) {
  return (
    <KeyValues
      pairs={[
        {
          term: 'Last tried',
          value: (
            <>
              <Moment at={at} /> <EvidenceLink id={evidence} />
            </>
          ),
        },
        { term: 'With content of', value: release },
        { term: 'At', value: found?.url ?? 'It was erased' },
        {
          term: 'Marked pictures',
          value: found && `${found.marked.found} of ${found.marked.tried} known by their content id`,
        },
        {
          term: 'Unmarked pictures',
          value: found && `${found.unmarked.found} of ${found.unmarked.tried} taken for marked`,
        },
        { term: 'No answer', value: found && found.errors > 0 ? `${found.errors} tries` : null },
      ]}
    />
  )
}
