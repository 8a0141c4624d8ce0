import { Field, Notice, PageHead, Table } from '@avouch/ui'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { ask } from '../api.ts'
import { covers, type Person, questions } from '../data.ts'
import { FormDialog } from '../parts/act.tsx'
import { Asked } from '../parts/asked.tsx'
import { Pages, pageOf } from '../parts/paged.tsx'
import { stepUp } from '../parts/step-up.tsx'
import { useTitle } from '../parts/title.ts'

type Invitation = { person: Person; url: string; expiresAt: string }

/** Who may come in, and as what. */
export function People() {
  useTitle('People')
  const { page } = useSearch({ from: '/inside/people' })
  const people = useQuery(questions.people)
  const me = useQuery(questions.me)
  const manages = covers(me.data?.permissions ?? [], 'people:manage')
  const part = pageOf(people.data ?? [], page)
  return (
    <>
      <PageHead title="People">
        <p>Who may come in, and as what. Whatever changes here is recorded as evidence.</p>
      </PageHead>
      {manages && (
        <div className="cs-acts mb-6">
          <FormDialog
            trigger="Invite someone…"
            tone="primary"
            title="Invite someone"
            says="You get a link that works once, within a day. Hand it over on a way you trust."
            submit="Make the link"
            act={(form) => {
              const email = String(form.get('email') ?? '').trim()
              const body = {
                name: form.get('name'),
                roles: form.getAll('roles'),
                ...(email !== '' && { email }),
              }
              return stepUp(() => ask<Invitation>('/people/', { body }))
            }}
            after={(answer) => <LinkOnce invitation={answer as Invitation} />}
          >
            <Field id="invite-name" name="name" label="Name" required />
            <Field
              id="invite-email"
              name="email"
              label="E-mail"
              type="email"
              hint="Only needed for single sign-on."
            />
            <RoleChoices held={[]} />
          </FormDialog>
        </div>
      )}
      <Asked of={people}>
        {() => (
          <>
            <Table
              columns={[
                { label: 'Name' },
                { label: 'Roles' },
                { label: 'State' },
                ...(manages ? [{ label: 'Access' }] : []),
              ]}
              rows={part.shown.map((person) => ({
                key: person.id,
                cells: [
                  person.name,
                  person.roles.join(', ') || 'none',
                  person.state,
                  ...(manages ? [<Access key="access" person={person} />] : []),
                ],
              }))}
            />
            <Pages {...part} what="people" />
          </>
        )}
      </Asked>
    </>
  )
}

function Access({ person }: { person: Person }) {
  if (person.state === 'disabled') return 'ended'
  return (
    <span className="cs-acts">
      <FormDialog
        trigger="Change…"
        title={`Access of ${person.name}`}
        says="Choose the roles, or end all access."
        submit="Save"
        act={(form) =>
          stepUp<unknown>(() =>
            form.get('end') === 'yes'
              ? ask(`/people/${person.id}/disable`, { method: 'POST' })
              : ask(`/people/${person.id}/roles`, { method: 'PUT', body: { roles: form.getAll('roles') } }),
          )
        }
      >
        <RoleChoices held={person.roles} />
        <fieldset className="cs-choices">
          <legend>Ending access</legend>
          <label>
            <input type="checkbox" name="end" value="yes" /> End all access of {person.name} at once
          </label>
        </fieldset>
      </FormDialog>
      <FormDialog
        trigger="New link…"
        title={`A new link for ${person.name}`}
        says="For someone who lost their passkeys or their link. Links that were not used stop working."
        submit="Make the link"
        act={() => stepUp(() => ask<Invitation>(`/people/${person.id}/invitation`, { method: 'POST' }))}
        after={(answer) => <LinkOnce invitation={answer as Invitation} />}
      >
        {null}
      </FormDialog>
    </span>
  )
}

function LinkOnce({ invitation }: { invitation: Invitation }) {
  return (
    <Notice title={`The link for ${invitation.person.name}, shown this once`}>
      <pre className="cs-note">{invitation.url}</pre>
    </Notice>
  )
}

function RoleChoices({ held }: { held: string[] }) {
  const roles = useQuery(questions.roles)
  return (
    <fieldset className="cs-choices">
      <legend>Roles</legend>
      {Object.keys(roles.data ?? {}).map((role) => (
        <label key={role}>
          <input type="checkbox" name="roles" value={role} defaultChecked={held.includes(role)} /> {role}
        </label>
      ))}
    </fieldset>
  )
}
