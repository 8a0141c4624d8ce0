import { EmptyState, KeyValues, Notice, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type ExpertSession, type Finding, outside, type SessionWorld } from '../outside-data.ts'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { domainTitle } from '../parts/words.ts'
import { endedWords, sessionWords } from './experts/words.ts'
import { Exchange } from './workbench/exchange.tsx'

/** A session as the company reads it: lines without words, and the words of one conversation when asked for. */
export function ExpertSessionPage() {
  const { id } = useParams({ from: '/inside/experts/$id' })
  useTitle('Session of an expert')
  const session = useQuery(outside.session(id))
  return (
    <>
      <PageHead
        title="Session of an expert"
        crumbs={[{ label: 'Experts', href: '/console/experts' }, { label: `…${id.slice(-6)}` }]}
      />
      <Asked of={session}>{(found) => <Shown session={found} />}</Asked>
    </>
  )
}

function Shown({ session }: { session: ExpertSession }) {
  const { about, hours } = session
  return (
    <>
      <KeyValues
        pairs={[
          { term: 'Release', value: about.release },
          { term: 'Snapshot', value: about.snapshot },
          { term: 'Configuration', value: about.configuration },
          { term: 'Domains', value: session.domains.map(domainTitle).join('; ') },
          {
            term: 'World',
            value: session.world && <WorldOf session={session.id} world={session.world} />,
          },
          { term: 'State', value: sessionWords[session.state] },
          { term: 'Begun', value: <Moment at={session.startedAt} /> },
          {
            term: 'Ended',
            value: session.endedAt && (
              <>
                <Moment at={session.endedAt} />, {endedWords[session.endedBy ?? ''] ?? ''}
              </>
            ),
          },
          {
            term: 'Hours',
            value: `${hours.agreed} agreed, ${hours.open} open, ${hours.active} seen at work`,
          },
          { term: 'Plan', value: <EvidenceLink id={session.plan} /> },
          {
            term: 'Evidence',
            value: session.evidence ? <EvidenceLink id={session.evidence} /> : 'recorded when it is signed',
          },
        ]}
      />
      <Section title="Findings" id="findings">
        <Findings session={session} />
      </Section>
      <Section title="Turns" id="turns">
        <Turns session={session} />
      </Section>
      <Section title="Files" id="files">
        {session.files.length === 0 ? (
          <EmptyState title="No file was attached" />
        ) : (
          <ul className="cs-list">
            {session.files.map(({ attachment, name, size }) => (
              <li key={attachment}>
                <a href={`/api/red-teaming/sessions/${session.id}/attachments/${attachment}`} download>
                  {name}
                </a>{' '}
                <span className="cs-small">{size} bytes, from outside: open it with care</span>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  )
}

/** Which world it was, and how its expert set it up, where they did: their words, shown when asked for. */
function WorldOf({ session, world }: { session: string; world: SessionWorld }) {
  const [shown, setShown] = useState(false)
  const opened = useQuery({ ...outside.setUp(session), enabled: shown })
  return (
    <>
      {world.title}, {world.scenario}, seed {world.seed}
      {world.name.endsWith(':own') && (
        <>
          {' '}
          <Reveal shown={shown} set={setShown} what="how its expert set it up" />
          {shown && <Asked of={opened}>{({ set }) => <pre className="cs-note">{set}</pre>}</Asked>}
        </>
      )}
    </>
  )
}

function Findings({ session }: { session: ExpertSession }) {
  if (session.found.length === 0) return <EmptyState title="No finding" />
  return (
    <Table
      columns={[
        { label: 'Finding' },
        { label: 'Severity' },
        { label: 'Verdict' },
        { label: 'Criterion' },
        { label: 'Note' },
        { label: 'Turn', numeric: true },
      ]}
      rows={session.found.map((finding) => ({
        key: String(finding.finding),
        cells: [
          <span key="title">
            {finding.title} {finding.withdrawn && <span className="cs-small">withdrawn</span>}
            {finding.states && <code className="cs-small cs-break"> {finding.states.join(', ')}</code>}
          </span>,
          finding.severity,
          finding.verdict,
          finding.criterion,
          <Note key="note" session={session.id} finding={finding} />,
          finding.turn,
        ],
      }))}
    />
  )
}

function Note({ session, finding }: { session: string; finding: Finding }) {
  const [shown, setShown] = useState(false)
  const opened = useQuery({ ...outside.note(session, finding.finding), enabled: shown })
  return (
    <div>
      <Reveal shown={shown} set={setShown} what={`the note of finding ${finding.finding}`} />
      {shown && (
        <Asked of={opened}>{({ note }) => <p className="cs-text">{note || 'Nothing more.'}</p>}</Asked>
      )}
    </div>
  )
}

function Turns({ session }: { session: ExpertSession }) {
  if (session.tree.length === 0) return <EmptyState title="Nothing was asked" />
  return (
    <div className="cs-stack">
      <Notice title="Words are kept closed">
        <p>
          What was asked and answered may be harmful. It is shown one conversation at a time, when you ask.
        </p>
      </Notice>
      <Table
        columns={[
          { label: 'Turn' },
          { label: 'After' },
          { label: 'State' },
          { label: 'Asked' },
          ...(session.world ? [{ label: 'Steps', numeric: true }, { label: 'Reached by then' }] : []),
          { label: 'Words' },
        ]}
        rows={session.tree.map(({ turn, parent, fromStep, state, askedAt, steps, reached }) => ({
          key: String(turn),
          cells: [
            turn,
            parent === null ? 'beginning' : `${parent}${fromStep === null ? '' : `, step ${fromStep}`}`,
            state,
            <Moment key="at" at={askedAt} />,
            ...(session.world
              ? [
                  steps,
                  <code key="reached" className="cs-break">
                    {reached.join(', ') || '—'}
                  </code>,
                ]
              : []),
            <Words key="words" session={session.id} turn={turn} />,
          ],
        }))}
      />
    </div>
  )
}

function Words({ session, turn }: { session: string; turn: number }) {
  const [shown, setShown] = useState(false)
  const thread = useQuery({ ...outside.thread(session, turn), enabled: shown })
  return (
    <>
      <Reveal shown={shown} set={setShown} what={`the conversation up to turn ${turn}`} />
      {shown && (
        <Asked of={thread}>
          {(turns) => (
            <div className="cs-exchange">
              {turns.map((one) => (
                <Exchange key={one.turn} turn={one} you="The expert" />
              ))}
            </div>
          )}
        </Asked>
      )}
    </>
  )
}

function Reveal({ shown, set, what }: { shown: boolean; set: (to: boolean) => void; what: string }) {
  return (
    <button
      type="button"
      className="cs-link"
      aria-expanded={shown}
      aria-label={`${shown ? 'Hide' : 'Show'} ${what}`}
      onClick={() => set(!shown)}
    >
      {shown ? 'Hide' : 'Show'}
    </button>
  )
}
