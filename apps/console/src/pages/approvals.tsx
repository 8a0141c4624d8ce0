import { Disclosure, EmptyState, KeyValues, PageHead, Section } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { sign } from '../api.ts'
import { type Approval, questions } from '../data.ts'
import { ActButton } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { useMay } from '../parts/may.ts'
import { Pages, pageOf } from '../parts/paged.tsx'
import { useNames } from '../parts/person-name.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** Acts that count only with the signatures of two people. */
export function Approvals() {
  useTitle('Approvals')
  const { page } = useSearch({ from: '/inside/approvals' })
  const approvals = useQuery(questions.approvals)
  return (
    <>
      <PageHead title="Approvals">
        <p>
          Some acts need two people: lifting a hold, taking evidence back, letting somebody read weights,
          leaving content unmarked. Whoever asks cannot sign.
        </p>
      </PageHead>
      <Asked of={approvals}>
        {(all) => {
          const waiting = all.filter(isWaiting)
          const past = pageOf(
            all.filter((it) => !isWaiting(it)),
            page,
          )
          return (
            <>
              {waiting.length === 0 ? (
                <EmptyState title="Nothing waits for a signature">
                  <p>A request appears here as soon as somebody makes one, for a week.</p>
                </EmptyState>
              ) : (
                waiting.map((request) => <Request key={request.id} request={request} />)
              )}
              {past.total > 0 && (
                <Section title="Earlier" id="earlier">
                  {past.shown.map((request) => (
                    <Request key={request.id} request={request} />
                  ))}
                  <Pages page={past.page} pages={past.pages} total={past.total} what="requests" />
                </Section>
              )}
            </>
          )
        }}
      </Asked>
    </>
  )
}

function isWaiting(request: Approval): boolean {
  return request.approvedAt === undefined && Date.parse(request.expiresAt) > Date.now()
}

function Request({ request }: { request: Approval }) {
  const names = useNames()
  const nameOf = (id: string | undefined) => {
    if (id === undefined) return 'the command line'
    const name = names(id)
    return name === id ? `…${id.slice(-6)}` : name
  }
  return (
    <article className="cs-request">
      <h2>{request.summary}</h2>
      <KeyValues
        pairs={[
          { term: 'Act', value: request.act.replace('/', ': ') },
          { term: 'Asked by', value: nameOf(request.requestedBy) },
          { term: 'Asked', value: <Moment at={request.createdAt} /> },
          {
            term: 'Signed',
            value: `${request.approvals.length} of ${request.needed}${request.approvals.length > 0 ? `: ${request.approvals.map(({ personId }) => nameOf(personId)).join(', ')}` : ''}`,
          },
          {
            term: request.approvedAt ? 'In force since' : 'Lapses',
            value: <Moment at={request.approvedAt ?? request.expiresAt} />,
          },
          {
            term: 'Evidence',
            value: request.approvedAt && (
              <a href={`/console/evidence/${request.evidence}`}>the signed record</a>
            ),
          },
        ]}
      />
      <Disclosure summary="The exact Statement that is signed">
        <pre className="cs-note">{request.statement}</pre>
      </Disclosure>
      {isWaiting(request) && <Sign request={request} />}
    </article>
  )
}

function Sign({ request }: { request: Approval }) {
  const me = useQuery(questions.me)
  const may = useMay()
  const mine = me.data?.person.id
  if (request.requestedBy === mine)
    return <p className="cs-small">You asked for this, so others must sign.</p>
  if (request.approvals.some(({ personId }) => personId === mine))
    return <p className="cs-small">You have signed. Someone else must sign too.</p>
  if (!may(`${request.act.split('/')[0]}:approve`))
    return <p className="cs-small">Your roles do not let you sign this.</p>
  return (
    <div className="cs-acts">
      <ActButton tone="primary" act={() => sign(`/approvals/${request.id}`)} done="Signed.">
        Sign with your passkey
      </ActButton>
    </div>
  )
}
