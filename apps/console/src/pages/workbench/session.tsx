import { KeyValues, Notice, PageHead } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type ExpertSession, outside } from '../../outside-data.ts'
import { Asked } from '../../parts/asked.tsx'
import { Moment } from '../../parts/time.tsx'
import { useTitle } from '../../parts/title.ts'
import { domainTitle } from '../../parts/words.ts'
import { sessionWords } from '../experts/words.ts'
import { Closing, EndSession } from './closing.tsx'
import { Conversation } from './conversation.tsx'
import { Files } from './files.tsx'
import { Findings } from './findings.tsx'
import { Tree } from './tree.tsx'
import { World } from './world.tsx'

/** An expert's own session: the conversation, its branches, what they found, and the end of it. */
export function WorkbenchSession() {
  const { id } = useParams({ from: '/inside/workbench/$id' })
  const session = useQuery({
    ...outside.ownSession(id),
    // an answer that is under way while this page was loaded anew
    refetchInterval: ({ state: { data } }) =>
      data?.tree.some((line) => line.state === 'pending') ? 2000 : false,
  })
  const name = session.data ? `Session on ${session.data.about.release}` : 'Session'
  useTitle(name)
  return (
    <>
      <PageHead
        title={name}
        crumbs={[{ label: 'My sessions', href: '/console/workbench' }, { label: `…${id.slice(-6)}` }]}
      />
      <Asked of={session}>{(found) => <Bench key={found.id} session={found} />}</Asked>
    </>
  )
}

function Bench({ session }: { session: ExpertSession }) {
  const last = session.tree.at(-1)?.turn
  const [at, setAt] = useState<number | undefined>(last)
  const open = session.state === 'open'
  return (
    <>
      <State session={session} />
      <div className="cs-bench">
        <section aria-labelledby="conversation" className="cs-stack">
          <h2 id="conversation" className="cs-side-title">
            Conversation
          </h2>
          <Conversation session={session} at={at} go={setAt} />
        </section>
        <div className="cs-stack">
          {session.world && <World session={session} world={session.world} at={at} />}
          <Tree tree={session.tree} at={at} go={setAt} />
          <Findings session={session} />
          <Files session={session} at={at} />
          <section aria-labelledby="time" className="cs-stack">
            <h2 id="time" className="cs-side-title">
              Time
            </h2>
            <KeyValues
              pairs={[
                { term: 'Agreed', value: `${session.hours.agreed} h` },
                { term: 'Open', value: `${session.hours.open} h` },
                { term: 'Seen at work', value: `${session.hours.active} h` },
              ]}
            />
            {open && <EndSession session={session} />}
          </section>
        </div>
      </div>
    </>
  )
}

function State({ session }: { session: ExpertSession }) {
  const { state, domains, endsAt, evidence } = session
  if (state === 'ended') return <Closing session={session} />
  if (state === 'open')
    return (
      <p className="cs-soft cs-gap">
        {domains.map(domainTitle).join('; ')}. It ends by itself on <Moment at={session.idleAt} /> if you do
        nothing more; sign it before <Moment at={endsAt} />.
      </p>
    )
  return (
    <Notice title={state === 'signed' ? 'You signed what came of it' : 'It ended without your signature'}>
      <p>
        {sessionWords[state]}. Evidence <code>{evidence?.slice(-12)}</code>
      </p>
    </Notice>
  )
}
