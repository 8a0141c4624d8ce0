import { EmptyState, PageHead, StatusMark, StatusTally, Table } from '@avouch/ui'
import { useQueries, useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { questions } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { Pages, pageOf } from '../parts/paged.tsx'
import { useTitle } from '../parts/shell.tsx'
import { Moment } from '../parts/time.tsx'

/** Every release on record, with the state of its gate. */
export function Releases() {
  useTitle('Releases')
  const { page } = useSearch({ from: '/inside/releases' })
  const releases = useQuery(questions.releases)
  const part = pageOf(releases.data ?? [], page)
  const gates = useQueries({ queries: part.shown.map(({ name }) => questions.gate(name)) })
  return (
    <>
      <PageHead title="Releases">
        <p>May it ship? The gate says what was done and what the numbers are. A person decides.</p>
      </PageHead>
      <Asked of={releases}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title="No release is on record">
              <p>Assess one, and it appears here:</p>
              <pre className="cs-note">avouch assess --target URL --model NAME --release NAME@VERSION</pre>
            </EmptyState>
          ) : (
            <>
              <Table
                columns={[
                  { label: 'Release' },
                  { label: 'Gate' },
                  { label: 'Obligations' },
                  { label: 'Decision' },
                  { label: 'Registered' },
                ]}
                rows={part.shown.map((release, at) => {
                  const verdict = gates[at]?.data
                  return {
                    key: release.name,
                    cells: [
                      <a key="name" href={`/console/releases/${encodeURIComponent(release.name)}`}>
                        {release.name}
                      </a>,
                      verdict ? (
                        <StatusMark key="gate" status={verdict.ready ? 'met' : 'missing'}>
                          {verdict.ready ? 'Open' : 'Closed'}
                        </StatusMark>
                      ) : (
                        (gates[at]?.error?.message ?? 'Reading…')
                      ),
                      verdict ? <StatusTally key="tally" of={verdict.obligations} /> : '',
                      verdict?.decision?.decision ?? 'none yet',
                      <Moment key="at" at={release.registeredAt} />,
                    ],
                  }
                })}
              />
              <Pages {...part} what="releases" />
            </>
          )
        }
      </Asked>
    </>
  )
}
