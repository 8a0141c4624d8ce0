import { EmptyState, KeyValues, Notice, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { accessQuestions, GLASS_OUTCOMES, type WholeCase } from '../access-data.ts'
import { ActButton } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { Done } from '../parts/done.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { useMay } from '../parts/may.ts'
import { PersonName } from '../parts/person-name.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { bytesInWords, endLease, type Lease, weightQuestions } from '../weights-data.ts'
import { ReviewGlass } from './access/review-glass.tsx'

/** One broken glass: the emergency, what was read because of it, and what somebody of another team made of it. */
export function BrokenGlassPage() {
  const { id } = useParams({ from: '/inside/access/glass/$id' })
  useTitle('Broken glass')
  const found = useQuery(accessQuestions.glass(id))
  return (
    <>
      <PageHead
        title="Broken glass"
        crumbs={[{ label: 'Access', href: '/console/access' }, { label: `…${id.slice(-6)}` }]}
      >
        <p>Somebody read weights alone, because there was no time to ask two others.</p>
      </PageHead>
      <Asked of={found}>{(one) => <Shown one={one} />}</Asked>
    </>
  )
}

function Shown({ one }: { one: WholeCase }) {
  const { person, model, environment, emergency, at, evidence, leases } = one
  const [signed, setSigned] = useState('')
  return (
    <>
      <Done words={signed} />
      <KeyValues
        pairs={[
          { term: 'Who', value: <PersonName id={person} /> },
          { term: 'Emergency', value: <span className="cs-text">{emergency}</span> },
          {
            term: 'Model',
            value: <a href={`/console/weights/${encodeURIComponent(model)}`}>{model}</a>,
          },
          { term: 'Environment', value: environment },
          { term: 'When', value: <Moment at={at} /> },
          { term: 'Evidence', value: <EvidenceLink id={evidence} /> },
        ]}
      />
      <Section title="What was read" id="read">
        <Read model={model} leases={leases} />
      </Section>
      <Section title="Review" id="review">
        <Review one={one} signed={() => setSigned('Signed: it is reviewed.')} />
      </Section>
    </>
  )
}

function Read({ model, leases }: { model: string; leases: readonly Lease[] }) {
  const { data } = useQuery(weightQuestions.objects(model))
  if (leases.length === 0)
    return (
      <EmptyState title="No lease came of it">
        <p>Without one nothing could be read.</p>
      </EmptyState>
    )
  const nameOf = (lease: Lease): string =>
    data?.objects.find(({ id }) => id === lease.object)?.name ?? `object …${lease.object.slice(-6)}`
  return (
    <Table
      columns={[
        { label: 'File' },
        { label: 'From' },
        { label: 'Until' },
        { label: 'Lease' },
        { label: 'Read', numeric: true },
      ]}
      rows={leases.map((lease) => ({
        key: lease.id,
        cells: [
          `${nameOf(lease)}, segments ${lease.segments[0]} to ${lease.segments[1]}`,
          <Moment key="start" at={lease.start} />,
          <Moment key="end" at={lease.endedAt ?? lease.end} />,
          lease.state === 'live' ? <Live key="state" lease={lease} /> : stateInWords(lease.state),
          bytesInWords(lease.bytesRead),
        ],
      }))}
    />
  )
}

function Live({ lease: { id } }: { lease: Lease }) {
  const may = useMay()
  return (
    <span className="cs-acts">
      <b>still live</b>
      {may('weight-security:revoke') && (
        <ActButton tone="alert" label={`End it: lease …${id.slice(-6)}`} act={() => endLease(id)}>
          End it
        </ActButton>
      )}
    </span>
  )
}

const STATES: Record<string, string> = {
  over: 'over in time',
  revoked: 'revoked',
  returned: 'given back',
  review: 'ended by a review',
  'role-change': 'ended with the job',
}

const stateInWords = (state: string): string => STATES[state] ?? `ended: ${state}`

function Review({ one, signed }: { one: WholeCase; signed: () => void }) {
  const may = useMay()
  const { outcome, words, reviewedAt, reviewedBy, reviewEvidence, reviewDue, overdue, refusal } = one
  if (outcome !== null)
    return (
      <KeyValues
        pairs={[
          { term: 'Found', value: <b>{GLASS_OUTCOMES[outcome]}</b> },
          {
            term: 'Why',
            value: <span className="cs-text">{words ?? 'the words were erased'}</span>,
          },
          { term: 'By', value: reviewedBy === null ? undefined : <PersonName id={reviewedBy} /> },
          { term: 'When', value: <Moment at={reviewedAt} /> },
          {
            term: 'Evidence',
            value: reviewEvidence === null ? undefined : <EvidenceLink id={reviewEvidence} />,
          },
        ]}
      />
    )
  return (
    <div className="cs-stack">
      <Notice tone="alert" title={overdue ? 'The review is overdue' : 'It waits for a review'}>
        <p>
          Somebody of another team {overdue ? 'was to say by' : 'has to say by'} <Moment at={reviewDue} />{' '}
          whether it was justified.
        </p>
      </Notice>
      {!may('weight-security:review') ? (
        <p>Your roles do not let you review it.</p>
      ) : refusal !== null ? (
        <p>You cannot review it: {refusal}.</p>
      ) : (
        <ReviewGlass one={one} signed={signed} />
      )}
    </div>
  )
}
