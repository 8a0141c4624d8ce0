import { EmptyState, KeyValues, Notice, PageHead } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { sign } from '../api.ts'
import { type Approval, questions } from '../data.ts'
import { ActButton } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { Pages, pageOf } from '../parts/paged.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** Acts that wait for two people. */
export function Approvals() {
  useTitle('Approvals')
  const { page } = useSearch({ from: '/inside/approvals' })
  const approvals = useQuery(questions.approvals)
  return (
    <>
      <PageHead title="Approvals">
        <p>
          Acts that no one person can do alone. Read what you sign: your passkey signs exactly this statement.
        </p>
      </PageHead>
      <Asked of={approvals}>
        {(all) => {
          const part = pageOf(all, page)
          return all.length === 0 ? (
            <EmptyState title="Nothing waits for approval">
              <p>Lifting a hold or retracting evidence appears here until two people have signed.</p>
            </EmptyState>
          ) : (
            <div className="cs-stack">
              {part.shown.map((approval) => (
                <Waiting key={approval.id} approval={approval} />
              ))}
              <Pages {...part} what="approvals" />
            </div>
          )
        }}
      </Asked>
    </>
  )
}

function Waiting({ approval }: { approval: Approval }) {
  const me = useQuery(questions.me)
  const signed = approval.approvals.some(({ personId }) => personId === me.data?.person.id)
  return (
    <Notice title={approval.summary}>
      <KeyValues
        pairs={[
          { term: 'Signed', value: `${approval.approvals.length} of ${approval.needed}` },
          { term: 'Asked for', value: <Moment at={approval.createdAt} /> },
          { term: 'Lapses', value: !approval.approvedAt && <Moment at={approval.expiresAt} /> },
        ]}
      />
      <details className="my-3">
        <summary>The statement that is signed</summary>
        <pre className="cs-note">{approval.statement}</pre>
      </details>
      <div className="cs-acts">
        {approval.approvedAt ? (
          <span>
            Approved. <a href={`/console/evidence/${approval.evidence}`}>Its evidence</a>
          </span>
        ) : signed ? (
          <span>You have signed. Another person must sign too.</span>
        ) : (
          <ActButton tone="primary" act={() => sign(`/approvals/${approval.id}`)}>
            Approve with passkey
          </ActButton>
        )}
      </div>
    </Notice>
  )
}
