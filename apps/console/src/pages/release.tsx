import {
  EmptyState,
  KeyValues,
  ObligationList,
  ObligationMatrix,
  PageHead,
  Section,
  StatusTally,
  Table,
} from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { type CommitmentRow, questions, type Verdict } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { DecisionPart, HoldsPart } from '../parts/decision.tsx'
import { useTitle } from '../parts/shell.tsx'
import { Moment } from '../parts/time.tsx'

/** One release: its gate, what it rests on, holds and the decision. */
export function ReleasePage() {
  const { name } = useParams({ from: '/inside/releases/$name' })
  useTitle(name)
  const verdict = useQuery(questions.gate(name))
  const commitments = useQuery(questions.commitments)
  return (
    <>
      <PageHead title={name} crumbs={[{ label: 'Releases', href: '/console/releases' }, { label: name }]} />
      <Asked of={verdict}>{(found) => <Gate verdict={found} commitments={commitments.data ?? []} />}</Asked>
    </>
  )
}

function Gate({ verdict, commitments }: { verdict: Verdict; commitments: CommitmentRow[] }) {
  const groups = groupsOf(verdict, commitments)
  const { basis } = verdict
  const release = encodeURIComponent(verdict.release)
  return (
    <>
      <div className="cs-wide">
        <div className="cs-stack">
          <div className="cs-verdict" data-status={verdict.ready ? 'met' : 'missing'}>
            <p>
              {verdict.ready ? 'The gate is open' : `The gate is closed: ${counted(verdict.blockers.length)}`}
            </p>
            <StatusTally of={verdict.obligations} />
            <p className="cs-small">Tested is not safe, and an open gate is no decision: a person decides.</p>
          </div>
          <p className="cs-soft">
            <b>{scopeWords(verdict.scope.decision)}.</b> {verdict.scope.why}
          </p>
        </div>
        <DecisionPart verdict={verdict} />
      </div>
      <Section title="The gate at a glance" id="matrix">
        <ObligationMatrix groups={groups} link={(id) => `#obligation-${id}`} />
      </Section>
      {verdict.blockers.length > 0 && (
        <Section title="What blocks it" id="blockers">
          <ul className="cs-list">
            {verdict.blockers.map((blocker) => (
              <li key={blocker}>{blocker}</li>
            ))}
          </ul>
        </Section>
      )}
      <HoldsPart verdict={verdict} />
      <Section title="Thresholds" id="thresholds">
        {verdict.thresholds.results.length === 0 ? (
          <EmptyState
            title={verdict.thresholds.adopted ? 'The adopted file holds none' : 'No thresholds are adopted'}
          >
            <p>
              A signed file of bounds makes numbers count at the gate: <code>avouch gate adopt FILE</code>
            </p>
          </EmptyState>
        ) : (
          <Table
            columns={[
              { label: 'Threshold' },
              { label: 'State' },
              { label: 'Measured', numeric: true },
              { label: 'Bound', numeric: true },
            ]}
            rows={verdict.thresholds.results.map((one) => ({
              key: one.id,
              cells: [one.says, one.status, one.measured ?? 'not measured', one.bound],
            }))}
          />
        )}
      </Section>
      <Section title="Open findings" id="findings">
        {verdict.openFindings.length === 0 ? (
          <EmptyState title="No finding is open" />
        ) : (
          <div className="av-table-wrap">
            <Table
              caption={`${verdict.openFindings.length} open, the gravest first.`}
              columns={[
                { label: 'Finding' },
                { label: 'Severity' },
                { label: 'Domain' },
                { label: 'Breaches', numeric: true },
              ]}
              rows={verdict.openFindings.map((one) => ({
                key: one.id,
                cells: [
                  <a key="link" href={`/console/evidence/${one.id}`}>
                    {one.title}
                  </a>,
                  one.severity,
                  one.domain,
                  `${one.events} of ${one.trials}`,
                ],
              }))}
            />
          </div>
        )}
      </Section>
      <Section title="Every obligation" id="obligations">
        <ObligationList groups={groups} evidenceLink={(id) => `/console/evidence/${id}`} />
      </Section>
      <Section title="What the verdict rests on" id="basis">
        <KeyValues
          pairs={[
            { term: 'Judged', value: <Moment at={basis.moment} /> },
            { term: 'Log', value: `${basis.origin}, ${basis.treeSize} leaves` },
            {
              term: 'Looked at',
              value: `${basis.opened} leaves; ${basis.unopened} not, which may hold anything`,
            },
            { term: 'Catalogue', value: <code className="av-digest">{basis.catalogue}</code> },
            {
              term: 'Thresholds',
              value: basis.thresholds ? (
                <code className="av-digest">{basis.thresholds}</code>
              ) : (
                'none adopted'
              ),
            },
          ]}
        />
        <p className="mt-4">
          <a href={`/console/evidence?release=${release}`}>All evidence about this release</a>,{' '}
          <a href={`/console/campaigns?release=${release}`}>its campaigns</a>,{' '}
          <a href={`/reports/${release}/about`}>its published report</a>
        </p>
      </Section>
    </>
  )
}

function groupsOf(verdict: Verdict, commitments: CommitmentRow[]) {
  const numbers = [...new Set(verdict.obligations.map(({ id }) => Number(id.split('.')[0])))].sort(
    (a, b) => a - b,
  )
  return numbers.map((number) => ({
    number,
    title: commitments.find((one) => one.number === number)?.title ?? '',
    obligations: verdict.obligations.filter(({ id }) => Number(id.split('.')[0]) === number),
  }))
}

const counted = (count: number) => (count === 1 ? 'one thing blocks it' : `${count} things block it`)

function scopeWords(decision: string): string {
  if (decision === 'in') return 'In scope'
  return decision === 'out' ? 'Out of scope' : 'Scope undecided, which counts as in'
}
