import { Disclosure } from '@avouch/ui'
import { PersonName } from '../../parts/person-name.tsx'
import { Moment } from '../../parts/time.tsx'
import { counted } from '../../parts/words.ts'
import { type AlertStep, bytesInWords } from '../../weights-data.ts'

const DONE: Record<string, string> = {
  read: 'read',
  list: 'listed',
  request: 'asked for access',
  approve: 'approved',
  export: 'exported',
  login: 'signed in',
}

/** What the people of an alert did, in order, as sentences; parted by the window of the alert. */
export function Timeline({ steps, people }: { steps: readonly AlertStep[]; people: readonly string[] }) {
  if (steps.length === 0) return <p>Nothing was kept of what led to it.</p>
  const of = (when: AlertStep['when']) => steps.filter((step) => step.when === when)
  const [before, within, after] = [of('before'), of('within'), of('after')]
  return (
    <>
      {before.length > 0 && (
        <Disclosure summary={`${counted(before.length, 'step')} before it`} open={within.length === 0}>
          <Steps steps={before} people={people} />
        </Disclosure>
      )}
      {within.length > 0 && (
        <section className="cs-timeline" data-when="within">
          <h3>In the window of the alert</h3>
          <Steps steps={within} people={people} />
        </section>
      )}
      {after.length > 0 && (
        <section className="cs-timeline">
          <h3>After</h3>
          <Steps steps={after} people={people} />
        </section>
      )}
    </>
  )
}

function Steps({ steps, people }: { steps: readonly AlertStep[]; people: readonly string[] }) {
  return (
    <ol className="cs-timeline-steps">
      {steps.map((step, i) => (
        <li key={`${step.from} ${step.person} ${String(i)}`}>
          <p className="cs-small">
            <Moment at={step.from} />
            {step.to !== step.from && (
              <>
                {' '}
                to <Moment at={step.to} />
              </>
            )}
          </p>
          <p>
            {people.length > 1 && (
              <>
                <PersonName id={step.person} />{' '}
              </>
            )}
            {told(step)}
          </p>
        </li>
      ))}
    </ol>
  )
}

/** "read 1.2 GiB of example-model@1.0 (segments 0 to 40) in 12 acts, on host a, to /tmp: denied" */
function told({ action, model, bytes, segments, acts, host, environment, sink, outcome }: AlertStep): string {
  return [
    DONE[action] ?? action,
    bytes > 0 && bytesInWords(bytes),
    model !== undefined && `${action === 'read' || action === 'export' ? 'of ' : ''}${model}`,
    segments && `(segments ${segments[0]} to ${segments[1]})`,
    acts > 1 && `in ${counted(acts, 'act')}`,
    host !== undefined && `on ${host}`,
    environment !== undefined && `in ${environment}`,
    sink !== undefined && `to ${sink}`,
    outcome !== undefined && outcome !== 'allowed' && outcome !== 'ok' && `: ${outcome}`,
  ]
    .filter(Boolean)
    .join(' ')
}
