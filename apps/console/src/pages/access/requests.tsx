import { EmptyState, Field, KeyValues, Section } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { sign } from '../../api.ts'
import { questions } from '../../data.ts'
import { ActButton, FormDialog } from '../../parts/act.tsx'
import { Asked } from '../../parts/asked.tsx'
import { useMay } from '../../parts/may.ts'
import { More } from '../../parts/more.tsx'
import { PersonName } from '../../parts/person-name.tsx'
import { Moment } from '../../parts/time.tsx'
import { type AccessRequest, type Portion, refuse, spanInWords, weightQuestions } from '../../weights-data.ts'

/** Requests that wait for signatures, each with all that is needed to decide; those decided below. */
export function Requests() {
  const requests = useQuery(weightQuestions.requests)
  return (
    <Section title="Requests to decide" id="requests">
      <Asked of={requests}>
        {({ requests: all }) => {
          const waiting = all.filter(({ state }) => state === 'asked')
          const decided = all.filter(({ state }) => state !== 'asked')
          return (
            <>
              {waiting.length === 0 ? (
                <EmptyState title="Nobody waits for a decision">
                  <p>
                    People ask under <a href="/console/access/mine">Your access</a>, or with{' '}
                    <code>avouch weights request</code>, saying what for and for how long.
                  </p>
                </EmptyState>
              ) : (
                waiting.map((request) => <Request key={request.id} request={request} />)
              )}
              {decided.length > 0 && (
                <details className="av-disclosure">
                  <summary>{decided.length} decided</summary>
                  <div>
                    <More rows={decided} what="requests">
                      {(shown) => shown.map((request) => <Request key={request.id} request={request} />)}
                    </More>
                  </div>
                </details>
              )}
            </>
          )
        }}
      </Asked>
    </Section>
  )
}

function Request({ request }: { request: AccessRequest }) {
  const { state, signed } = request
  return (
    <article className="cs-request">
      <h3>
        <PersonName id={request.holder} /> asks to read {request.model} for {spanInWords(request.seconds)}
      </h3>
      <p className="cs-text">{request.reason}</p>
      <KeyValues
        pairs={[
          { term: 'What', value: <Portions model={request.model} of={request.objects} /> },
          { term: 'Purpose', value: request.purpose },
          { term: 'Environment', value: request.environment },
          { term: 'Asked', value: <Moment at={request.askedAt} /> },
          {
            term: 'Signed',
            value:
              signed.length === 0
                ? 'nobody yet'
                : signed.map((id, i) => (
                    <span key={id}>
                      {i > 0 && ', '}
                      <PersonName id={id} />
                    </span>
                  )),
          },
          {
            term: 'Decided',
            value:
              state === 'asked' ? undefined : (
                <>
                  {state}, <Moment at={request.decidedAt} />
                  {request.why !== null && `: ${request.why}`}
                </>
              ),
          },
        ]}
      />
      {state === 'asked' && <Decide request={request} />}
    </article>
  )
}

function Portions({ model, of }: { model: string; of: readonly Portion[] }) {
  const { data } = useQuery(weightQuestions.objects(model))
  const nameOf = ({ object, digest }: Portion): string =>
    data?.objects.find(({ id }) => id === object)?.name ?? `${digest.slice(0, 12)}…`
  return (
    <>
      {of.slice(0, 5).map((portion) => (
        <span key={portion.object} className="cs-block">
          {nameOf(portion)}, segments {portion.segments[0]} to {portion.segments[1]}
        </span>
      ))}
      {of.length > 5 && <span className="cs-block">and {of.length - 5} more files</span>}
    </>
  )
}

function Decide({ request }: { request: AccessRequest }) {
  const me = useQuery(questions.me).data?.person.id
  const may = useMay()
  if (!may('weight-security:approve'))
    return (
      <p className="cs-small">
        Your roles do not let you sign this; it takes an owner or a custodian whose job is to approve.
      </p>
    )
  const { id, approval, refusal, signed } = request
  const hasSigned = me !== undefined && signed.includes(me)
  return (
    <>
      {hasSigned && <p className="cs-small">You have signed. Somebody else must sign too.</p>}
      {refusal !== null && !hasSigned && <p className="cs-small">You cannot approve this: {refusal}.</p>}
      <div className="cs-acts">
        {refusal === null && approval !== null && !hasSigned && (
          <ActButton tone="primary" act={() => sign(`/approvals/${approval}`)} done="Signed.">
            Approve with your passkey
          </ActButton>
        )}
        <FormDialog
          trigger="Refuse"
          title="Refuse this request"
          says="Whoever asked is told why, and may ask again."
          submit="Refuse"
          tone="alert"
          label={`Refuse the request for ${request.model}`}
          act={(form) => refuse(id, String(form.get('why') ?? ''))}
        >
          <Field id={`why-${id}`} name="why" label="Why" lines={3} required />
        </FormDialog>
      </div>
    </>
  )
}
