import { EmptyState, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { type ExpertRow, type InvitationRow, outside } from '../outside-data.ts'
import { FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { useMay } from '../parts/may.ts'
import { More } from '../parts/more.tsx'
import { stepUp } from '../parts/step-up.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { Attestations } from './experts/attestations.tsx'
import { InviteExpert, NewLink } from './experts/invite.tsx'
import { Rounds } from './experts/rounds.tsx'
import { ExpertSessions } from './experts/sessions.tsx'

/** Who tests from outside, what they left, and who rates it. */
export function Experts() {
  useTitle('Experts')
  const may = useMay()
  const experts = useQuery(outside.experts)
  return (
    <>
      <PageHead title="Experts">
        <p>
          People from outside who test a model in sessions of their own, organisations that test it under
          their own roof, and how what they found was rated.
        </p>
      </PageHead>
      {may('red-teaming:invite') && (
        <div className="cs-filters">
          <InviteExpert experts={experts.data ?? []} />
        </div>
      )}
      <Asked of={experts}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title="No expert has been invited">
              <p>
                Whoever is invited gets a link, makes a passkey, signs who they are, and tests until the day
                you name. They see nothing else here.
              </p>
            </EmptyState>
          ) : (
            <More rows={all} what="experts">
              {(shown) => <ExpertTable experts={shown} />}
            </More>
          )
        }
      </Asked>
      <Section title="Sessions" id="sessions">
        <ExpertSessions />
      </Section>
      <Section title="Blind rating" id="rating">
        <Rounds />
      </Section>
      <Section title="Attestations of organisations" id="attestations">
        <Attestations />
      </Section>
    </>
  )
}

function ExpertTable({ experts }: { experts: readonly ExpertRow[] }) {
  const may = useMay()
  const manages = may('red-teaming:invite')
  return (
    <Table
      columns={[
        { label: 'Expert' },
        { label: 'Record' },
        { label: 'Invited to test' },
        ...(manages ? [{ label: 'Access' }] : []),
      ]}
      rows={experts.map((expert) => ({
        key: expert.id,
        cells: [
          <span key="name">
            {expert.name} <span className="cs-small">{expert.state}</span>
          </span>,
          <Record key="record" expert={expert} />,
          <ul key="invited" className="cs-plain">
            {expert.invitations.map((one) => (
              <li key={one.id}>
                <InvitationLine invitation={one} manages={manages} />
              </li>
            ))}
          </ul>,
          ...(manages ? [expert.state === 'disabled' ? '—' : <NewLink key="link" expert={expert} />] : []),
        ],
      }))}
    />
  )
}

function Record({ expert: { record } }: { expert: ExpertRow }) {
  if (!record) return <>not signed yet</>
  return (
    <span>
      {record.independent ? 'independent' : 'not independent'}, expert of{' '}
      {record.domains.join(', ') || 'nothing'} <EvidenceLink id={record.evidence} />
    </span>
  )
}

function InvitationLine({ invitation, manages }: { invitation: InvitationRow; manages: boolean }) {
  const { about, domains, worlds, hoursAgreed, endsAt, open, id } = invitation
  return (
    <span>
      {about.release}, {domains.join(', ')}
      {worlds.length > 0 && `, worlds: ${worlds.map(({ title }) => title).join(', ')}`}, {hoursAgreed} h,{' '}
      {open ? 'until' : 'ended'} <Moment at={endsAt} />{' '}
      {open && manages && (
        <FormDialog
          trigger="End"
          label={`End the invitation to ${about.release}`}
          title="End this invitation now?"
          says="The expert is let in no more, unless another invitation stands. A session they have not signed is recorded as it is, unsigned."
          submit="End it"
          tone="alert"
          act={() => stepUp(() => ask(`/red-teaming/invitations/${id}/end`, { method: 'POST' }))}
        />
      )}
    </span>
  )
}
