import { Field, KeyValues, PageHead } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { type Custody, custodyQuestions, nameOf, STEPS, type StepKind } from '../custody-data.ts'
import { Asked } from '../parts/asked.tsx'
import { SignedForm } from '../parts/signed-form.tsx'
import { useTitle } from '../parts/title.ts'

type Draft = { step: StepKind; in: string[]; out?: string[]; note?: string }

const WORDS: Record<StepKind, string> = {
  train: 'train: made by training',
  import: 'import: came from outside',
  quantise: 'quantise: made out of one, in fewer bits',
  merge: 'merge: made out of two or more',
  copy: 'copy: every byte as it is, elsewhere',
  deploy: 'deploy: every byte as it is, into use',
  retire: 'retire: not to be used any more',
}
const takesNothing = (step: StepKind): boolean => step === 'import'
const givesNothing = (step: StepKind): boolean => step === 'copy' || step === 'deploy' || step === 'retire'

/** Records a step of weights on their way, signed by who answers for it. */
export function CustodyStep() {
  const { model } = useParams({ from: '/inside/weights/$model/step' })
  useTitle('A step of custody')
  const custody = useQuery(custodyQuestions.custody(model))
  return (
    <>
      <PageHead
        title="A step of custody"
        crumbs={[
          { label: 'Weights', href: '/console/weights' },
          { label: model, href: `/console/weights/${encodeURIComponent(model)}` },
          { label: 'A step' },
        ]}
      >
        <p>
          Say what happened to weights of {model}, and sign that you answer for it. What is signed stands for
          good; a wrong step can only be taken back.
        </p>
      </PageHead>
      <Asked of={custody}>{(found) => <Form custody={found} />}</Asked>
    </>
  )
}

function Form({ custody }: { custody: Custody }) {
  const address = encodeURIComponent(custody.release)
  const [step, setStep] = useState<StepKind>('deploy')
  return (
    <SignedForm<Draft>
      path={`/weight-security/custody/${address}/steps`}
      read={(form) => read(form, step)}
      summary={(draft) => <Summary draft={draft} custody={custody} />}
      done={`/console/weights/${address}`}
    >
      {(kept) => (
        <>
          <div className="av-field">
            <label htmlFor="step">What was done</label>
            <select
              id="step"
              className="av-input"
              value={step}
              onChange={(event) => setStep(STEPS.find((one) => one === event.currentTarget.value) ?? step)}
            >
              {STEPS.map((one) => (
                <option key={one} value={one}>
                  {WORDS[one]}
                </option>
              ))}
            </select>
          </div>
          {!takesNothing(step) && <WentIn custody={custody} kept={kept} />}
          {!givesNothing(step) && (
            <Field
              id="out"
              name="out"
              label="What came out"
              hint="SHA-256 of each file, 64 hexadecimal digits, one on a line. sha256sum prints it."
              lines={3}
              value={kept?.out?.join('\n')}
              required
            />
          )}
          <Field
            id="note"
            name="note"
            label="Note, if any"
            hint={step === 'import' ? 'Where it came from.' : 'Where to, with what, because of what.'}
            lines={2}
            value={kept?.note}
          />
        </>
      )}
    </SignedForm>
  )
}

/** What is known of the release to choose from, and a place for other digests. */
function WentIn({ custody: { nodes }, kept }: { custody: Custody; kept: Draft | undefined }) {
  const known = new Set(nodes.map(({ digest }) => digest))
  return (
    <>
      {nodes.length > 0 && (
        <fieldset className="cs-choices">
          <legend>What went in</legend>
          {nodes.map((node) => (
            <label key={node.digest}>
              <input
                type="checkbox"
                name="in"
                value={node.digest}
                defaultChecked={kept?.in.includes(node.digest)}
              />
              <span className="cs-name">
                {nameOf(node)} <code className="cs-small">{node.digest.slice(0, 12)}</code>
                {node.retired && ', retired'}
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <Field
        id="others"
        name="others"
        label={nodes.length > 0 ? 'Other weights that went in' : 'What went in'}
        hint="SHA-256 of each file, one on a line."
        lines={2}
        value={kept?.in.filter((digest) => !known.has(digest)).join('\n')}
      />
    </>
  )
}

const digestsIn = (text: FormDataEntryValue | null): string[] =>
  String(text ?? '')
    .split(/[\s,;]+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/^sha256:/, '').toLowerCase())

function read(form: FormData, step: StepKind): Draft {
  const note = String(form.get('note') ?? '').trim()
  return {
    step,
    in: takesNothing(step) ? [] : [...form.getAll('in').map(String), ...digestsIn(form.get('others'))],
    ...(!givesNothing(step) && { out: digestsIn(form.get('out')) }),
    ...(note !== '' && { note }),
  }
}

function Summary({ draft, custody: { release, nodes } }: { draft: Draft; custody: Custody }) {
  const list = (digests: readonly string[]) =>
    digests.map((digest) => {
      const node = nodes.find((one) => one.digest === digest)
      return (
        <span key={digest} className="cs-block cs-name">
          {node && `${nameOf(node)} `}
          <code className="cs-small">{digest}</code>
        </span>
      )
    })
  return (
    <KeyValues
      pairs={[
        { term: 'Release', value: release },
        { term: 'What was done', value: <b>{WORDS[draft.step]}</b> },
        { term: 'Went in', value: draft.in.length > 0 ? list(draft.in) : undefined },
        { term: 'Came out', value: draft.out ? list(draft.out) : undefined },
        { term: 'Note', value: draft.note },
      ]}
    />
  )
}
