import { Button, EmptyState, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams, useRouter, useSearch } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { accessQuestions, type WhoCould, type WhoDid } from '../access-data.ts'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { More } from '../parts/more.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { Day, Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { counted } from '../parts/words.ts'
import { bytesInWords } from '../weights-data.ts'

/** Who could have read a model on a day, and who did, answered from what is on record. */
export function WhoRead() {
  const { model } = useParams({ from: '/inside/weights/$model/who' })
  const search = useSearch({ from: '/inside/weights/$model/who' })
  const on = search.on ?? new Date().toISOString().slice(0, 10)
  useTitle(`Who could read ${model}`)
  const could = useQuery(accessQuestions.whoCould(model, on))
  const did = useQuery(accessQuestions.whoDid(model, on))
  const address = `/console/weights/${encodeURIComponent(model)}`
  return (
    <>
      <PageHead
        title="Who could read it, and who did"
        crumbs={[
          { label: 'Weights', href: '/console/weights' },
          { label: model, href: address },
          { label: 'Who' },
        ]}
      >
        <p>
          {model} on <Day at={on} />, by the policies, jobs and leases that stood in the log then. Who holds
          the keys of the installation’s own machine is not among it.
        </p>
      </PageHead>
      <DayOf on={on} address={address} />
      <Section title="Could have read it" id="could">
        <Asked of={could}>{(found) => <Could found={found} />}</Asked>
      </Section>
      <Section title="Did read it" id="did">
        <Asked of={did}>{(found) => <Did found={found} />}</Asked>
      </Section>
    </>
  )
}

function DayOf({ on, address }: { on: string; address: string }) {
  const router = useRouter()
  const go = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const day = String(new FormData(event.currentTarget).get('on') ?? '')
    if (day !== '') router.history.push(`${address}/who?on=${day}`)
  }
  return (
    <search>
      <form className="cs-filters" onSubmit={go}>
        <div className="av-field">
          <label htmlFor="on">Day, in UTC</label>
          <input key={on} id="on" name="on" type="date" className="av-input" defaultValue={on} required />
        </div>
        <Button>Show</Button>
      </form>
    </search>
  )
}

function Could({ found: { people, evidence } }: { found: WhoCould }) {
  const { counted: pieces, notLogged, erased } = evidence
  return (
    <>
      {people.length === 0 ? (
        <EmptyState title="Nobody could have read it">
          <p>No lease stood, and no policy let anybody ask or read alone.</p>
        </EmptyState>
      ) : (
        <More rows={people} what="people">
          {(shown) => (
            <Table
              columns={[
                { label: 'Person' },
                { label: 'Under a lease' },
                { label: 'Alone, in an emergency' },
                { label: 'By asking two others' },
              ]}
              rows={shown.map(({ person, leases, alone, byAsking }) => ({
                key: person,
                cells: [
                  <PersonName key="person" id={person} />,
                  leases.length === 0 ? (
                    '—'
                  ) : (
                    <span key="leases">
                      {leases.map(({ lease, segments, environment }) => (
                        <span key={lease} className="cs-block">
                          segments {segments[0]} to {segments[1]} in {environment}
                        </span>
                      ))}
                    </span>
                  ),
                  alone.length > 0 ? `in ${alone.join(', ')}` : '—',
                  byAsking.length > 0 ? `in ${byAsking.join(', ')}` : '—',
                ],
              }))}
            />
          )}
        </More>
      )}
      <p className="cs-small">
        From {counted(pieces, 'piece')} of evidence; what is not logged yet ({notLogged}) or was erased (
        {erased}) is not counted.
      </p>
    </>
  )
}

function Did({ found: { reads, byLogs, withoutLease } }: { found: WhoDid }) {
  if (reads.length + byLogs.length + withoutLease.length === 0)
    return (
      <EmptyState title="Nobody read it">
        <p>Neither our own record nor a log that is followed tells of a read on this day.</p>
      </EmptyState>
    )
  return (
    <div className="cs-stack">
      {reads.length > 0 && (
        <More rows={reads} what="reads under leases">
          {(shown) => (
            <Table
              caption="Under leases, by our own record"
              columns={[
                { label: 'Person' },
                { label: 'First' },
                { label: 'Last' },
                { label: 'Not in the log yet', numeric: true },
                { label: 'Refused', numeric: true },
                { label: 'Reads', numeric: true },
                { label: 'Bytes', numeric: true },
              ]}
              rows={shown.map((one) => ({
                key: `${one.lease} ${one.object}`,
                cells: [
                  <PersonName key="person" id={one.person} />,
                  <Moment key="first" at={one.first} />,
                  <Moment key="last" at={one.last} />,
                  one.unsealed,
                  one.refused,
                  one.reads,
                  bytesInWords(one.bytes),
                ],
              }))}
            />
          )}
        </More>
      )}
      {withoutLease.length > 0 && (
        <Table
          caption="Opened without a lease, at the command line"
          columns={[{ label: 'When' }, { label: 'Evidence' }, { label: 'Bytes', numeric: true }]}
          rows={withoutLease.map(({ evidence, at, bytes }) => ({
            key: evidence,
            cells: [
              <Moment key="at" at={at} />,
              <EvidenceLink key="evidence" id={evidence} />,
              bytesInWords(bytes),
            ],
          }))}
        />
      )}
      {byLogs.length > 0 && (
        <More rows={byLogs} what="people">
          {(shown) => (
            <Table
              caption="By the logs that are followed"
              columns={[
                { label: 'Who' },
                { label: 'Log' },
                { label: 'Last' },
                { label: 'Reads', numeric: true },
                { label: 'Copies out', numeric: true },
                { label: 'Uses of keys', numeric: true },
                { label: 'Refused', numeric: true },
                { label: 'Bytes', numeric: true },
              ]}
              rows={shown.map((told) => ({
                key: `${told.source} ${told.person}`,
                cells: [
                  <span key="who" className="cs-name">
                    <PersonName id={told.person} />
                    {told.unmapped && ', not mapped'}
                  </span>,
                  told.source,
                  <Moment key="last" at={told.last} />,
                  told.reads,
                  told.exports,
                  told.keys,
                  told.refused,
                  told.bytes > 0 ? bytesInWords(told.bytes) : 'not told',
                ],
              }))}
            />
          )}
        </More>
      )}
    </div>
  )
}
