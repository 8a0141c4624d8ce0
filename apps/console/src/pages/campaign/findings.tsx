import { EmptyState, Table } from '@avouch/ui'
import type { Campaign } from '../../data.ts'
import { More } from '../../parts/more.tsx'
import { domainTitle } from '../../parts/words.ts'

/** Behaviours that an attempt brought out, the gravest first. */
export function CampaignFindings({ findings }: { findings: Campaign['findings'] }) {
  if (findings.length === 0)
    return (
      <EmptyState title="No finding">
        <p>No graded attempt has got through. That is no proof that none could.</p>
      </EmptyState>
    )
  const ranks = ['critical', 'high', 'medium', 'low']
  const sorted = [...findings].sort((a, b) => ranks.indexOf(a.severity) - ranks.indexOf(b.severity))
  return (
    <More rows={sorted} what="findings">
      {(shown) => (
        <Table
          columns={[
            { label: 'Behaviour' },
            { label: 'Severity' },
            { label: 'Domain' },
            { label: 'Strategy' },
            { label: 'Got through', numeric: true },
          ]}
          rows={shown.map((finding) => ({
            key: finding.id,
            cells: [
              finding.behaviour,
              finding.severity,
              domainTitle(finding.domain),
              finding.strategy,
              `${finding.breaches} of ${finding.trials}`,
            ],
          }))}
        />
      )}
    </More>
  )
}
