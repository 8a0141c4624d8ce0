import { Button, EmptyState, Field, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { accessQuestions, withdraw } from '../access-data.ts'
import { ActButton, FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { More } from '../parts/more.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { type AccessRequest, endLease, type Lease, spanInWords } from '../weights-data.ts'
import { Notices } from './access/notices.tsx'

/** One's own leases on weights and what one asked for; the way to ask, and to read alone in an emergency. */
export function MyAccess() {
  useTitle('Your access to weights')
  const leases = useQuery({ ...accessQuestions.myLeases, refetchInterval: 10_000 })
  const requests = useQuery(accessQuestions.myRequests)
  return (
    <>
      <PageHead title="Your access to weights">
        <p>You read under a lease, which two people of other teams grant you for a while.</p>
      </PageHead>
      <div className="cs-acts">
        <Button href="/console/access/ask" tone="primary">
          Ask to read weights
        </Button>
        <Button href="/console/access/break-glass" tone="alert">
          Emergency: break the glass
        </Button>
      </div>
      <Notices />
      <Section title="Your leases" id="leases">
        <Asked of={leases}>
          {({ leases: all }) => <Live leases={all.filter(({ state }) => state === 'live')} />}
        </Asked>
      </Section>
      <Section title="Your requests" id="requests">
        <Asked of={requests}>{({ requests: all }) => <Requests requests={all} />}</Asked>
      </Section>
    </>
  )
}

function Live({ leases }: { leases: readonly Omit<Lease, 'bytesRead'>[] }) {
  if (leases.length === 0)
    return (
      <EmptyState title="You have no lease now">
        <p>One stands here from the second signature until it ends.</p>
      </EmptyState>
    )
  return (
    <>
      <Table
        columns={[
          { label: 'Model' },
          { label: 'Segments' },
          { label: 'Where' },
          { label: 'Until' },
          { label: 'Lease' },
          { label: 'Act' },
        ]}
        rows={leases.map((lease) => ({
          key: lease.id,
          cells: [
            lease.model,
            `${lease.segments[0]} to ${lease.segments[1]}`,
            lease.environment,
            <Moment key="end" at={lease.end} />,
            <code key="id" className="cs-name cs-small">
              {lease.id}
            </code>,
            <ActButton
              key="back"
              label={`Give it back: lease …${lease.id.slice(-6)}`}
              act={() => endLease(lease.id)}
            >
              Give it back
            </ActButton>,
          ],
        }))}
      />
      <p className="cs-small">
        Read with <code>avouch weights open NAME@VERSION --lease LEASE --out FILE</code>, or over the API.
        Every segment is on record before you have it.
      </p>
    </>
  )
}

function Requests({ requests }: { requests: readonly AccessRequest[] }) {
  if (requests.length === 0)
    return (
      <EmptyState title="You have asked for nothing">
        <p>What you ask stands here with what others decided, and why.</p>
      </EmptyState>
    )
  return (
    <More rows={requests} what="requests">
      {(shown) => (
        <Table
          columns={[
            { label: 'Asked' },
            { label: 'Model' },
            { label: 'Where' },
            { label: 'For' },
            { label: 'State' },
            { label: 'Act' },
          ]}
          rows={shown.map((request) => ({
            key: request.id,
            cells: [
              <Moment key="asked" at={request.askedAt} />,
              request.model,
              request.environment,
              `${spanInWords(request.seconds)}, ${request.purpose}`,
              stateOf(request),
              request.state === 'asked' ? <Withdraw key="act" request={request} /> : '—',
            ],
          }))}
        />
      )}
    </More>
  )
}

function stateOf({ state, signed, why }: AccessRequest): string {
  if (state === 'asked') return `${signed.length} of 2 signed`
  return why === null ? state : `${state}: ${why}`
}

function Withdraw({ request: { id, model } }: { request: AccessRequest }) {
  return (
    <FormDialog
      trigger="Withdraw"
      label={`Withdraw the request for ${model}`}
      title="Withdraw this request"
      says="Signatures on it then count for nothing. You may ask again."
      submit="Withdraw"
      act={(form) => withdraw(id, String(form.get('why') ?? ''))}
    >
      <Field id={`why-${id}`} name="why" label="Why" lines={2} required />
    </FormDialog>
  )
}
