import { EmptyState, Field, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { ask } from '../api.ts'
import { type ApiKey, questions } from '../data.ts'
import { ActButton, FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { Secret } from '../parts/secret.tsx'
import { stepUp } from '../parts/step-up.tsx'
import { Moment } from '../parts/time.tsx'

type Made = { secret: string; key: ApiKey }

/** Keys for programs: what they may do, until when. */
export function ApiKeys() {
  const keys = useQuery(questions.keys)
  return (
    <div className="cs-stack">
      <Asked of={keys}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title="No API key">
              <p>A key lets a program act for you, within its scopes. It can never approve or sign.</p>
            </EmptyState>
          ) : (
            <Table
              columns={[
                { label: 'Key' },
                { label: 'Scopes' },
                { label: 'Expires' },
                { label: 'Last used' },
                { label: 'Access' },
              ]}
              rows={all.map((key) => ({
                key: key.id,
                cells: [
                  key.name,
                  key.scopes.join(', '),
                  <Moment key="expires" at={key.expiresAt} />,
                  <Moment key="used" at={key.usedAt} />,
                  key.revoked ? (
                    'revoked'
                  ) : (
                    <ActButton key="revoke" act={() => ask(`/me/keys/${key.id}`, { method: 'DELETE' })}>
                      Revoke
                    </ActButton>
                  ),
                ],
              }))}
            />
          )
        }
      </Asked>
      <div className="cs-acts">
        <FormDialog<Made>
          trigger="Make an API key"
          title="Make an API key"
          says="It acts for you, within these scopes and no further than your roles."
          submit="Make it"
          act={(form) => {
            const scopes = String(form.get('scopes'))
              .split(/[\s,]+/)
              .filter(Boolean)
            const body = { name: form.get('name'), scopes, days: Number(form.get('days')) }
            return stepUp(() => ask<Made>('/me/keys', { body }))
          }}
          after={({ secret, key }) => (
            <Secret label={`Key ${key.name}`} value={secret}>
              It is shown only now. Send it as <code>Authorization: Bearer</code>.
            </Secret>
          )}
        >
          <Field id="key-name" name="name" label="Name" hint="Of the program that uses it." required />
          <Field
            id="key-scopes"
            name="scopes"
            label="Scopes"
            hint="Permissions as area:verb; either half may be *."
            value="release:read gate:read"
            required
          />
          <Field id="key-days" name="days" label="Days it works" type="number" value="90" required />
        </FormDialog>
      </div>
    </div>
  )
}
