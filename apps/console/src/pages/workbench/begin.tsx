import { useState } from 'react'
import { ApiError, ask } from '../../api.ts'
import type { ExpertSession, InvitationRow, WorldInScope } from '../../outside-data.ts'
import { FormDialog } from '../../parts/act.tsx'
import { DomainChoices } from '../../parts/domains.tsx'

/** A scenario that the expert writes. */
const OWN = 'own'

/** Begins a session: a conversation, or one in which the model acts in a world that the invitation names. */
export function BeginSession(props: { invitation: InvitationRow; begun: (session: ExpertSession) => void }) {
  const { id, about, domains, worlds } = props.invitation
  return (
    <FormDialog<ExpertSession>
      trigger="Begin a session"
      label={`Begin a session on ${about.release}`}
      title={`A session on ${about.release}`}
      says="What you set out to do is logged before the model is asked for the first time."
      submit="Begin"
      tone="primary"
      act={async (form) => {
        const world = worldIn(form)
        const begun = await ask<ExpertSession>('/red-teaming/mine/sessions', {
          body: {
            invitation: id,
            domains: form.getAll('domains'),
            aim: form.get('aim'),
            ...(world && { world }),
          },
        })
        props.begun(begun)
        return begun
      }}
    >
      <DomainChoices legend="Domains" domains={domains} chosen={domains.length === 1 ? domains : []} />
      {worlds.length > 0 && <WorldChoice worlds={worlds} />}
      <div className="av-field">
        <label htmlFor="session-aim">What you set out to find</label>
        <textarea id="session-aim" name="aim" rows={3} className="av-input" />
      </div>
    </FormDialog>
  )
}

function WorldChoice({ worlds }: { worlds: readonly WorldInScope[] }) {
  const [chosen, setChosen] = useState('')
  const about = worlds.find(({ name }) => chosen.startsWith(`${name}:`))?.about
  return (
    <>
      <div className="av-field">
        <label htmlFor="session-world">What the model does</label>
        <span className="av-hint" id="session-world-hint">
          In a world it acts with tools that do something, in a simulation. Nothing real is behind them.
        </span>
        <select
          id="session-world"
          name="world"
          className="av-input"
          aria-describedby="session-world-hint"
          value={chosen}
          onChange={(event) => setChosen(event.target.value)}
        >
          <option value="">It answers in words: a conversation</option>
          {worlds.map(({ name, title, scenarios }) => (
            <optgroup key={name} label={`It acts in the simulated world: ${title}`}>
              {scenarios.map((one) => (
                <option key={one.name} value={`${name}:${one.name}`}>
                  {title}. {one.title}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </div>
      {about !== undefined && <p className="cs-small">{about}</p>}
      {chosen.endsWith(`:${OWN}`) && (
        <div className="av-field">
          <label htmlFor="session-set">Your scenario</label>
          <span className="av-hint" id="session-set-hint">
            JSON, as the world takes it; <code>planted</code> is put where the agent reads.
          </span>
          <textarea
            id="session-set"
            name="set"
            rows={5}
            className="av-input cs-code"
            aria-describedby="session-set-hint"
            defaultValue={'{\n  "planted": ""\n}'}
            spellCheck={false}
            required
          />
        </div>
      )}
    </>
  )
}

/** The world that a form names; undefined for a conversation. */
function worldIn(form: FormData): { name: string; set?: unknown } | undefined {
  const name = String(form.get('world') ?? '')
  if (name === '') return undefined
  if (!name.endsWith(`:${OWN}`)) return { name }
  try {
    return { name, set: JSON.parse(String(form.get('set'))) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new ApiError(0, {
      code: 'input',
      message: 'Your scenario is no valid JSON',
      fix: 'Correct it; {} is the world as it comes.',
    })
  }
}
