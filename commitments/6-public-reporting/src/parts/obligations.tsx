import { Digest, KeyValues, ObligationList } from '@avouch/ui'
import { groups } from '../verdict.ts'
import { domainWords, minute } from '../words.ts'
import type { Setting } from './setting.ts'

const severities: Record<string, string> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
}

/** All obligations as the gate found them, each with its reason. */
export function Obligations({ setting }: { setting: Setting }) {
  const { report } = setting
  const { basis } = report.verdict
  return (
    <section id="obligations" className="rp-section" aria-labelledby="obligations-title">
      <h2 id="obligations-title">The obligations, one by one</h2>
      <p className="rp-about">
        What the gate found and why, in its own words. A person decided on it; the gate decides nothing.
      </p>
      <ObligationList groups={groups(report)} />
      <KeyValues
        pairs={[
          { term: 'Judged', value: minute(basis.moment) },
          { term: 'Log', value: `${basis.origin}, ${basis.treeSize} entries` },
          { term: 'Catalogue', value: <Digest>{basis.catalogue}</Digest> },
          {
            term: 'Thresholds',
            value: basis.thresholds ? <Digest>{basis.thresholds}</Digest> : 'none adopted',
          },
        ]}
      />
    </section>
  )
}

/** Findings that are open, set before the claims of their section: the gate's list, whatever the company claims. */
export function OpenFindings({ setting }: { setting: Setting }) {
  const findings = setting.report.verdict.openFindings
  if (findings.length === 0) return null
  return (
    <ul className="rp-findings">
      {findings.map((finding) => (
        <li key={finding.id}>
          <span className="rp-severity" data-severity={finding.severity}>
            {severities[finding.severity] ?? finding.severity}
          </span>
          <span>
            {finding.title}
            <small>{domainWords(finding.domain)}</small>
          </span>
        </li>
      ))}
    </ul>
  )
}
