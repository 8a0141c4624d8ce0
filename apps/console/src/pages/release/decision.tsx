import { Button, Disclosure, Field, KeyValues, Notice } from '@avouch/ui'
import { Dialog } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { type Begun, begin, finish } from '../../api.ts'
import type { Verdict } from '../../data.ts'
import { useAct } from '../../parts/act.tsx'
import { Problem } from '../../parts/asked.tsx'
import { useMay } from '../../parts/may.ts'

type Draft = Begun<{ statement: string; ready: boolean; waivers: string[] }>
type Choice = { decision: string; reason: string }

const words: Record<string, string> = { ship: 'Ship', hold: 'Hold' }

/** The decision that stands, and the way to make one. */
export function Decision({ verdict }: { verdict: Verdict }) {
  const may = useMay()
  const { decision } = verdict
  return (
    <section className="cs-stack" aria-labelledby="decision">
      <h2 id="decision" className="cs-side-title">
        Decision
      </h2>
      {decision ? (
        <KeyValues
          pairs={[
            { term: 'Decided', value: <b>{words[decision.decision]}</b> },
            { term: 'Because', value: decision.reason },
            {
              term: 'By',
              value:
                decision.decidedBy === 'person'
                  ? 'a person, by passkey'
                  : 'the command line, without a passkey',
            },
            { term: 'Gate then', value: decision.ready ? 'open' : 'closed' },
            { term: 'Evidence', value: <a href={`/console/evidence/${decision.id}`}>the signed record</a> },
          ]}
        />
      ) : (
        <p className="cs-soft">Nobody has decided yet.</p>
      )}
      {may('gate:decide') && <Decide verdict={verdict} />}
    </section>
  )
}

function Decide({ verdict }: { verdict: Verdict }) {
  const [open, setOpen] = useState(false)
  const [draft, setDraft] = useState<{ choice: Choice; begun: Draft }>()
  const path = `/releases/${encodeURIComponent(verdict.release)}/decision`
  const prepare = useAct(
    async (choice: Choice) => ({ choice, begun: await begin<Draft>(path, choice) }),
    setDraft,
  )
  const signing = useAct(
    (begun: Begun) => finish(path, begun),
    () => setOpen(false),
  )
  const change = (next: boolean) => {
    setOpen(next)
    setDraft(undefined)
    prepare.reset()
    signing.reset()
  }
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    prepare.mutate({ decision: String(form.get('decision')), reason: String(form.get('reason')) })
  }
  return (
    <Dialog.Root open={open} onOpenChange={change}>
      <Dialog.Trigger className="av-button" data-tone="primary">
        {verdict.decision ? 'Decide again' : 'Decide'}
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="cs-overlay" />
        <Dialog.Content className="cs-dialog">
          <Dialog.Title>{draft ? 'Read, then sign' : `Decide on ${verdict.release}`}</Dialog.Title>
          <Dialog.Description className="cs-soft">
            {draft
              ? 'Your passkey signs exactly this. It is recorded in the log and cannot be changed.'
              : 'You sign the decision with your passkey. It names this verdict by its digest.'}
          </Dialog.Description>
          {draft ? (
            <form
              className="cs-stack"
              onSubmit={(event) => {
                event.preventDefault()
                signing.mutate(draft.begun)
              }}
            >
              <Review {...draft} />
              {signing.error && <Problem error={signing.error} />}
              <div className="cs-acts">
                <Button tone="primary" disabled={signing.isPending}>
                  {signing.isPending ? 'Waiting for your passkey…' : 'Sign with your passkey'}
                </Button>
                <Dialog.Close className="av-button">Cancel</Dialog.Close>
              </div>
            </form>
          ) : (
            <form className="cs-stack" onSubmit={submit}>
              <fieldset className="cs-choices">
                <legend>Decision</legend>
                <label>
                  <input type="radio" name="decision" value="hold" required /> Hold: it does not ship
                </label>
                <label>
                  <input type="radio" name="decision" value="ship" required /> Ship
                  {verdict.ready ? '' : ', though the gate is closed'}
                </label>
              </fieldset>
              <Field
                id="decision-reason"
                name="reason"
                label="Reason"
                hint="Kept as evidence, sealed until somebody shows it."
                lines={4}
                required
              />
              {prepare.error && <Problem error={prepare.error} />}
              <div className="cs-acts">
                <Button tone="primary" disabled={prepare.isPending}>
                  Review
                </Button>
                <Dialog.Close className="av-button">Cancel</Dialog.Close>
              </div>
            </form>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

function Review({ choice, begun }: { choice: Choice; begun: Draft }) {
  return (
    <>
      <KeyValues
        pairs={[
          { term: 'Decision', value: <b>{words[choice.decision]}</b> },
          { term: 'Reason', value: choice.reason },
          { term: 'Gate', value: begun.ready ? 'open' : 'closed' },
        ]}
      />
      {begun.waivers.length > 0 && (
        <Notice
          tone="alert"
          title={`You waive ${begun.waivers.length} ${begun.waivers.length === 1 ? 'obligation' : 'obligations'}`}
        >
          <p>
            They are due before release and not met: {begun.waivers.join(', ')}. Your signature names them.
          </p>
        </Notice>
      )}
      <Disclosure summary="The exact Statement">
        <pre className="cs-note">{begun.statement}</pre>
      </Disclosure>
    </>
  )
}
