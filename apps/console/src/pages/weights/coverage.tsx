import { EmptyState, Table } from '@avouch/ui'
import { More } from '../../parts/more.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Moment } from '../../parts/time.tsx'
import { counted } from '../../parts/words.ts'
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
  const unplaced = models.filter((one) => one.unplaced).map(({ model }) => model)
  return (
    <More rows={rows} what="people">
      {(shown) => (
        <>
          {unplaced.length > 0 && (
            <p className="cs-small">
              {unplaced.join(', ')}: it stands sealed here, of other objects than the mapping of its bucket
              tells. Which segments the logs’ reads were of is not known, so their shares have wide bounds.
            </p>
          )}
          <Table
            columns={[
              { label: 'Person' },
              ...(withModel ? [{ label: 'Model' }] : []),
              { label: 'Last read' },
              { label: 'Share read' },
              { label: 'Share', numeric: true },
              { label: 'Bytes', numeric: true },
            ]}
            rows={shown.map(({ model, person, share, to, bytes, part, untold }) => ({
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
                <span key="share">
                  {told(share)}
                  {share !== null && share.low !== share.high && (
                    <span className="cs-block cs-small">{whyWide({ part, untold })}</span>
                  )}
                </span>,
                bytesInWords(bytes),
              ],
            }))}
          />
        </>
      )}
    </More>
  )
}

/** Why a share is not known exactly. */
function whyWide({ part, untold }: Pick<Covered, 'part' | 'untold'>): string {
  const of = [
    part > 0 && `${counted(part, 'read')} of a part that the log does not tell`,
    untold > 0 && `${counted(untold, 'read')} of which it tells neither range nor bytes`,
  ].filter((one) => one !== false)
  return of.length > 0 ? of.join(', ') : 'the log’s segments are not those that stand sealed'
}

function told(share: Covered['share']): string {
  if (share === null) return 'size not known'
  const [low, high] = [shareInWords(share.low), shareInWords(share.high)]
  return low === high ? high : `${low} to ${high}`
}
