import { KeyValues, Notice, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { accessQuestions, type Review, type ReviewItem } from '../access-data.ts'
import { questions } from '../data.ts'
import { Asked } from '../parts/asked.tsx'
import { Done } from '../parts/done.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { useMay } from '../parts/may.ts'
import { More } from '../parts/more.tsx'
import { PersonName, PersonNames } from '../parts/person-name.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { counted } from '../parts/words.ts'
import { Decisions } from './access/decisions.tsx'

/** One review of access: person by person, whether their work still needs it. */
export function AccessReview() {
  const { id } = useParams({ from: '/inside/access/reviews/$id' })
  useTitle('Review of access')
  const review = useQuery(accessQuestions.review(id))
  return (
    <>
      <PageHead
        title="Review of access"
        crumbs={[{ label: 'Access', href: '/console/access' }, { label: `…${id.slice(-6)}` }]}
      >
        <p>
          Whoever keeps access to weights keeps it because somebody said why, and signed it. Nobody decides on
          themselves.
        </p>
      </PageHead>
      <Asked of={review}>{(found) => <Shown review={found} />}</Asked>
    </>
  )
}

function Shown({ review }: { review: Review }) {
  const { openedAt, dueAt, closedAt, overdue, reviewers, items } = review
  const decided = items.filter(({ decision }) => decision !== null)
  const [signed, setSigned] = useState('')
  return (
    <>
      <Done words={signed} />
      {overdue && (
        <Notice tone="alert" title="This review is overdue">
          <p>
            It was to be done by <Moment at={dueAt} />, and{' '}
            {counted(items.length - decided.length, 'person is', 'people are')} still to be decided on.
          </p>
        </Notice>
      )}
      <KeyValues
        pairs={[
          { term: 'Opened', value: <Moment at={openedAt} /> },
          { term: 'Due', value: <Moment at={dueAt} /> },
          { term: 'Closed', value: <Moment at={closedAt} /> },
          { term: 'Decided', value: `${decided.length} of ${counted(items.length, 'person', 'people')}` },
          {
            term: 'May decide',
            value: reviewers.length === 0 ? 'nobody who is active' : <PersonNames ids={reviewers} />,
          },
        ]}
      />
      {closedAt === null && <ToDecide review={review} signed={setSigned} />}
      {decided.length > 0 && (
        <Section title="Decided" id="decided">
          <Decided items={decided} />
        </Section>
      )}
    </>
  )
}

function ToDecide(props: { review: Review; signed: (words: string) => void }) {
  const { id, items, reviewers } = props.review
  const [round, setRound] = useState(0)
  const signed = (words: string) => {
    setRound(round + 1)
    props.signed(words)
  }
  const me = useQuery(questions.me).data?.person.id
  const may = useMay()
  const left = items.filter(({ decision }) => decision === null)
  const own = left.find(({ person }) => person === me)
  const others = left.filter(({ person }) => person !== me)
  return (
    <Section title="To decide" id="decide">
      <div className="cs-stack">
        {own && (
          <p>
            You are in this review too:{' '}
            {reviewers.some((reviewer) => reviewer !== me)
              ? 'somebody else decides on you.'
              : 'somebody else has to decide on you, and nobody else may. Give the role security or custodian to another person.'}
          </p>
        )}
        {others.length > 0 &&
          (may('weight-security:review') ? (
            <Decisions key={round} review={id} items={others} signed={signed} />
          ) : (
            <p>
              {counted(others.length, 'person waits', 'people wait')} for a decision. Your roles do not let
              you decide.
            </p>
          ))}
      </div>
    </Section>
  )
}

function Decided({ items }: { items: readonly ReviewItem[] }) {
  return (
    <More rows={items} what="people">
      {(shown) => (
        <Table
          columns={[
            { label: 'Person' },
            { label: 'Had' },
            { label: 'Decision' },
            { label: 'Why' },
            { label: 'By' },
            { label: 'Evidence' },
          ]}
          rows={shown.map(({ person, access, decision, words, decidedBy, decidedAt, evidence }) => ({
            key: person,
            cells: [
              <PersonName key="person" id={person} />,
              access.functions.join(', ') || 'no job function',
              decision === 'keep' ? 'keeps it' : <b key="decision">taken away</b>,
              words ?? 'the reason was erased',
              <span key="by">
                {decidedBy !== null && <PersonName id={decidedBy} />}, <Moment at={decidedAt} />
              </span>,
              evidence === null ? '—' : <EvidenceLink key="evidence" id={evidence} />,
            ],
          }))}
        />
      )}
    </More>
  )
}
