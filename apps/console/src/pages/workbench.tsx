import { EmptyState, KeyValues, Notice, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type ExpertSelf, type InvitationRow, outside } from '../outside-data.ts'
import { Asked } from '../parts/asked.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { domainTitle } from '../parts/words.ts'
import { sessionWords } from './experts/words.ts'
import { BeginSession } from './workbench/begin.tsx'

/** Where an expert begins: who they are, what they were invited to, and their sessions. */
export function Workbench() {
  useTitle('My sessions')
  const self = useQuery(outside.self)
  return (
    <>
      <PageHead title="My sessions">
        <p>
          Each message is recorded, sealed, before the model is asked, and each answer before you see it. What
          came of a session stands under your own passkey.
        </p>
      </PageHead>
      <Asked of={self}>
        {(found) => (
          <>
            <Record self={found} />
            <Section title="Invitations" id="invitations">
              {found.invitations.map((invitation) => (
                <Invitation key={invitation.id} invitation={invitation} signed={found.record !== null} />
              ))}
            </Section>
          </>
        )}
      </Asked>
      <Section title="Sessions" id="sessions">
        <Sessions />
      </Section>
    </>
  )
}

function Record({ self: { record } }: { self: ExpertSelf }) {
  if (!record)
    return (
      <Notice title="First, say who you are">
        <p>
          Your field, your ties to the company, and how you want to be named: you sign it with your passkey,
          and then you can begin. <a href="/console/workbench/record">Fill in your record</a>
        </p>
      </Notice>
    )
  return (
    <p className="cs-soft">
      You signed who you are on <Moment at={record.signedAt} />
      {record.independent ? '' : '; by your own word you are not independent of the company'}.{' '}
      <a href="/console/workbench/record">Read it, or sign another</a>
    </p>
  )
}

function Invitation({ invitation, signed }: { invitation: InvitationRow; signed: boolean }) {
  const router = useRouter()
  const { about, domains, worlds, hoursAgreed, endsAt, open } = invitation
  return (
    <article className="cs-request">
      <h3>
        {about.release}, {about.configuration}
      </h3>
      <KeyValues
        pairs={[
          { term: 'To test', value: domains.map(domainTitle).join('; ') },
          ...(worlds.length > 0
            ? [{ term: 'Worlds it may act in', value: worlds.map(({ title }) => title).join('; ') }]
            : []),
          { term: 'Hours agreed', value: hoursAgreed },
          { term: open ? 'Until' : 'Ended', value: <Moment at={endsAt} /> },
        ]}
      />
      {open && signed && (
        <div className="cs-acts">
          <BeginSession
            invitation={invitation}
            begun={(session) => router.history.push(`/console/workbench/${session.id}`)}
          />
        </div>
      )}
    </article>
  )
}

function Sessions() {
  const sessions = useQuery(outside.ownSessions)
  return (
    <Asked of={sessions}>
      {(all) =>
        all.length === 0 ? (
          <EmptyState title="No session yet" />
        ) : (
          <Table
            columns={[
              { label: 'Session' },
              { label: 'World' },
              { label: 'State' },
              { label: 'Begun' },
              { label: 'Sign before' },
              { label: 'Turns', numeric: true },
              { label: 'Findings', numeric: true },
            ]}
            rows={all.map(({ id, about, world, state, startedAt, endsAt, turns, findings }) => ({
              key: id,
              cells: [
                <a key="id" href={`/console/workbench/${id}`}>
                  {about.release} <code>…{id.slice(-6)}</code>
                </a>,
                world ?? 'conversation',
                sessionWords[state],
                <Moment key="at" at={startedAt} />,
                state === 'open' || state === 'ended' ? <Moment key="end" at={endsAt} /> : '—',
                turns,
                findings,
              ],
            }))}
          />
        )
      }
    </Asked>
  )
}
