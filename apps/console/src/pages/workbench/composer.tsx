import { Button } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useState } from 'react'
import { ask } from '../../api.ts'
import { type ExpertSession, outside, type Turn, type TurnLine } from '../../outside-data.ts'
import { useAct } from '../../parts/act.tsx'
import { Problem } from '../../parts/asked.tsx'

/** What is being written where it does not simply go on: from which turn, or step of it, and with what to begin. */
export type Writing = {
  parent: number | undefined
  step?: number | undefined
  message: string
  system?: string
}

type Place = Pick<Writing, 'parent' | 'step'>

/**
 * Where the next message goes when nothing else was chosen. From a turn that failed nothing can go on, but from the last
 * step that an agent took in it; else its message may be sent again from where it began.
 */
function placeAfter(last: TurnLine | undefined): Place {
  if (!last) return { parent: undefined }
  if (last.state === 'answered') return { parent: last.turn }
  if (last.state !== 'pending' && last.steps > 0) return { parent: last.turn, step: last.steps }
  return { parent: last.parent ?? undefined, step: last.fromStep ?? undefined }
}

/** Where the next message is written. Ctrl or Cmd with Enter sends it. */
export function Composer(props: {
  box: RefObject<HTMLTextAreaElement | null>
  session: ExpertSession
  at: number | undefined
  writing: Writing | undefined
  change: (writing: Writing | undefined) => void
  sent: (turn: Turn) => void
  /** Shows a turn whose answer is under way. */
  show: (turn: number) => void
  begin: () => void
}) {
  const { box, session, at, writing, change, sent, show, begin } = props
  const [temperature, setTemperature] = useState('')
  const [steps, setSteps] = useState('')
  const { parent, step } = writing ?? placeAfter(session.tree.find(({ turn }) => turn === at))
  const first = parent === undefined
  // An agent that stands between two steps can be let go on without a word.
  const wordless = step !== undefined || (session.tree.find(({ turn }) => turn === parent)?.stopped ?? false)
  const sending = useAct(
    (body: object) => ask<Turn>(`/red-teaming/mine/sessions/${session.id}/turns`, { body }),
    (turn) => {
      sent(turn)
      box.current?.focus()
    },
  )
  const now: Writing = writing ?? { parent, step, message: '' }
  const empty = now.message.trim() === ''
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (sending.isPending || (empty && !wordless)) return
    sending.mutate({
      ...(!empty && { message: now.message }),
      ...(parent !== undefined && { parent }),
      ...(step !== undefined && { step }),
      ...(session.world && steps.trim() !== '' && { steps: Number(steps) }),
      ...(first && now.system !== undefined && now.system.trim() !== '' && { system: now.system }),
      ...(temperature.trim() !== '' && { temperature: Number(temperature) }),
    })
  }
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
  }
  const begins = session.world ? 'Begins anew, in the world as it was.' : 'Begins a new conversation.'
  return (
    <form className="cs-composer" onSubmit={submit} aria-label="Your message">
      <p className="cs-small" id="composer-place">
        {first ? begins : `Goes on from ${step === undefined ? '' : `step ${step} of `}turn ${parent}.`} Turn{' '}
        {session.tree.filter(({ state }) => state !== 'pending').length + 1} of {session.limits.turns} at
        most.
        {wordless && ' Without a message, the agent goes on as it was.'}
      </p>
      {first && session.systemPrompt && (
        <div className="av-field">
          <label htmlFor="composer-system">System prompt, if any</label>
          <textarea
            id="composer-system"
            rows={2}
            className="av-input"
            value={now.system ?? ''}
            onChange={(event) => change({ ...now, system: event.target.value })}
          />
        </div>
      )}
      <div className="av-field">
        <label htmlFor="composer-message">Message</label>
        <textarea
          id="composer-message"
          ref={box}
          rows={4}
          className="av-input"
          aria-describedby="composer-place composer-keys"
          value={now.message}
          onChange={(event) => change({ ...now, message: event.target.value })}
          onKeyDown={keys}
        />
      </div>
      {sending.error && <Problem error={sending.error} />}
      <div className="cs-acts">
        <Button tone="primary" disabled={sending.isPending}>
          {wordless && empty ? 'Let it go on' : 'Send'}
        </Button>
        <span className="cs-small" id="composer-keys">
          or Ctrl + Enter
        </span>
        {!first && (
          <button type="button" className="cs-link" onClick={begin}>
            New conversation
          </button>
        )}
        {session.world && (
          <Small
            id="composer-steps"
            label="Steps at most"
            max={session.world.limits.steps}
            min={1}
            step={1}
            placeholder={String(session.world.limits.steps)}
            value={steps}
            change={setSteps}
          />
        )}
        <Small
          id="composer-temperature"
          label="Temperature"
          min={0}
          max={2}
          step={0.1}
          placeholder="as set"
          value={temperature}
          change={setTemperature}
        />
      </div>
      <p className="cs-status cs-small" role="status">
        {sending.isPending && <Waited session={session} show={show} />}
        {sending.isSuccess && !sending.isPending && `Turn ${sending.data.turn}: ${told(sending.data)}`}
      </p>
    </form>
  )
}

function told(turn: Turn): string {
  if (turn.state !== 'answered') return turn.problem ?? 'recorded.'
  const reached = turn.acted?.steps.flatMap((step) => step.reached) ?? []
  const came =
    reached.length > 0
      ? ` It reached what must never be: ${reached.map(({ title }) => title).join('; ')}.`
      : ''
  return `${turn.answer ? 'answered' : 'stopped'} and recorded.${came}`
}

/** A small number beside the button. */
function Small(props: {
  id: string
  label: string
  min: number
  max: number
  step: number
  placeholder: string
  value: string
  change: (value: string) => void
}) {
  const { label, change, ...input } = props
  return (
    <div className="cs-temperature">
      <label htmlFor={input.id} className="cs-small">
        {label}
      </label>
      <input type="number" className="av-input" {...input} onChange={(event) => change(event.target.value)} />
    </div>
  )
}

/** How long the model has been answering, and how far an agent has come. */
function Waited({ session, show }: { session: ExpertSession; show: (turn: number) => void }) {
  const [seconds, setSeconds] = useState(0)
  const now = useQuery({
    ...outside.ownSession(session.id),
    enabled: session.world !== null,
    refetchInterval: 2000,
  })
  useEffect(() => {
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000)
    return () => clearInterval(timer)
  }, [])
  const pending = now.data?.tree.find(({ state }) => state === 'pending')
  const turn = pending?.turn
  useEffect(() => {
    if (turn !== undefined) show(turn)
  }, [turn, show])
  const done = pending?.steps ?? 0
  return (
    <>
      {session.world ? 'The agent acts' : 'The model is answering'}; your message is recorded.{' '}
      {done > 0 && `${done} steps so far. `}
      <span aria-hidden="true">{seconds > 2 ? `${seconds} s` : ''}</span>
    </>
  )
}
