import { Notice, ObligationMatrix, StatusMark, StatusTally } from '@avouch/ui'
import { figuresIn } from '../prose.ts'
import type { ReportClaim } from '../report.ts'
import { groups, standing } from '../verdict.ts'
import { configurationPhrase, day } from '../words.ts'
import { Mention, Prose } from './prose.tsx'
import type { Setting } from './setting.ts'

/** The first page: what was assessed, done and measured, what is missing, and what all this proves. */
export function Glance({ setting }: { setting: Setting }) {
  const { report } = setting
  const { verdict } = report
  const obligations = standing(report)
  const due = obligations.filter(
    (o) => o.due !== 'standing' && (o.status === 'missing' || o.status === 'partly'),
  )
  return (
    <section id="glance" className="rp-section rp-glance" aria-labelledby="glance-title">
      <h2 id="glance-title">At a glance</h2>
      {report.draft && (
        <Notice title="This is a draft" tone="alert">
          <p>It is neither signed nor logged, so checking it fails. Nobody has published it.</p>
        </Notice>
      )}
      <div className="rp-prose">
        <p>
          This report is about <strong>{report.release.name}</strong>
          {configurationPhrase(report.release.configuration)}, as shown by the evidence logged up to{' '}
          {day(report.moment)}. {scopeWords[verdict.scope.decision]}
        </p>
        <p>{decisionSentence(setting)}</p>
      </div>
      <h3>What was measured</h3>
      <Headlines setting={setting} />
      <h3>What was done</h3>
      <StatusTally of={obligations} />
      <ObligationMatrix groups={groups(report)} link={(id) => `#obligation-${id}`} />
      <h3>What is missing</h3>
      {due.length === 0 ? (
        <p>Every obligation that is due before or at release is met or exempt.</p>
      ) : (
        <ul className="rp-missing">
          {due.map((obligation) => (
            <li key={obligation.id}>
              <StatusMark status={obligation.status} />
              <a href={`#obligation-${obligation.id}`}>
                {obligation.id} {obligation.title}
              </a>
            </li>
          ))}
        </ul>
      )}
      {report.withheld.length > 0 && (
        <p>
          Withheld, and bound by hash:{' '}
          {report.withheld.map((part, at) => (
            <span key={`${part.evidence.digest}${part.pointer}`}>
              {at > 0 && '; '}
              <Prose pieces={part.title} setting={setting} />
            </span>
          ))}
          .
        </p>
      )}
      <Proves setting={setting} />
    </section>
  )
}

/** The reason, with its numbers, stands in the gate's own words under 0.1 and, traced, in the section on scope. */
const scopeWords = {
  in: 'It is in scope of the commitments.',
  out: 'It is not in scope of the commitments; what was done all the same is shown.',
  undecided: 'Whether it is in scope is not decided, which counts as in scope.',
} as const

function decisionSentence({ report }: Setting): string {
  const { decision, ready, holds } = report.verdict
  const gate = ready
    ? 'The gate stands open: all that is due before release is met or exempt.'
    : 'The gate is closed: not all that is due before release is met.'
  const held = holds.length === 0 ? '' : ' A hold stands.'
  if (!decision) return `${gate}${held} No decision to ship or hold is recorded.`
  const who = decision.decidedBy === 'person' ? 'by a person who signed it' : 'on the command line'
  return `${gate}${held} The decision recorded ${who} is to ${decision.decision}. Tests done, rates measured, thresholds met and the decision are four different things.`
}

function Headlines({ setting }: { setting: Setting }) {
  const rows = setting.report.sections.flatMap((section) =>
    section.claims.flatMap((claim) => headlines(claim, setting).map((row) => ({ ...row, claim }))),
  )
  if (rows.length === 0) return <p>No rate or score is claimed. What was done stands below.</p>
  return (
    <dl className="rp-headlines">
      {rows.map(({ claim, id, title }) => (
        <div key={id}>
          <dt>
            <a href={`#${claim.id}`}>{title}</a>
          </dt>
          <dd>
            <Mention id={id} setting={setting} />
            <span>{setting.figure(id).label.replaceAll('`', '')}</span>
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A claim's headlines: all rows of its first plot, or else the first figure with an interval or an attestation. */
function headlines(claim: ReportClaim, setting: Setting): { id: string; title: string }[] {
  const [plot] = claim.plots
  if (plot) return plot.rows.map((row) => ({ id: row.figure, title: setting.plain(row.label) }))
  const named = [...claim.prose.flatMap(figuresIn), ...claim.figures]
  const weighty = (id: string) => setting.interval(id) !== undefined || setting.figure(id).kind === 'attested'
  const id = named.find((one) => claim.figures.includes(one) && weighty(one))
  return id === undefined ? [] : [{ id, title: setting.plain(claim.title) }]
}

function Proves({ setting }: { setting: Setting }) {
  const { basis } = setting.report.verdict
  return (
    <div className="rp-proves">
      <Notice title="What this file proves">
        <ul>
          <li>
            Each computed figure follows from evidence in a signed, append-only log, and can be recomputed
            here.
          </li>
          <li>The text is the text that was signed: change one byte of it, and checking fails.</li>
          <li>An attested figure shows who vouches for it and for which document, and no more.</li>
        </ul>
      </Notice>
      <Notice title="What it does not prove" tone="alert">
        <ul>
          <li>That the release is safe. What was not run is not safe, and neither is what was.</li>
          <li>
            That nothing was left out: proofs show inclusion, never completeness. The verdict opened{' '}
            {basis.opened} of the log’s {basis.treeSize} entries and left {basis.unopened} unopened.
          </li>
          <li>
            Which weights answered, or whose key signed: this page alone can say “consistent”, not “verified”.
          </li>
        </ul>
      </Notice>
    </div>
  )
}
