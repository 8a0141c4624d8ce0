import { Field, KeyValues, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { ask, enrol } from '../api.ts'
import { questions } from '../data.ts'
import { ActButton, FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { useMay } from '../parts/may.ts'
import { stepUp } from '../parts/step-up.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'
import { ApiKeys } from './account-keys.tsx'

/** One's own passkeys, API keys and sessions. */
export function Account() {
  useTitle('Your account')
  const me = useQuery(questions.me)
  const may = useMay()
  return (
    <>
      <PageHead title="Your account" />
      <Asked of={me}>
        {({ person }) => (
          <KeyValues
            pairs={[
              { term: 'Name', value: person.name },
              { term: 'E-mail address', value: person.email },
              { term: 'Roles', value: person.roles.join(', ') || 'none' },
              { term: 'Here since', value: <Moment at={person.createdAt} /> },
            ]}
          />
        )}
      </Asked>
      {may('release:read') && (
        <p className="cs-lead">
          <a href="/console/access/mine">Your access to weights</a>
        </p>
      )}
      <Section title="Passkeys" id="passkeys">
        <Passkeys />
      </Section>
      <Section title="API keys" id="keys">
        <ApiKeys />
      </Section>
      <Section title="Sessions" id="sessions">
        <Sessions />
      </Section>
    </>
  )
}

function Passkeys() {
  const passkeys = useQuery(questions.passkeys)
  return (
    <div className="cs-stack">
      <Asked of={passkeys}>
        {(all) => {
          const standing = all.filter((it) => !it.revoked)
          return (
            <Table
              columns={[{ label: 'Passkey' }, { label: 'Made' }, { label: 'Last used' }, { label: 'Access' }]}
              rows={all.map((it) => ({
                key: it.id,
                cells: [
                  <span key="label">
                    {it.label} <code title={it.keyid}>{it.keyid.slice(0, 8)}</code>
                  </span>,
                  <Moment key="made" at={it.createdAt} />,
                  <Moment key="used" at={it.lastUsedAt} />,
                  it.revoked ? (
                    'revoked'
                  ) : standing.length === 1 ? (
                    'your only one'
                  ) : (
                    <FormDialog
                      key="revoke"
                      trigger="Revoke"
                      label={`Revoke ${it.label}`}
                      title={`Revoke ${it.label}?`}
                      says="It signs in and signs no more. The log says when it ended; what it signed stays."
                      submit="Revoke"
                      tone="alert"
                      act={() =>
                        stepUp(() => ask(`/me/passkeys/${encodeURIComponent(it.id)}`, { method: 'DELETE' }))
                      }
                    />
                  ),
                ],
              }))}
            />
          )
        }}
      </Asked>
      <div className="cs-acts">
        <FormDialog
          trigger="Add a passkey"
          title="Add a passkey"
          says="On this device, or one that your browser reaches."
          submit="Make it"
          act={(form) => stepUp(() => enrol('/me/passkeys', String(form.get('label'))))}
        >
          <Field id="passkey-label" name="label" label="A name for it" required autoComplete="off" />
        </FormDialog>
      </div>
    </div>
  )
}

function Sessions() {
  const me = useQuery(questions.me)
  const sessions = useQuery(questions.sessions)
  return (
    <Asked of={sessions}>
      {(all) => (
        <Table
          columns={[{ label: 'Begun' }, { label: 'Way in' }, { label: 'Last seen' }, { label: 'Access' }]}
          rows={all.map((it) => ({
            key: it.id,
            cells: [
              <Moment key="begun" at={it.createdAt} />,
              it.method === 'oidc' ? 'single sign-on' : 'passkey',
              <Moment key="seen" at={it.seenAt} />,
              it.id === me.data?.session?.id ? (
                'this one'
              ) : (
                <ActButton key="end" act={() => ask(`/me/sessions/${it.id}`, { method: 'DELETE' })}>
                  End
                </ActButton>
              ),
            ],
          }))}
        />
      )}
    </Asked>
  )
}
