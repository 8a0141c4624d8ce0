import { Field, KeyValues, PageHead } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { type Comparison, custodyQuestions } from '../custody-data.ts'
import { Asked } from '../parts/asked.tsx'
import { SignedForm } from '../parts/signed-form.tsx'
import { useTitle } from '../parts/title.ts'

type Said = { secrets: string; atLeast: boolean; statement: string; gaps: string[] }
const PATH = '/weight-security/comparison'

/** Signs how the programme against insiders compares with that for the company's most valuable other secrets. */
export function ComparisonPage() {
  useTitle('Compare the programme')
  const found = useQuery(custodyQuestions.comparison)
  return (
    <>
      <PageHead
        title="Compare the programme"
        crumbs={[{ label: 'Alerts', href: '/console/alerts' }, { label: 'Compare' }]}
      >
        <p>
          The promise is that weights are protected from insiders at least as well as the company’s most
          valuable other secrets. Somebody who knows both has to say so, and sign it.
        </p>
      </PageHead>
      <Asked of={found}>{({ comparison }) => <Form before={comparison} />}</Asked>
    </>
  )
}

function Form({ before }: { before: Comparison | null }) {
  return (
    <SignedForm<Said>
      path={PATH}
      read={read}
      summary={(said) => <Compared said={said} />}
      done="/console/alerts"
    >
      {/* what was said before is where one begins; whether it still holds is asked anew */}
      {(kept) => <Fields words={kept ?? before} atLeast={kept?.atLeast} />}
    </SignedForm>
  )
}

function Fields({ words, atLeast }: { words: Said | Comparison | null; atLeast: boolean | undefined }) {
  return (
    <>
      <Field
        id="secrets"
        name="secrets"
        label="Compared with"
        hint="Which secrets, and what protects them from insiders."
        lines={3}
        value={words?.secrets ?? undefined}
        required
      />
      <fieldset className="cs-choices">
        <legend>Weights are protected</legend>
        {[
          { value: 'yes', label: 'at least as well' },
          { value: 'no', label: 'less well' },
        ].map(({ value, label }) => (
          <label key={value}>
            <input
              type="radio"
              name="atLeast"
              value={value}
              required
              defaultChecked={atLeast === (value === 'yes')}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <Field
        id="statement"
        name="statement"
        label="How they compare"
        hint="What you looked at, and what it told you."
        lines={5}
        value={words?.statement ?? undefined}
        required
      />
      <Field
        id="gaps"
        name="gaps"
        label="Where weights are protected less, if anywhere"
        hint="One respect on a line."
        lines={3}
        value={words?.gaps.join('\n')}
      />
    </>
  )
}

function read(form: FormData): Said {
  const text = (name: string): string => String(form.get(name) ?? '').trim()
  return {
    secrets: text('secrets'),
    atLeast: form.get('atLeast') === 'yes',
    statement: text('statement'),
    gaps: text('gaps')
      .split('\n')
      .map((gap) => gap.trim())
      .filter((gap) => gap !== ''),
  }
}

/** A comparison in words. */
export function Compared({ said }: { said: Omit<Said, 'secrets' | 'statement'> & Partial<Comparison> }) {
  const { secrets, atLeast, statement, gaps } = said
  return (
    <KeyValues
      pairs={[
        {
          term: 'Weights are protected',
          value: <b>{atLeast ? 'at least as well' : 'less well'}</b>,
        },
        { term: 'As', value: <span className="cs-text">{secrets ?? 'the words were erased'}</span> },
        { term: 'How', value: <span className="cs-text">{statement ?? 'the words were erased'}</span> },
        {
          term: 'Protected less in',
          value:
            gaps.length === 0
              ? 'nothing, as they say'
              : gaps.map((gap) => (
                  <span key={gap} className="cs-block">
                    {gap}
                  </span>
                )),
        },
      ]}
    />
  )
}
