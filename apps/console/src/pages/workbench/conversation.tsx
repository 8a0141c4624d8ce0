import { EmptyState } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { type ExpertSession, outside, type Turn } from '../../outside-data.ts'
import { Asked } from '../../parts/asked.tsx'
import { Composer, type Writing } from './composer.tsx'
import { Exchange } from './exchange.tsx'
import { MarkFinding } from './findings.tsx'

/** One conversation from its first turn to the one chosen, and where the next message goes. */
export function Conversation(props: {
  session: ExpertSession
  at: number | undefined
  go: (turn: number | undefined) => void
}) {
  const { session, at, go } = props
  const box = useRef<HTMLTextAreaElement>(null)
  const [writing, setWriting] = useState<Writing>()
  const open = session.state === 'open'
  const write = (next: Writing) => {
    setWriting(next)
    box.current?.focus()
  }
  const sent = (turn: Turn) => {
    setWriting(undefined)
    go(turn.turn)
  }
  return (
    <>
      {at === undefined ? (
        <EmptyState title="Nothing asked yet" />
      ) : (
        <Thread session={session} at={at} write={open ? write : undefined} />
      )}
      {open && (
        <Composer
          box={box}
          session={session}
          at={at}
          writing={writing}
          change={setWriting}
          sent={sent}
          show={go}
          begin={() => {
            go(undefined)
            write({ parent: undefined, message: '' })
          }}
        />
      )}
    </>
  )
}

function Thread(props: { session: ExpertSession; at: number; write: ((next: Writing) => void) | undefined }) {
  const { session, at, write } = props
  const pending = session.tree.find(({ turn }) => turn === at)?.state === 'pending'
  const thread = useQuery({
    ...outside.ownThread(session.id, at),
    placeholderData: (before) => before,
    refetchInterval: pending ? 2000 : false,
  })
  return (
    <Asked of={thread}>
      {(turns) => (
        <div className="cs-thread">
          {turns.map((turn) => (
            <Exchange
              key={turn.turn}
              turn={turn}
              you="You"
              act={
                write === undefined || turn.state === 'pending'
                  ? undefined
                  : ({ step }) => (
                      <button
                        type="button"
                        className="cs-link"
                        aria-label={`Go on from here, step ${step} of turn ${turn.turn}`}
                        onClick={() => write({ parent: turn.turn, step, message: '' })}
                      >
                        Go on from here
                      </button>
                    )
              }
            >
              {write && (
                <div className="cs-acts">
                  {(turn.state === 'answered' || (turn.acted?.steps.length ?? 0) > 0) &&
                    turn.state !== 'pending' && <MarkFinding session={session} turn={turn} />}
                  {turn.state === 'answered' && !turn.acted?.cut && (
                    <button
                      type="button"
                      className="cs-link"
                      aria-label={`Go on from turn ${turn.turn}`}
                      onClick={() => write({ parent: turn.turn, message: '' })}
                    >
                      Go on
                    </button>
                  )}
                  <button
                    type="button"
                    className="cs-link"
                    aria-label={`Edit and send again, turn ${turn.turn}`}
                    onClick={() =>
                      write({
                        parent: turn.parent ?? undefined,
                        step: turn.acted?.fromStep ?? undefined,
                        message: turn.message,
                        ...(turn.system !== null && { system: turn.system }),
                      })
                    }
                  >
                    Edit and send again
                  </button>
                </div>
              )}
            </Exchange>
          ))}
        </div>
      )}
    </Asked>
  )
}
