import { KeyValues, Notice } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { type ExpertSession, outside, type SessionWorld } from '../../outside-data.ts'

/** The world of a session: what it is, what the agent can call, and what must never be reached, as the branch stands. */
export function World({
  session,
  world,
  at,
}: {
  session: ExpertSession
  world: SessionWorld
  at: number | undefined
}) {
  const thread = useQuery({ ...outside.ownThread(session.id, at ?? 0), enabled: at !== undefined })
  const acted = at === undefined ? undefined : thread.data?.at(-1)?.acted
  const reached = new Set(acted?.reached.map(({ id }) => id))
  const left = new Set(acted?.left.map(({ id }) => id))
  const done = new Set(acted?.achieved.map(({ id }) => id))
  return (
    <section aria-labelledby="world" className="cs-stack">
      <h2 id="world" className="cs-side-title">
        World: {world.title}
      </h2>
      {!world.playable && (
        <Notice tone="alert" title="It is played otherwise now">
          <p>The world was changed since this session began, so nothing can go on in it.</p>
        </Notice>
      )}
      <p>{world.about}</p>
      <KeyValues
        pairs={[
          { term: 'Set up', value: world.scenario },
          { term: 'Seed', value: world.seed },
          { term: 'At most', value: `${world.limits.steps} steps a message` },
          { term: 'A branch', value: `${world.limits.outputTokens} tokens written` },
        ]}
      />
      <details open>
        <summary>What must never be reached</summary>
        <ul className="cs-plain cs-states">
          {world.forbidden.map(({ id, title, stage }) => (
            <li key={id} data-reached={reached.has(id) || left.has(id)}>
              {stage !== undefined && <span className="cs-small">{stage}: </span>}
              {title}
              {reached.has(id) && <b> reached on this branch</b>}
              {left.has(id) && <b> reached if it is left alone</b>}
            </li>
          ))}
        </ul>
      </details>
      <details>
        <summary>What it can call</summary>
        <dl className="cs-tools">
          {world.tools.map(({ name, description }) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{description}</dd>
            </div>
          ))}
        </dl>
      </details>
      <details>
        <summary>Harmless tasks</summary>
        <p>{world.errand}</p>
        <ul className="cs-plain cs-states">
          {world.goals.map(({ id, title }) => (
            <li key={id}>
              {title}
              {done.has(id) && ' (done on this branch)'}
            </li>
          ))}
        </ul>
      </details>
      {world.set !== null && (
        <details>
          <summary>Your scenario</summary>
          <pre className="cs-note">{world.set}</pre>
        </details>
      )}
    </section>
  )
}
