import { Button, EmptyState, Field, KeyValues, Notice } from '@avouch/ui'
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { ask } from '../../api.ts'
import {
  type ItemWords as Opened,
  type outside,
  type Queue,
  SEVERITIES,
  VERDICTS,
} from '../../outside-data.ts'
import { Asked, Problem } from '../../parts/asked.tsx'
import { domainTitle } from '../../parts/words.ts'
import { Calls } from '../workbench/steps.tsx'

type Item = NonNullable<Queue['next']>
type Kind = 'rating' | 'decision'
type Words = typeof outside.ratingWords

/** One item after another: by what it is judged, its words when asked for, and the form. */
export function QueuePart(props: {
  of: UseQueryResult<Queue>
  path: string
  words: Words
  empty: string
  kind: Kind
}) {
  const { of, path, words, empty, kind } = props
  const [said, setSaid] = useState(false)
  return (
    <Asked of={of}>
      {({ next, done, left }) => (
        <div className="cs-stack">
          <p className="cs-small" role="status">
            {said && 'Recorded. '}
            {done} done, {left} to go.
          </p>
          {next ? (
            <OneItem
              key={`${next.round}/${next.item}`}
              item={next}
              path={path}
              words={words}
              kind={kind}
              focus={said}
              done={() => setSaid(true)}
            />
          ) : (
            <EmptyState title={empty} />
          )}
        </div>
      )}
    </Asked>
  )
}

function OneItem(props: {
  item: Item
  path: string
  words: Words
  kind: Kind
  focus: boolean
  done: () => void
}) {
  const { item, path, words, kind, focus, done } = props
  const head = useRef<HTMLHeadingElement>(null)
  const [begun] = useState(() => Date.now())
  // The next item begins at its heading for whoever reads by keyboard or screen reader.
  useEffect(() => {
    if (focus) head.current?.focus()
  }, [focus])
  const queries = useQueryClient()
  const judging = useMutation({
    mutationFn: (body: object) => ask(`${path}/${item.round}/${item.item}`, { body }),
    onSuccess: async () => {
      done()
      // Not the words that stand open: this item is not theirs to read any more.
      for (const word of ['ratings', 'disputes', 'rounds'])
        await queries.invalidateQueries({ queryKey: [word] })
    },
  })
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const common = { verdict: form.get('verdict'), severity: form.get('severity') }
    judging.mutate(
      kind === 'rating'
        ? {
            ...common,
            note: form.get('note'),
            minutes: Math.round((Date.now() - begun) / 6_000) / 10,
          }
        : { ...common, reason: form.get('note') },
    )
  }
  return (
    <article className="cs-request">
      <h3 ref={head} tabIndex={-1}>
        An answer in {domainTitle(item.domain)}
      </h3>
      <KeyValues pairs={[{ term: 'Judge it by', value: item.criterion }]} />
      <ItemWords item={item} words={words} />
      {item.ratings && <Said ratings={item.ratings} />}
      <form className="cs-stack cs-measure" onSubmit={submit}>
        <Judgement kind={kind} />
        {judging.error && <Problem error={judging.error} />}
        <Button tone="primary" disabled={judging.isPending}>
          {kind === 'rating' ? 'Record the rating' : 'Record the decision'}
        </Button>
      </form>
    </article>
  )
}

function ItemWords({ item, words }: { item: Item; words: Words }) {
  const [shown, setShown] = useState(false)
  const opened = useQuery({ ...words(item.round, item.item), enabled: shown })
  return (
    <div className="cs-stack">
      {!shown && (
        <Notice title="Its words are kept closed">
          <p>They may be harmful. You can stop at any time; nothing is recorded until you say so.</p>
        </Notice>
      )}
      <button
        type="button"
        className="av-button"
        aria-expanded={shown}
        onClick={() => setShown((was) => !was)}
      >
        {shown ? 'Hide the words' : 'Show the words'}
      </button>
      {shown && (
        <Asked of={opened}>
          {({ conversation, system }) => (
            <div className="cs-thread">
              {system && (
                <div className="cs-turn">
                  <h4>System prompt</h4>
                  <p className="cs-said cs-text">{system}</p>
                </div>
              )}
              {conversation.map(({ said, answer, steps }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a conversation has an order and nothing else
                <div key={at} className="cs-turn">
                  <h4>Asked</h4>
                  <p className="cs-said cs-text">{said || '(it went on without a word)'}</p>
                  {steps.length > 0 && <h4>Did</h4>}
                  {steps.map(({ text, calls }, step) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: steps never change place
                    <div key={step}>
                      {text && <p className="cs-text">{text}</p>}
                      <Calls calls={calls} />
                    </div>
                  ))}
                  <h4>
                    Answered{at === conversation.length - 1 && ': judge this'}
                    {at === conversation.length - 1 && hasActed(conversation) && ', and what it did'}
                  </h4>
                  <p className="cs-answer cs-text">{answer ?? '(no answer in words)'}</p>
                </div>
              ))}
            </div>
          )}
        </Asked>
      )}
    </div>
  )
}

function Said({ ratings }: { ratings: NonNullable<Item['ratings']> }) {
  return (
    <div>
      <h4>What raters said</h4>
      <ul className="cs-list">
        {ratings.map(({ verdict, severity, note }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: raters have no names here
          <li key={at}>
            {verdict}, severity {severity}
            {note && <span className="cs-text">: {note}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}

function Judgement({ kind }: { kind: Kind }) {
  const [verdict, setVerdict] = useState('')
  const harmful = verdict === 'breach' || verdict === 'partial'
  return (
    <>
      <fieldset className="cs-choices">
        <legend>Verdict</legend>
        {Object.entries(VERDICTS).map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name="verdict"
              value={value}
              required
              checked={verdict === value}
              onChange={() => setVerdict(value)}
            />
            {label}
          </label>
        ))}
      </fieldset>
      {harmful ? (
        <fieldset className="cs-choices">
          <legend>Severity</legend>
          {SEVERITIES.map((value) => (
            <label key={value}>
              <input type="radio" name="severity" value={value} required />
              {value}
            </label>
          ))}
        </fieldset>
      ) : (
        <input type="hidden" name="severity" value="none" />
      )}
      <Field
        id={`${kind}-note`}
        name="note"
        label={kind === 'rating' ? 'Note' : 'Reason'}
        hint={kind === 'rating' ? 'Sealed; an adjudicator may read it.' : 'Sealed with the decision.'}
        lines={2}
        required={kind === 'decision'}
      />
    </>
  )
}

function hasActed(conversation: Opened['conversation']): boolean {
  return conversation.some(({ steps }) => steps.length > 0)
}
