import { EmptyState, type Status, StatusMark, Table } from '@avouch/ui'
import type { Verdict } from '../../data.ts'
import { EvidenceLink } from '../../parts/evidence-link.tsx'

const marks: Record<string, { status: Status; word: string }> = {
  passed: { status: 'met', word: 'Holds' },
  failed: { status: 'missing', word: 'Fails' },
  unmeasured: { status: 'missing', word: 'Not measured' },
}

/** The company's own limits, held against what was measured. */
export function Thresholds({ thresholds }: { thresholds: Verdict['thresholds'] }) {
  if (!thresholds.adopted)
    return (
      <EmptyState title="No thresholds adopted">
        <p>
          The company has not said which measured rates may ship. <code>avouch gate adopt FILE</code> adopts a
          file of them as evidence.
        </p>
      </EmptyState>
    )
  if (thresholds.results.length === 0) return <EmptyState title="The adopted file names no threshold" />
  return (
    <Table
      columns={[
        { label: 'Threshold' },
        { label: 'Stands' },
        { label: 'Evidence' },
        { label: 'Measured', numeric: true },
        { label: 'Bound', numeric: true },
      ]}
      rows={thresholds.results.map(({ id, says, status, measured, corrected, bound, evidence, beside }) => ({
        key: id,
        cells: [
          beside.length === 0 ? (
            says
          ) : (
            <>
              {says}
              <Beside key="beside" beside={beside} />
            </>
          ),
          <StatusMark key="status" status={marks[status]?.status ?? 'missing'}>
            {marks[status]?.word ?? status}
          </StatusMark>,
          evidence.length === 0 ? 'none' : evidence.map((it) => <EvidenceLink key={it} id={it} />),
          measured === undefined ? '—' : `${measured.toPrecision(3)}${corrected ? ', corrected' : ''}`,
          bound,
        ],
      }))}
    />
  )
}

/** What was measured too: the bound is held against the widest, and none is passed over in silence. */
function Beside({ beside }: { beside: Verdict['thresholds']['results'][number]['beside'] }) {
  return (
    <p>
      The widest measurement counts. Beside it:{' '}
      {beside.map(({ evidence, measured, passes }, n) => (
        <span key={evidence}>
          {n > 0 && ', '}
          {measured === undefined ? 'not measured' : measured.toPrecision(3)}
          {!passes && ', which would fail,'} <EvidenceLink id={evidence} />
        </span>
      ))}
    </p>
  )
}
