import { Notice, ObligationMatrix, PageHead, Section, StatusTally } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type CommitmentRow, questions, type Verdict } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { EvidenceOf } from '../parts/evidence-link.tsx'
import { useTitle } from '../parts/title.ts'
import { GateBasis } from './release/basis.tsx'
import { Decision } from './release/decision.tsx'
import { Exempt } from './release/exempt.tsx'
import { OpenFindings } from './release/findings.tsx'
import { Holds } from './release/holds.tsx'
import { Obligations } from './release/obligations.tsx'
import { Thresholds } from './release/thresholds.tsx'

/** One release: its gate, and what a person can do about it. */
export function ReleasePage() {
  const { name } = useParams({ from: '/inside/releases/$name' })
  useTitle(name)
  const gate = useQuery(questions.gate(name))
  const commitments = useQuery({ ...questions.commitments, staleTime: 300_000 })
  return (
    <>
      <PageHead title={name} crumbs={[{ label: 'Releases', href: '/console/releases' }, { label: name }]} />
      <Asked of={gate}>
        {(verdict) => (
          <Asked of={commitments}>
            {(all) => (
              <EvidenceOf release={name}>
                <Gate verdict={verdict} commitments={all} />
              </EvidenceOf>
            )}
          </Asked>
        )}
      </Asked>
    </>
  )
}

function Gate({ verdict, commitments }: { verdict: Verdict; commitments: CommitmentRow[] }) {
  const groups = commitments
    .map(({ number, title, obligations }) => {
      const ids = new Set(obligations.map(({ id }) => id))
      return { number, title, obligations: verdict.obligations.filter(({ id }) => ids.has(id)) }
    })
    .filter((group) => group.obligations.length > 0)
  const link = (id: string) => `#obligation-${id}`
  return (
    <>
      <div className="cs-wide">
        <div className="cs-stack">
          <Blockers verdict={verdict} />
          <StatusTally of={verdict.obligations} />
          <ObligationMatrix groups={groups} link={link} />
        </div>
        <aside className="cs-stack" aria-label="What people have said">
          <Decision verdict={verdict} />
          <Holds verdict={verdict} />
          <Exempt verdict={verdict} />
        </aside>
      </div>
      <Section title="Obligations" id="obligations">
        <Obligations groups={groups} />
      </Section>
      <Section title="Thresholds" id="thresholds">
        <Thresholds thresholds={verdict.thresholds} />
      </Section>
      <Section title="Open findings" id="findings">
        <OpenFindings findings={verdict.openFindings} />
      </Section>
      <Section title="What this rests on" id="basis">
        <GateBasis verdict={verdict} />
      </Section>
    </>
  )
}

function Blockers({ verdict }: { verdict: Verdict }) {
  const { ready, blockers, scope } = verdict
  const first = blockers.slice(0, 3)
  return (
    <div className="cs-verdict" data-status={ready ? 'met' : 'missing'}>
      <p>
        {ready
          ? 'The gate is open: it is for a person to decide'
          : `The gate is closed: ${blockers.length} ${blockers.length === 1 ? 'thing stands' : 'things stand'} in the way`}
      </p>
      {scope.decision !== 'in' && (
        <Notice title={scope.decision === 'out' ? 'Out of scope' : 'Scope is undecided'}>
          <p>{scope.why}</p>
        </Notice>
      )}
      {blockers.length > 0 && (
        <ul className="cs-list">
          {first.map((blocker) => (
            <li key={blocker}>{blocker}</li>
          ))}
        </ul>
      )}
      {blockers.length > first.length && (
        <details>
          <summary>{blockers.length - first.length} more</summary>
          <ul className="cs-list">
            {blockers.slice(first.length).map((blocker) => (
              <li key={blocker}>{blocker}</li>
            ))}
          </ul>
        </details>
      )}
    </div>
  )
}
