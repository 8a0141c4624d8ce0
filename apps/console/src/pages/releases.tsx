import { EmptyState, PageHead, StatusTally, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { questions, type Release } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { GateMark } from '../parts/gate-mark.tsx'
import { Pages, pageOf } from '../parts/paged.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** Every release something is recorded about, with its gate. */
export function Releases() {
  useTitle('Releases')
  const { page } = useSearch({ from: '/inside/releases' })
  const releases = useQuery(questions.releases)
  return (
    <>
      <PageHead title="Releases">
        <p>
          A gate opens when everything due before release is met or exempt, every threshold holds and nobody
          holds the release back. Opening says what was done; a person decides.
        </p>
      </PageHead>
      <Asked of={releases}>
        {(all) => {
          if (all.length === 0) return <NoReleases />
          const { shown, ...place } = pageOf([...all].sort(newestFirst), page)
          return (
            <>
              <Table
                columns={[
                  { label: 'Release' },
                  { label: 'Gate' },
                  { label: 'Obligations' },
                  { label: 'Decision' },
                  { label: 'Registered' },
                ]}
                rows={shown.map(row)}
              />
              <Pages {...place} what="releases" />
            </>
          )
        }}
      </Asked>
    </>
  )
}

function row({ name, registeredAt }: Release) {
  return {
    key: name,
    cells: [
      <a key="name" href={`/console/releases/${encodeURIComponent(name)}`}>
        {name}
      </a>,
      <OfGate key="gate" name={name} part="gate" />,
      <OfGate key="tally" name={name} part="tally" />,
      <OfGate key="decision" name={name} part="decision" />,
      registeredAt ? <Moment key="at" at={registeredAt} /> : 'not registered',
    ],
  }
}

function OfGate({ name, part }: { name: string; part: 'gate' | 'tally' | 'decision' }) {
  const { data, error } = useQuery(questions.gate(name))
  if (error) return <span className="cs-small">{error.message}</span>
  if (!data) return <span className="cs-small">reading…</span>
  if (part === 'gate') return <GateMark verdict={data} />
  if (part === 'tally') return <StatusTally of={data.obligations} />
  return data.decision?.decision ?? 'none yet'
}

function NoReleases() {
  return (
    <EmptyState title="No release yet">
      <p>
        A release appears when it is assessed:{' '}
        <code>avouch assess --target URL --model NAME --release NAME@VERSION</code>
      </p>
      <p>
        To see a whole one at once, run <code>avouch demo</code>.
      </p>
    </EmptyState>
  )
}

/** What is registered last stands first; what never was, last. */
function newestFirst(a: Release, b: Release): number {
  return (b.registeredAt ?? '').localeCompare(a.registeredAt ?? '')
}
