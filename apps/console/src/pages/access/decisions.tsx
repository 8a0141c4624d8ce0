import { Button, KeyValues, Table } from '@avouch/ui'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { accessQuestions, type ReviewItem } from '../../access-data.ts'
import { begin } from '../../api.ts'
import { Problem } from '../../parts/asked.tsx'
import { More } from '../../parts/more.tsx'
import { PersonName, useNames } from '../../parts/person-name.tsx'
import { ReadAndSign, type ToSign, useFocusBack } from '../../parts/signed.tsx'
import { counted } from '../../parts/words.ts'

type Choice = { decision: 'keep' | 'remove'; words: string }
/** What one signature takes at most. */
const MOST = 500

/** Decides on people, each with a reason, and signs for all that were decided. Others may be left for later. */
export function Decisions(props: {
  review: string
  items: readonly ReviewItem[]
  /** Told what was signed, in words; then this is made anew. */
  signed: (words: string) => void
}) {
  const { review, items, signed } = props
  const [choices, setChoices] = useState<ReadonlyMap<string, Choice>>(new Map())
  // somebody else may have decided on a person meanwhile
  const decisions = items.flatMap(({ person }) => {
    const choice = choices.get(person)
    return choice ? [{ person, ...choice }] : []
  })
  const queries = useQueryClient()
  const lookAnew = () => queries.invalidateQueries({ queryKey: accessQuestions.review(review).queryKey })
  const prepare = useMutation({
    mutationFn: () => begin<ToSign>(`/weight-security/reviews/${review}`, { decisions }),
    onError: lookAnew,
  })
  const choose = (person: string, choice: Choice | undefined) => {
    const next = new Map(choices)
    if (choice) next.set(person, choice)
    else next.delete(person)
    setChoices(next)
  }
  const form = useFocusBack(prepare.data !== undefined)
  if (prepare.data)
    return (
      <ReadAndSign
        title="Read once more, then sign"
        path="/weight-security/reviews"
        begun={prepare.data}
        done={() => signed(`Signed: ${counted(decisions.length, 'person', 'people')} decided on.`)}
        back={() => {
          prepare.reset()
          void lookAnew()
        }}
      >
        <Table
          columns={[{ label: 'Person' }, { label: 'Decision' }, { label: 'Why' }]}
          rows={decisions.map(({ person, decision, words }) => ({
            key: person,
            cells: [
              <PersonName key="person" id={person} />,
              decision === 'keep' ? 'keeps access' : <b key="decision">access is taken away at once</b>,
              words,
            ],
          }))}
        />
      </ReadAndSign>
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    prepare.mutate()
  }
  return (
    <form ref={form} tabIndex={-1} className="cs-stack" onSubmit={submit}>
      <More rows={items} what="people">
        {(shown) =>
          shown.map((item) => (
            <OnePerson
              key={item.person}
              item={item}
              choice={choices.get(item.person)}
              choose={(choice) => choose(item.person, choice)}
            />
          ))
        }
      </More>
      {prepare.error && <Problem error={prepare.error} />}
      <div className="cs-acts">
        <Button
          tone="primary"
          disabled={prepare.isPending || decisions.length === 0 || decisions.length > MOST}
        >
          {prepare.isPending ? 'One moment…' : 'Read once more and sign'}
        </Button>
        <span role="status" className="cs-small">
          {decisions.length > MOST
            ? `One signature is for ${MOST} people at most: leave some for later.`
            : `${decisions.length} of ${items.length} decided`}
        </span>
      </div>
    </form>
  )
}

function OnePerson(props: {
  item: ReviewItem
  choice: Choice | undefined
  choose: (choice: Choice | undefined) => void
}) {
  const { person, access } = props.item
  const { choice, choose } = props
  const name = useNames()(person)
  const option = (label: string, decision?: Choice['decision']) => (
    <label>
      <input
        type="radio"
        name={`decision-${person}`}
        checked={choice?.decision === decision}
        onChange={() => choose(decision && { decision, words: choice?.words ?? '' })}
      />
      <span>{label}</span>
    </label>
  )
  return (
    <fieldset className="cs-person">
      <legend>{name}</legend>
      <KeyValues
        pairs={[
          { term: 'Team', value: access.team },
          { term: 'Job functions', value: access.functions.join(', ') || 'none' },
          { term: 'Projects', value: access.projects.join(', ') || 'none' },
          { term: 'Environments', value: access.environments.join(', ') || 'none' },
          { term: 'Leases', value: `${access.leases} when the review was opened` },
        ]}
      />
      <div className="cs-options">
        {option('Keeps access', 'keep')}
        {option('Take it away', 'remove')}
        {option('Later')}
      </div>
      {choice && (
        <div className="av-field">
          <label htmlFor={`words-${person}`}>Why</label>
          <span className="av-hint" id={`words-${person}-hint`}>
            {choice.decision === 'keep'
              ? 'What their work needs it for.'
              : 'Their job functions, projects and environments go, and their leases end, once you sign.'}
          </span>
          <textarea
            id={`words-${person}`}
            className="av-input"
            rows={2}
            required
            maxLength={2000}
            value={choice.words}
            aria-describedby={`words-${person}-hint`}
            onChange={(event) => choose({ ...choice, words: event.currentTarget.value })}
          />
        </div>
      )}
    </fieldset>
  )
}
