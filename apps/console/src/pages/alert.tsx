import { Field, KeyValues, Notice, PageHead, Section } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { EvidenceLink } from '../parts/evidence-link.tsx'
import { PersonName } from '../parts/person-name.tsx'
import { Select } from '../parts/select.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { type AlertPage as Alert, actOnAlert, weightQuestions } from '../weights-data.ts'
import { OUTCOMES } from './alerts/outcomes.ts'
import { Timeline } from './alerts/timeline.tsx'

/** One alert: why it was raised, what its people did around it, and what was done about it. */
export function AlertPage() {
  const { id } = useParams({ from: '/inside/alerts/$id' })
  useTitle('Alert')
  const alert = useQuery(weightQuestions.alert(id))
  return (
    <>
      <PageHead
        title="Alert"
        crumbs={[{ label: 'Alerts', href: '/console/alerts' }, { label: `…${id.slice(-6)}` }]}
      />
      <Asked of={alert}>{(found) => <Shown alert={found} />}</Asked>
    </>
  )
}

function Shown({ alert }: { alert: Alert }) {
  const { people, reasons, timeline, acts } = alert
  return (
    <>
      <ul className="cs-reasons">
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
      <div className="cs-stack">
        <KeyValues
          pairs={[
            {
              term: 'About',
              value: people.map((id, i) => (
                <span key={id}>
                  {i > 0 && ', '}
                  <PersonName id={id} />
                </span>
              )),
            },
            { term: 'Model', value: alert.model ?? 'none named' },
            { term: 'Raised at', value: <Moment at={alert.time} /> },
            {
              term: 'Window',
              value: (
                <>
                  <Moment at={alert.window.from} /> to <Moment at={alert.window.to} />
                </>
              ),
            },
            {
              term: 'Rarity',
              value: `${alert.score.toFixed(1)} (2 is about once a day, 3 once in ten days)`,
            },
            {
              term: 'State',
              value: alert.outcome === null ? alert.state : `closed: ${OUTCOMES[alert.outcome]}`,
            },
            {
              term: 'Evidence',
              value: (
                <>
                  <EvidenceLink id={alert.runEvidence} />{' '}
                  {alert.evidence !== null && <EvidenceLink id={alert.evidence} />}
                </>
              ),
            },
          ]}
        />
        {alert.unlinked.length > 0 && alert.state !== 'closed' && <Unlinked names={alert.unlinked} />}
        {alert.state !== 'closed' && <Acts alert={alert} />}
      </div>
      <Section title="What happened" id="timeline">
        <Timeline steps={timeline} people={people} />
      </Section>
      <Section title="What was done about it" id="acts">
        {acts.length === 0 ? (
          <p>Nothing yet.</p>
        ) : (
          <ol className="cs-steps">
            {acts.map(({ act, by, words, at }) => (
              <li key={`${at} ${act}`}>
                <Moment at={at} />: {act} by <PersonName id={by} />
                {words !== null && <p className="cs-text">{words}</p>}
              </li>
            ))}
          </ol>
        )}
      </Section>
    </>
  )
}

function Unlinked({ names }: { names: readonly string[] }) {
  return (
    <Notice title="Nobody here is known by these names">
      <p>
        {names.map((name, i) => (
          <span key={name}>
            {i > 0 && ', '}
            <a href={`/console/alerts/identities?${new URLSearchParams({ name })}`}>{name}</a>
          </span>
        ))}
        . Whoever goes by one could decide on this alert themselves: link it first, where it is somebody’s.
      </p>
    </Notice>
  )
}

const wordsIn = (form: FormData): string => String(form.get('words') ?? '')

function Acts({ alert: { id, state } }: { alert: Alert }) {
  return (
    <div className="cs-acts">
      {state === 'open' && (
        <FormDialog
          trigger="Acknowledge"
          title="Acknowledge this alert"
          says="That you have seen it and will look into it."
          submit="Acknowledge"
          act={(form) => actOnAlert(id, { act: 'acknowledge', words: wordsIn(form) || undefined })}
        >
          <Field id="ack-words" name="words" label="Note, if any" lines={3} />
        </FormDialog>
      )}
      <FormDialog
        trigger="Explain"
        title="Add an explanation"
        says="What is known about it, for whoever decides."
        submit="Add"
        act={(form) => actOnAlert(id, { act: 'explain', words: wordsIn(form) })}
      >
        <Field id="explain-words" name="words" label="Explanation" lines={4} required />
      </FormDialog>
      {state !== 'escalated' && (
        <FormDialog
          trigger="Escalate"
          title="Escalate this alert"
          says="It needs more than the one who looks into it."
          submit="Escalate"
          tone="alert"
          act={(form) => actOnAlert(id, { act: 'escalate', words: wordsIn(form) })}
        >
          <Field id="escalate-words" name="words" label="Why" lines={3} required />
        </FormDialog>
      )}
      <FormDialog
        trigger="Close"
        title="Close this alert"
        says="What it turned out to be counts for the precision that the report states."
        submit="Close"
        tone="primary"
        act={(form) =>
          actOnAlert(id, { act: 'close', words: wordsIn(form), outcome: String(form.get('outcome')) })
        }
      >
        <Select
          id="close-outcome"
          name="outcome"
          label="It was"
          options={Object.entries(OUTCOMES).map(([value, label]) => ({ value, label }))}
          value="benign"
        />
        <Field id="close-words" name="words" label="Why" lines={4} required />
      </FormDialog>
    </div>
  )
}
