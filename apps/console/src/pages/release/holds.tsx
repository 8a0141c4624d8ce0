import { Field } from '@avouch/ui'
import { ask } from '../../api.ts'
import type { Verdict } from '../../data.ts'
import { FormDialog } from '../../parts/act.tsx'
import { useMay } from '../../parts/may.ts'

/** Holds that stand, and what closes the gate or asks to open it again. */
export function Holds({ verdict }: { verdict: Verdict }) {
  const may = useMay()
  return (
    <section className="cs-stack" aria-labelledby="holds">
      <h2 id="holds" className="cs-side-title">
        Holds
      </h2>
      {verdict.holds.length === 0 ? (
        <p className="cs-soft">Nobody holds this release back.</p>
      ) : (
        <ul className="cs-plain cs-stack">
          {verdict.holds.map((hold) => (
            <li key={hold.id} className="cs-stack">
              <p>{hold.reason}</p>
              {hold.spooled ? (
                <p className="cs-small">It acts already; its evidence is still to be recorded.</p>
              ) : (
                <div className="cs-acts">
                  <a className="cs-small" href={`/console/evidence/${hold.id}`}>
                    Evidence
                  </a>
                  {may('hold:lift') && <Lift hold={hold} />}
                </div>
              )}
            </li>
          ))}
        </ul>
      )}
      {may('hold:place') && (
        <FormDialog
          trigger="Place a hold"
          title={`Hold ${verdict.release}`}
          says="The gate closes at once. Two people are needed to lift it again."
          submit="Close the gate"
          tone="alert"
          act={(form) => ask('/holds', { body: { release: verdict.release, reason: form.get('reason') } })}
        >
          <Field id="hold-reason" name="reason" label="Reason" hint="Kept as evidence." lines={4} required />
        </FormDialog>
      )}
    </section>
  )
}

function Lift({ hold }: { hold: Verdict['holds'][number] }) {
  return (
    <FormDialog
      trigger="Ask to lift"
      title="Ask to lift this hold"
      says="Two other people read your reason and sign. The hold stands until they have."
      submit="Ask two people"
      act={(form) => ask(`/holds/${hold.id}/lift`, { body: { reason: form.get('reason') } })}
      after={() => (
        <p>
          Asked. It waits under <a href="/console/approvals">approvals</a> for two people to sign.
        </p>
      )}
    >
      <Field id="lift-reason" name="reason" label="Why it may be lifted" lines={4} required />
    </FormDialog>
  )
}
