import { useQuery } from '@tanstack/react-query'
import { ask } from '../../api.ts'
import { type Person, questions } from '../../data.ts'
import { FormDialog } from '../../parts/act.tsx'
import { stepUp } from '../../parts/step-up.tsx'
import { type Invited, Link } from './invite.tsx'
import { RoleChoices } from './roles.tsx'

/** What can be done about a person's access. */
export function Access({ person }: { person: Person }) {
  const me = useQuery(questions.me)
  if (person.state === 'disabled') return <>—</>
  const self = me.data?.person.id === person.id
  return (
    <div className="cs-acts">
      <FormDialog
        trigger="Roles"
        label={`Roles of ${person.name}`}
        title={`Roles of ${person.name}`}
        says="They count from the next thing this person does."
        submit="Set the roles"
        act={(form) =>
          stepUp(() =>
            ask(`/people/${person.id}/roles`, { method: 'PUT', body: { roles: form.getAll('roles') } }),
          )
        }
      >
        <RoleChoices chosen={person.roles} />
      </FormDialog>
      <FormDialog<Invited>
        trigger="New link"
        label={`New link for ${person.name}`}
        title={`A new link for ${person.name}`}
        says="For whoever lost their link or their passkeys. Earlier links that were not used end."
        submit="Make the link"
        act={() => stepUp(() => ask<Invited>(`/people/${person.id}/invitation`, { method: 'POST' }))}
        after={(invited) => <Link invited={invited} />}
      />
      {!self && (
        <FormDialog
          trigger="End access"
          label={`End access of ${person.name}`}
          title={`End the access of ${person.name}?`}
          says="Their sessions, passkeys and keys end at once. What they signed stays signed."
          submit="End access"
          tone="alert"
          act={() => stepUp(() => ask(`/people/${person.id}/disable`, { method: 'POST' }))}
        />
      )}
    </div>
  )
}
