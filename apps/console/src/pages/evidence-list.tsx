import { EmptyState, PageHead, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { questions } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { Choice, ReleaseChoice } from '../parts/filters.tsx'
import { useAddress } from '../parts/paged.tsx'
import { standing } from '../parts/standing.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** All evidence, newest first, by kind and release. */
export function EvidenceList() {
  useTitle('Evidence')
  const search = useSearch({ from: '/inside/evidence' })
  const kinds = useQuery(questions.kinds)
  const list = useQuery(questions.evidenceList(search))
  const address = useAddress()
  const title = (type: string) =>
    kinds.data?.find((kind) => kind.type === type)?.title ?? type.replace(/^.*\/evidence\//, '')
  return (
    <>
      <PageHead title="Evidence">
        <p>What was done, as it was signed and logged. Corrections are new evidence; nothing is rewritten.</p>
      </PageHead>
      <search className="cs-filters">
        <Choice name="type" label="Kind" value={search.type} all="All kinds">
          {(kinds.data ?? []).map((kind) => (
            <option key={kind.type} value={kind.type}>
              {kind.title}
            </option>
          ))}
        </Choice>
        <ReleaseChoice release={search.release} />
      </search>
      <Asked of={list}>
        {(rows) =>
          rows.length === 0 ? (
            <EmptyState title="Nothing of this kind is recorded" />
          ) : (
            <>
              <Table
                columns={[
                  { label: 'Evidence' },
                  { label: 'About' },
                  { label: 'Standing' },
                  { label: 'Leaf', numeric: true },
                  { label: 'Recorded' },
                ]}
                rows={rows.slice(0, 25).map((one) => ({
                  key: one.id,
                  cells: [
                    <a key="link" href={`/console/evidence/${one.id}`}>
                      {title(one.predicateType)}
                    </a>,
                    one.about.release ?? 'the company',
                    standing(one),
                    one.index ?? 'waiting',
                    <Moment key="at" at={one.recordedAt} />,
                  ],
                }))}
              />
              <nav className="cs-pages" aria-label="Pages of evidence">
                {search.before !== undefined && <a href={address({ before: undefined })}>Newest</a>}
                {rows.length > 25 && <a href={address({ before: rows[24]?.sequence })}>Older</a>}
              </nav>
            </>
          )
        }
      </Asked>
    </>
  )
}
