import { EmptyState, Field, KeyValues, Notice, Section } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ask, sign } from '../api.ts'
import { covers, questions, type Verdict } from '../data.ts'
import { FormDialog } from './act.tsx'

function useMay(): (permission: string) => boolean {
  const permissions = useQuery(questions.me).data?.permissions ?? []
  return (permission) => covers(permissions, permission)
}

/** The decision that stands, and deciding: signed with a passkey, what is unmet named as waived. */
export function DecisionPart({ verdict }: { verdict: Verdict }) {
  const may = useMay()
  const { decision } = verdict
  return (
    <aside aria-label="Decision" className="cs-stack">
      <KeyValues
        pairs={[
          {
            term: 'Decision',
            value: decision ? (
              <a href={`/console/evidence/${decision.id}`}>
                {decision.decision === 'ship' ? 'Ship' : 'Hold back'}
              </a>
            ) : (
              'none yet'
            ),
          },
          { term: 'Reason', value: decision?.reason },
          { term: 'Gate then', value: decision && (decision.ready ? 'open' : 'closed') },
          { term: 'Decided by', value: decision?.decidedBy },
        ]}
      />
      {may('gate:decide') && <DecisionDialog verdict={verdict} />}
    </aside>
  )
}

function DecisionDialog({ verdict }: { verdict: Verdict }) {
  const [choice, setChoice] = useState('hold')
  const unmet = verdict.obligations.filter(
    ({ due, force, status }) =>
      due === 'before' && force !== 'may' && (status === 'missing' || status === 'partly'),
  )
  const waived = choice === 'ship' ? unmet : []
  return (
    <FormDialog
      trigger="Decide…"
      tone="primary"
      title={`Decide on ${verdict.release}`}
      says="What you decide is signed with your passkey and becomes evidence. It cannot be taken back, only followed by another."
      submit="Sign with passkey"
      act={(form) =>
        sign(`/releases/${encodeURIComponent(verdict.release)}/decision`, {
          decision: form.get('decision'),
          reason: form.get('reason'),
        })
      }
    >
      <fieldset className="cs-choices">
        <legend>Decision</legend>
        {[
          ['hold', 'Hold it back'],
          ['ship', 'Ship it'],
        ].map(([value, label]) => (
          <label key={value}>
            <input
              type="radio"
              name="decision"
              value={value}
              checked={choice === value}
              onChange={() => setChoice(value ?? 'hold')}
            />{' '}
            {label}
          </label>
        ))}
      </fieldset>
      {waived.length > 0 && (
        <Notice
          title={`Shipping waives ${waived.length} unmet ${waived.length === 1 ? 'obligation' : 'obligations'}`}
          tone="alert"
        >
          <ul className="cs-list">
            {waived.map(({ id, title }) => (
              <li key={id}>
                {id} {title}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      <Field id="decision-reason" name="reason" label="Reason" lines={4} required />
    </FormDialog>
  )
}

/** Holds that stand: one closes the gate at once, and two people lift it. */
export function HoldsPart({ verdict }: { verdict: Verdict }) {
  const may = useMay()
  return (
    <Section title="Holds" id="holds">
      <div className="cs-stack">
        {verdict.holds.length === 0 ? (
          <EmptyState title="No hold stands">
            <p>Anyone who may place one closes the gate at once. Two people lift it.</p>
          </EmptyState>
        ) : (
          verdict.holds.map((hold) => (
            <Notice key={hold.id} title="A hold stands" tone="alert">
              <p>{hold.reason}</p>
              {hold.spooled ? (
                <p className="cs-small">It acts already; its evidence is being recorded.</p>
              ) : (
                <div className="cs-acts mt-3">
                  <a href={`/console/evidence/${hold.id}`}>Its evidence</a>
                  {may('hold:lift') && (
                    <FormDialog
                      trigger="Ask to lift it…"
                      title="Ask to lift the hold"
                      says="Two people must sign with their passkeys before the hold is lifted. Your request appears under Approvals."
                      submit="Ask"
                      act={(form) => ask(`/holds/${hold.id}/lift`, { body: { reason: form.get('reason') } })}
                      after={() => (
                        <p>
                          It waits for two signatures. <a href="/console/approvals">To the approvals</a>
                        </p>
                      )}
                    >
                      <Field id="lift-reason" name="reason" label="Why it may be lifted" lines={3} required />
                    </FormDialog>
                  )}
                </div>
              )}
            </Notice>
          ))
        )}
        {may('hold:place') && (
          <FormDialog
            trigger="Place a hold…"
            tone="alert"
            title={`Hold ${verdict.release}`}
            says="The gate closes at once. Two people are needed to open it again."
            submit="Place the hold"
            act={(form) => ask('/holds', { body: { release: verdict.release, reason: form.get('reason') } })}
          >
            <Field
              id="hold-reason"
              name="reason"
              label="Reason"
              hint="It is kept as evidence."
              lines={3}
              required
            />
          </FormDialog>
        )}
      </div>
    </Section>
  )
}
