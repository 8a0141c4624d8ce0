import { Field } from '@avouch/ui'
import { ask } from '../../api.ts'
import type { Person } from '../../data.ts'
import { FormDialog } from '../../parts/act.tsx'
import { Secret } from '../../parts/secret.tsx'
import { stepUp } from '../../parts/step-up.tsx'
import { Moment } from '../../parts/time.tsx'
import { RoleChoices } from './roles.tsx'

export type Invited = { person: Person; url: string; expiresAt: string }

/** Invites somebody; the link is shown this once. */
export function Invite() {
  return (
    <FormDialog<Invited>
      trigger="Invite a person"
      title="Invite a person"
      says="You get a link for them. It works once, within a day, and makes their passkey."
      submit="Make the link"
      tone="primary"
      act={(form) => {
        const email = String(form.get('email')).trim()
        const body = {
          name: form.get('name'),
          roles: form.getAll('roles'),
          ...(email !== '' && { email }),
        }
        return stepUp(() => ask<Invited>('/people/', { body }))
      }}
      after={(invited) => <Link invited={invited} />}
    >
      <Field id="invite-name" name="name" label="Name" required autoComplete="off" />
      <Field
        id="invite-email"
        name="email"
        type="email"
        label="E-mail address"
        hint="Only needed where single sign-on is to recognise them. Nothing is sent."
        autoComplete="off"
      />
      <RoleChoices />
    </FormDialog>
  )
}

/** The link of an invitation, to be copied now. */
export function Link({ invited }: { invited: Invited }) {
  return (
    <Secret label={`Link for ${invited.person.name}`} value={invited.url}>
      It is shown only now, and works once until <Moment at={invited.expiresAt} />. Send it by a way you
      trust: whoever opens it first is let in.
    </Secret>
  )
}
