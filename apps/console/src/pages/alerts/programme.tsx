import { EmptyState, Notice, Section } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { type Comparison, custodyQuestions } from '../../custody-data.ts'
import { Asked } from '../../parts/asked.tsx'
import { EvidenceLink } from '../../parts/evidence-link.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Moment } from '../../parts/time.tsx'
import { Compared } from '../comparison.tsx'

/** How the programme against insiders compares with that for other secrets, and who signed that. */
export function Programme() {
  const found = useQuery(custodyQuestions.comparison)
  return (
    <Section title="Compared with other secrets" id="comparison">
      <Asked of={found}>
        {({ comparison }) => (
          <div className="cs-stack">
            {comparison === null ? (
              <EmptyState title="Nobody has compared it">
                <p>
                  The promise is that weights are protected from insiders at least as well as the company’s
                  most valuable other secrets. Nobody has said so yet.
                </p>
              </EmptyState>
            ) : (
              <Standing comparison={comparison} />
            )}
            <p>
              <a href="/console/alerts/comparison">
                {comparison === null ? 'Compare and sign' : 'Compare anew and sign'}
              </a>
            </p>
          </div>
        )}
      </Asked>
    </Section>
  )
}

function Standing({ comparison }: { comparison: Comparison }) {
  const { by, signedBy, at, evidence } = comparison
  return (
    <>
      {signedBy === null && (
        <Notice tone="alert" title="No passkey of anybody here signed it">
          <p>
            It is the word of {by === null ? 'somebody' : <PersonName id={by} />} and does not count until a
            person signs.
          </p>
        </Notice>
      )}
      <Compared said={comparison} />
      <p className="cs-small">
        {signedBy === null ? (
          'Recorded '
        ) : (
          <>
            Signed by <PersonName id={signedBy} />,{' '}
          </>
        )}
        <Moment at={at} />. <EvidenceLink id={evidence} />
      </p>
    </>
  )
}
