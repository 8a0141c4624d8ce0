import { EmptyState, Table } from '@avouch/ui'
import { More } from '../../parts/more.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Moment } from '../../parts/time.tsx'
import { bytesInWords, type Covered, type ReadCoverage, shareInWords } from '../../weights-data.ts'

/** People by the share of a model that they have read, as bars on one scale; the figure stands beside each. */
export function CoverageTable({ of: { models }, withModel }: { of: ReadCoverage; withModel?: boolean }) {
  const rows = models
    .flatMap(({ model, people }) => people.map((person) => ({ ...person, model })))
    .sort((a, b) => (b.share?.high ?? 2) - (a.share?.high ?? 2))
  if (rows.length === 0)
    return (
      <EmptyState title="Nobody is known to have read anything">
        <p>
          Reads under leases stand here, and those that audit logs tell of: <code>avouch weights follow</code>
          .
        </p>
      </EmptyState>
    )
  return (
    <More rows={rows} what="people">
      {(shown) => (
        <Table
          columns={[
            { label: 'Person' },
            ...(withModel ? [{ label: 'Model' }] : []),
            { label: 'Last read' },
            { label: 'Share read' },
            { label: 'Share', numeric: true },
            { label: 'Bytes', numeric: true },
          ]}
          rows={shown.map(({ model, person, share, to, bytes }) => ({
            key: `${model} ${person}`,
            cells: [
              <PersonName key="person" id={person ?? 'everybody'} />,
              ...(withModel ? [model] : []),
              <Moment key="at" at={to} />,
              share ? (
                <meter key="bar" className="cs-meter" min={0} max={1} value={share.high} aria-hidden />
              ) : (
                'not known'
              ),
              told(share),
              bytesInWords(bytes),
            ],
          }))}
        />
      )}
    </More>
  )
}

function told(share: Covered['share']): string {
  if (share === null) return 'size not known'
  const [low, high] = [shareInWords(share.low), shareInWords(share.high)]
  return low === high ? high : `${low} to ${high}`
}
