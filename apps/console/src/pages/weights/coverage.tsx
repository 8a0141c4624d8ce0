import { EmptyState, Table } from '@avouch/ui'
import { More } from '../../parts/more.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Moment } from '../../parts/time.tsx'
import { type Coverage, shareInWords } from '../../weights-data.ts'

/** People by the share of a model that they have read, as bars on one scale; the figure stands beside each. */
export function CoverageTable({ rows, withModel }: { rows: readonly Coverage[]; withModel?: boolean }) {
  if (rows.length === 0)
    return (
      <EmptyState title="Nobody is known to have read anything">
        <p>
          The detector counts what was read: <code>avouch weights detect --events FILE --keep</code>.
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
            { label: 'As of' },
            { label: 'Share read' },
            { label: 'Share', numeric: true },
          ]}
          rows={shown.map(({ model, person, share, asOf }) => ({
            key: `${model} ${person}`,
            cells: [
              <PersonName key="person" id={person} />,
              ...(withModel ? [model] : []),
              <Moment key="at" at={asOf} />,
              <meter key="bar" className="cs-meter" min={0} max={1} value={share} aria-hidden />,
              shareInWords(share),
            ],
          }))}
        />
      )}
    </More>
  )
}
