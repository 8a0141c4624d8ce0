import { EmptyState, Table } from '@avouch/ui'
import type { Verdict } from '../../data.ts'
import { More } from '../../parts/more.tsx'
import { domainTitle } from '../../parts/words.ts'

/** Weaknesses that were found and are not mended yet. */
export function OpenFindings({ findings }: { findings: Verdict['openFindings'] }) {
  if (findings.length === 0)
    return (
      <EmptyState title="No open finding">
        <p>Findings come from red-teaming and stand here until somebody records that they are mended.</p>
      </EmptyState>
    )
  return (
    <More rows={findings} what="open findings">
      {(shown) => (
        <Table
          columns={[
            { label: 'Finding' },
            { label: 'Severity' },
            { label: 'Domain' },
            { label: 'Seen', numeric: true },
          ]}
          rows={shown.map((finding) => ({
            key: finding.id,
            cells: [
              <a key="title" href={`/console/evidence/${finding.id}`}>
                {finding.title}
              </a>,
              finding.severity,
              domainTitle(finding.domain),
              `${finding.events} of ${finding.trials}`,
            ],
          }))}
        />
      )}
    </More>
  )
}
