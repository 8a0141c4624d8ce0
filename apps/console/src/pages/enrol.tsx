import { Button, Field, KeyValues, Notice, Page, PageHead } from '@avouch/ui'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ask, enrol } from '../api.ts'
import { useAct } from '../parts/act.tsx'
import { Asked, Problem } from '../parts/asked.tsx'
import { useTitle } from '../parts/shell.tsx'
import { Moment } from '../parts/time.tsx'

/** Where an invitation leads: says who is invited, and makes their passkey. The token stays behind `#`. */
export function Enrol() {
  useTitle('Enrol a passkey')
  const router = useRouter()
  const queries = useQueryClient()
  const [token] = useState(() => location.hash.slice(1))
  const invitation = useQuery({
    queryKey: ['invitation'],
    queryFn: () =>
      ask<{ name: string; roles: string[]; expiresAt: string }>('/auth/invitation', { body: { token } }),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
  })
  const enrolment = useAct(
    (label: string) => enrol('/auth/enrol', label, { token }),
    () => {
      queries.removeQueries({ queryKey: ['me'] })
      void router.navigate({ to: '/releases', search: {} })
    },
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    enrolment.mutate(String(new FormData(event.currentTarget).get('label')))
  }
  return (
    <Page home="/console/" narrow>
      <PageHead title="Enrol a passkey">
        <p>
          A passkey is made by your device and never leaves it. It signs you in, and it signs what you decide.
        </p>
      </PageHead>
      {token === '' ? (
        <Notice title="This address lacks its token" tone="alert">
          <p>Open the whole link that you were given, including what stands behind the sign “#”.</p>
        </Notice>
      ) : (
        <Asked of={invitation}>
          {({ name, roles, expiresAt }) => (
            <form className="cs-stack" onSubmit={submit}>
              <KeyValues
                pairs={[
                  { term: 'For', value: name },
                  { term: 'Roles', value: roles.join(', ') || 'none' },
                  { term: 'Valid until', value: <Moment at={expiresAt} /> },
                ]}
              />
              <Field
                id="label"
                name="label"
                label="A name for this passkey"
                hint="So that you can tell it from others: “laptop”, “blue key”."
                value="My passkey"
                required
              />
              {enrolment.error && <Problem error={enrolment.error} />}
              <Button tone="primary" disabled={enrolment.isPending}>
                {enrolment.isPending ? 'Waiting for your device…' : 'Make the passkey'}
              </Button>
            </form>
          )}
        </Asked>
      )}
    </Page>
  )
}
