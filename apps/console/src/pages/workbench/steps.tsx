import type { ReactNode } from 'react'
import type { Acted, ActedStep, StateRow, ToolUse } from '../../outside-data.ts'
import { laidOut } from '../../parts/laid-out.ts'

const STOPS = {
  steps: 'It was stopped when its steps were used up.',
  tokens: 'It was stopped when its tokens were used up.',
  over: 'It ended: nothing more can happen in this world.',
  time: 'It rests: what one message may take of time was used up.',
} as const

/** What fits on one line is left on it. */
const SHORT = 80
/** Answers of tools beyond this are folded. */
const LONG = 600

/** What an agent did in one turn: each step as it was, and what it came to. `act` adds something to a step. */
export function Steps({ acted, act }: { acted: Acted; act?: (step: ActedStep) => ReactNode }) {
  return (
    <>
      {acted.fromStep !== null && (
        <p className="cs-small">From step {acted.fromStep} of the turn before on.</p>
      )}
      {acted.steps.length > 0 && (
        <ol className="cs-acted">
          {acted.steps.map((step) => (
            <li key={step.step}>
              <p className="cs-small cs-acts">
                Step {step.step}
                {act?.(step)}
              </p>
              {step.text && <p className="cs-text">{step.text}</p>}
              <Calls calls={step.calls} />
              {step.more > 0 && <p className="cs-small">{step.more} more calls are not shown.</p>}
              <Reached states={step.reached} />
              {step.achieved.map(({ id, title }) => (
                <p key={id} className="cs-small">
                  A task was done: {title}
                </p>
              ))}
            </li>
          ))}
        </ol>
      )}
      {acted.cut && <p className="cs-small">What came after this step is on another branch.</p>}
      {acted.stopped && <p className="cs-small">{STOPS[acted.stopped]}</p>}
      <Reached states={acted.left} left />
    </>
  )
}

/** Tools that were called, with what, and what they answered. */
export function Calls({ calls }: { calls: readonly ToolUse[] }) {
  return calls.map(({ tool, arguments: given, result }, n) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: calls never change place
    <div key={n} className="cs-call">
      <p>
        <span className="cs-small">Called</span> <code className="cs-break">{tool}</code>
      </p>
      {given.trim() !== '' && given.trim() !== '{}' && <Text text={given} />}
      {result.length > LONG ? (
        <details>
          <summary className="cs-small">What the tool answered</summary>
          <Text text={result} />
        </details>
      ) : (
        <>
          <span className="cs-small">The tool answered</span>
          <Text text={result} />
        </>
      )}
    </div>
  ))
}

function Text({ text }: { text: string }) {
  return <pre className="cs-note">{text.length <= SHORT ? text : laidOut(text)}</pre>
}

/** States that must never be reached and were; `left`: that come about when the agent does nothing more. */
function Reached({ states, left = false }: { states: readonly StateRow[]; left?: boolean }) {
  return states.map(({ id, title, stage }) => (
    <p key={id} className="cs-reached">
      <b>{left ? 'Left alone, it comes to this, which must never be' : 'Reached, and must never be'}</b>{' '}
      {title}{' '}
      <span className="cs-small">
        <code>{id}</code>
        {stage !== undefined && `, stage ${stage}`}
      </span>
    </p>
  ))
}
