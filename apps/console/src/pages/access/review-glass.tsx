import { Button, Field, KeyValues } from '@avouch/ui'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { GLASS_OUTCOMES, type GlassOutcome, type WholeCase } from '../../access-data.ts'
import { begin } from '../../api.ts'
import { Problem } from '../../parts/asked.tsx'
import { ReadAndSign, type ToSign, useFocusBack } from '../../parts/signed.tsx'

type Found = { outcome: GlassOutcome; words: string }

/** Says of a broken glass whether it was justified, and signs that. */
export function ReviewGlass(props: { one: WholeCase; signed: () => void }) {
  const { id } = props.one
  const [kept, setKept] = useState<Found>()
  const prepare = useMutation({
    mutationFn: (found: Found) => begin<ToSign>(`/weight-security/break-glass/${id}/review`, found),
  })
  const form = useFocusBack(prepare.data !== undefined)
  if (prepare.data && kept)
    return (
      <ReadAndSign
        title="Read once more, then sign"
        path="/weight-security/reviews"
        begun={prepare.data}
        done={props.signed}
        back={prepare.reset}
      >
        <KeyValues
          pairs={[
            { term: 'Found', value: <b>{GLASS_OUTCOMES[kept.outcome]}</b> },
            { term: 'Why', value: <span className="cs-text">{kept.words}</span> },
          ]}
        />
      </ReadAndSign>
    )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const given = new FormData(event.currentTarget)
    const outcome: GlassOutcome = given.get('outcome') === 'justified' ? 'justified' : 'not-justified'
    const found = { outcome, words: String(given.get('words') ?? '') }
    setKept(found)
    prepare.mutate(found)
  }
  return (
    <form ref={form} tabIndex={-1} className="cs-stack cs-measure" onSubmit={submit}>
      <fieldset className="cs-choices">
        <legend>What you found</legend>
        {Object.entries(GLASS_OUTCOMES).map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name="outcome"
              value={value}
              required
              defaultChecked={kept?.outcome === value}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <Field
        id="glass-words"
        name="words"
        label="Why"
        hint="What you looked at, and what it told you. What was read stays read. Your signature ends what is left of the leases; changing a job is an act of its own."
        lines={4}
        value={kept?.words}
        required
      />
      {prepare.error && <Problem error={prepare.error} />}
      <div className="cs-acts">
        <Button tone="primary" disabled={prepare.isPending}>
          {prepare.isPending ? 'One moment…' : 'Read once more and sign'}
        </Button>
      </div>
    </form>
  )
}
