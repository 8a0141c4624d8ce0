import type { ReactNode } from 'react'
import type { ActedStep, Turn } from '../../outside-data.ts'
import { Steps } from './steps.tsx'

/** One turn: what was said, what an agent did, and what came back or went wrong. `act` adds something to a step. */
export function Exchange(props: {
  turn: Turn
  you: string
  act?: ((step: ActedStep) => ReactNode) | undefined
  children?: ReactNode
}) {
  const { turn, you, act, children } = props
  return (
    <article className="cs-turn" aria-label={`Turn ${turn.turn}`}>
      {turn.system && (
        <>
          <h3>System prompt</h3>
          <p className="cs-said cs-text">{turn.system}</p>
        </>
      )}
      <h3>
        {you}, turn {turn.turn}
      </h3>
      <p className="cs-said cs-text">{turn.message || '(went on without a word)'}</p>
      <h3>The model</h3>
      {turn.acted && <Steps acted={turn.acted} {...(act && { act })} />}
      <Answer turn={turn} />
      {children}
    </article>
  )
}

function Answer({ turn: { answer, state, problem, acted } }: { turn: Turn }) {
  if (answer) return <p className="cs-answer cs-text">{answer.text || '(an empty answer)'}</p>
  if (state === 'pending')
    return (
      <p className="cs-answer cs-soft">
        {acted ? 'It is acting; each step is recorded.' : 'The answer is under way.'}
      </p>
    )
  // An agent that was stopped has said nothing, and what stopped it stands with its steps.
  if (state === 'answered') return null
  return acted?.cut ? null : <p className="cs-answer cs-soft">{problem}</p>
}
