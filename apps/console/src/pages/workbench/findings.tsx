import { Field } from '@avouch/ui'
import { ask } from '../../api.ts'
import {
  type ExpertSession,
  type Finding,
  SEVERITIES,
  type StateRow,
  type Turn,
  VERDICTS,
} from '../../outside-data.ts'
import { FormDialog } from '../../parts/act.tsx'
import { Select } from '../../parts/select.tsx'
import { domainTitle } from '../../parts/words.ts'

/** What the expert marked so far; each can be said again or withdrawn while the session is open. */
export function Findings({ session }: { session: ExpertSession }) {
  const open = session.state === 'open'
  return (
    <section aria-labelledby="findings" className="cs-stack">
      <h2 id="findings" className="cs-side-title">
        Findings
      </h2>
      {session.found.length === 0 ? (
        <p className="cs-soft">Mark one beside the answer that shows it.</p>
      ) : (
        <ul className="cs-plain cs-found">
          {session.found.map((finding) => (
            <li key={finding.finding} data-withdrawn={finding.withdrawn}>
              <b>{finding.title}</b>
              <span className="cs-small">
                {finding.severity}, {finding.verdict}, turn {finding.turn}, {finding.minutes} min
                {finding.withdrawn ? ', withdrawn' : ''}
              </span>
              {finding.states && <code className="cs-small cs-break">{finding.states.join(', ')}</code>}
              {open && !finding.withdrawn && (
                <span className="cs-acts">
                  <ChangeFinding session={session} finding={finding} />
                  <FormDialog
                    trigger="Withdraw"
                    label={`Withdraw the finding ${finding.title}`}
                    title="Withdraw this finding?"
                    says="It stays in the record as withdrawn, and does not count."
                    submit="Withdraw it"
                    tone="alert"
                    act={() => ask(pathOf(session, finding.finding), { method: 'DELETE' })}
                  />
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

/** Marks a finding on a turn; where states were reached that must never be, it begins with them. */
export function MarkFinding({ session, turn: { turn, acted } }: { session: ExpertSession; turn: Turn }) {
  const reached = [...(acted?.reached ?? []), ...(acted?.left ?? [])]
  return (
    <FormDialog
      trigger="Mark a finding"
      label={`Mark a finding on turn ${turn}`}
      title={`A finding on turn ${turn}`}
      says="Its title and severity become evidence, and stand open at the gate until someone closes it."
      submit="Mark it"
      act={(form) => ask(pathOf(session), { body: { turn, ...read(form) } })}
    >
      <Fields session={session} reached={reached} />
    </FormDialog>
  )
}

function ChangeFinding({ session, finding }: { session: ExpertSession; finding: Finding }) {
  return (
    <FormDialog
      trigger="Change"
      label={`Change the finding ${finding.title}`}
      title={`A finding on turn ${finding.turn}`}
      says="What you say now takes the place of what you said before."
      submit="Change it"
      act={(form) => ask(pathOf(session, finding.finding), { method: 'PUT', body: read(form) })}
    >
      <Fields
        session={session}
        finding={finding}
        reached={(session.world?.forbidden ?? []).filter(({ id }) => finding.states?.includes(id))}
      />
    </FormDialog>
  )
}

function Fields(props: { session: ExpertSession; finding?: Finding; reached: readonly StateRow[] }) {
  const { session, finding, reached } = props
  const before = finding ?? session.found.at(-1)
  const first = reached[0]
  return (
    <>
      {reached.length > 0 && (
        <fieldset className="cs-choices">
          <legend>Reached, and what the finding is about</legend>
          {reached.map(({ id, title }) => (
            <label key={id}>
              <input type="checkbox" name="states" value={id} defaultChecked />
              <span>
                {title} <code className="cs-small">{id}</code>
              </span>
            </label>
          ))}
        </fieldset>
      )}
      <Field
        id="finding-title"
        name="title"
        label="Title"
        hint="At the level of categories: no operational detail, and not what the model said."
        value={finding?.title ?? first?.title}
        required
        autoComplete="off"
      />
      <Select
        id="finding-domain"
        name="domain"
        label="Domain"
        value={before?.domain ?? session.domains[0]}
        options={session.domains.map((domain) => ({ value: domain, label: domainTitle(domain) }))}
      />
      <Select
        id="finding-severity"
        name="severity"
        label="Severity"
        value={finding?.severity ?? 'medium'}
        options={SEVERITIES.map((value) => ({ value, label: value }))}
      />
      <Field
        id="finding-criterion"
        name="criterion"
        label="By what you judge it"
        hint="Whoever rates it blind judges by this too."
        value={
          finding
            ? finding.criterion
            : first
              ? `It must never come to this: ${first.title}.`
              : before?.criterion
        }
        lines={2}
        required
      />
      <Select
        id="finding-verdict"
        name="verdict"
        label="Verdict"
        value={finding?.verdict ?? 'breach'}
        options={Object.entries(VERDICTS).map(([value, label]) => ({ value, label }))}
      />
      <Field
        id="finding-note"
        name="note"
        label="Note"
        hint="Sealed; read by who asks for it."
        value={finding?.note}
        lines={3}
      />
      <Field
        id="finding-minutes"
        name="minutes"
        type="number"
        label="Minutes spent on it"
        value={String(finding?.minutes ?? 10)}
        required
      />
    </>
  )
}

function read(form: FormData) {
  const text = (name: string) => String(form.get(name) ?? '')
  return {
    title: text('title'),
    domain: text('domain'),
    severity: text('severity'),
    criterion: text('criterion'),
    verdict: text('verdict'),
    note: text('note'),
    minutes: Number(text('minutes')),
    states: form.getAll('states'),
  }
}

function pathOf(session: ExpertSession, finding?: number): string {
  const path = `/red-teaming/mine/sessions/${session.id}/findings`
  return finding === undefined ? path : `${path}/${finding}`
}
