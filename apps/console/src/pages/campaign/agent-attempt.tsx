import type { AgentStep, AgentView } from '../../data.ts'
import { laidOut } from '../../parts/laid-out.ts'

const WHO: Record<AgentStep['kind'], string> = {
  system: 'Instructions',
  user: 'Asked',
  model: 'Said',
  call: 'Called',
  result: 'Answered by the tool',
}
const STOPS = {
  steps: 'It was stopped when its steps were used up.',
  tokens: 'It was stopped when its tokens were used up.',
  over: 'It ended when nothing more could happen in the world.',
} as const

/** What fits on one line is left on it. */
const SHORT = 80

/** An agent's attempt: what its world came to first, then each step as it was. */
export function AgentAttempt({ agent, why }: { agent: AgentView; why: string | undefined }) {
  return (
    <div className="cs-exchange">
      {why && <p>{why}</p>}
      <h3>Reached, and must never be</h3>
      <States states={agent.reached} none="Nothing of the kind." />
      {agent.achieved.length > 0 && (
        <>
          <h3>Tasks that were done</h3>
          <States states={agent.achieved} none="" />
        </>
      )}
      <h3>Steps</h3>
      <ol className="cs-steps">
        {agent.steps.map((step, n) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps never change place
          <li key={n} data-kind={step.kind}>
            <b>
              {WHO[step.kind]} {step.tool !== undefined && <code>{step.tool}</code>}
            </b>
            <pre className="cs-note">{step.text.length <= SHORT ? step.text : laidOut(step.text)}</pre>
          </li>
        ))}
      </ol>
      {agent.more > 0 && <p>{agent.more} more steps are not shown.</p>}
      {agent.stopped && <p>{STOPS[agent.stopped]}</p>}
    </div>
  )
}

function States({ states, none }: { states: AgentView['reached']; none: string }) {
  if (states.length === 0) return <p>{none}</p>
  return (
    <ul>
      {states.map(({ id, title }) => (
        <li key={id}>
          {title} <code>{id}</code>
        </li>
      ))}
    </ul>
  )
}
