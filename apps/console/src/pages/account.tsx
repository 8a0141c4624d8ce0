import { Field, KeyValues, Notice, PageHead, Section, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { ask, enrol } from '../api.ts'
import { questions } from '../data.ts'
import { ActButton, FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { stepUp } from '../parts/step-up.tsx'
import { Moment } from '../parts/time.tsx'
import { useTitle } from '../parts/title.ts'

/** One's own passkeys, API keys and sessions. */
export function Account() {
  useTitle('Your account')
  const me = useQuery(questions.me)
  const passkeys = useQuery(questions.passkeys)
  const keys = useQuery(questions.keys)
  const sessions = useQuery(questions.sessions)
  return (
    <>
      <PageHead title="Your account" />
      <Asked of={me}>
        {({ person, permissions, session }) => (
          <KeyValues
            pairs={[
              { term: 'Name', value: person.name },
              { term: 'Roles', value: person.roles.join(', ') || 'none' },
              { term: 'May', value: permissions.join(', ') },
              { term: 'Signed in until', value: session && <Moment at={session.expiresAt} /> },
            ]}
          />
        )}
      </Asked>
      <Section title="Passkeys" id="passkeys">
        <Asked of={passkeys}>
          {(rows) => (
            <Table
              columns={[{ label: 'Passkey' }, { label: 'Made' }, { label: 'Last used' }, { label: 'State' }]}
              rows={rows.map((one) => ({
                key: one.id,
                cells: [
                  one.label,
                  <Moment key="made" at={one.createdAt} />,
                  <Moment key="used" at={one.lastUsedAt} />,
                  one.revoked ? (
                    'revoked'
                  ) : (
                    <ActButton
                      key="end"
                      act={() =>
                        stepUp(() => ask(`/me/passkeys/${encodeURIComponent(one.id)}`, { method: 'DELETE' }))
                      }
                    >
                      Revoke<span className="av-hidden"> {one.label}</span>
                    </ActButton>
                  ),
                ],
              }))}
            />
          )}
        </Asked>
        <div className="mt-4">
          <FormDialog
            trigger="Add a passkey…"
            title="Add a passkey"
            says="A second one on another device keeps you from being locked out."
            submit="Make the passkey"
            act={(form) => stepUp(() => enrol('/me/passkeys', String(form.get('label'))))}
          >
            <Field id="passkey-label" name="label" label="A name for it" required />
          </FormDialog>
        </div>
      </Section>
      <Section title="API keys" id="keys">
        <Asked of={keys}>
          {(rows) => (
            <Table
              caption={
                rows.length === 0
                  ? 'You have none. A program signs in with a key, and never has more than you.'
                  : undefined
              }
              columns={[{ label: 'Key' }, { label: 'May' }, { label: 'Until' }, { label: 'State' }]}
              rows={rows.map((one) => ({
                key: one.id,
                cells: [
                  one.name,
                  one.scopes.join(', '),
                  <Moment key="until" at={one.expiresAt} />,
                  one.revoked ? (
                    'revoked'
                  ) : (
                    <ActButton key="end" act={() => ask(`/me/keys/${one.id}`, { method: 'DELETE' })}>
                      Revoke<span className="av-hidden"> {one.name}</span>
                    </ActButton>
                  ),
                ],
              }))}
            />
          )}
        </Asked>
        <div className="mt-4">
          <FormDialog
            trigger="Make an API key…"
            title="Make an API key"
            says="Its secret is shown once."
            submit="Make the key"
            act={(form) => {
              const scopes = String(form.get('scopes'))
                .split(/[\s,]+/)
                .filter((scope) => scope !== '')
              const body = { name: form.get('name'), scopes, days: Number(form.get('days')) }
              return stepUp(() => ask<{ secret: string }>('/me/keys', { body }))
            }}
            after={(answer) => (
              <Notice title="The secret, shown this once">
                <pre className="cs-note">{(answer as { secret: string }).secret}</pre>
              </Notice>
            )}
          >
            <Field id="key-name" name="name" label="Name" required />
            <Field
              id="key-scopes"
              name="scopes"
              label="What it may do"
              hint="Permissions, separated by spaces: release:read gate:read"
              value="release:read gate:read"
              required
            />
            <Field id="key-days" name="days" label="Days until it ends" type="number" value="90" required />
          </FormDialog>
        </div>
      </Section>
      <Section title="Sessions" id="sessions">
        <Asked of={sessions}>
          {(rows) => (
            <Table
              columns={[{ label: 'Begun' }, { label: 'By' }, { label: 'Last seen' }, { label: 'Access' }]}
              rows={rows.map((one) => ({
                key: one.id,
                cells: [
                  <Moment key="begun" at={one.createdAt} />,
                  one.method,
                  <Moment key="seen" at={one.seenAt} />,
                  one.id === me.data?.session?.id ? (
                    'this one'
                  ) : (
                    <ActButton key="end" act={() => ask(`/me/sessions/${one.id}`, { method: 'DELETE' })}>
                      End it
                    </ActButton>
                  ),
                ],
              }))}
            />
          )}
        </Asked>
      </Section>
    </>
  )
}
