import type { Credential, CredentialListener } from './credential.ts'
import { beginEnrolment, finishEnrolment } from './enrolment.ts'
import { invite } from './invitation.ts'
import type { Person } from './people.ts'
import type { Role } from './permission.ts'
import type { Principal } from './principal.ts'
import { relyingParty } from './relying-party.ts'
import { findSession } from './session.ts'
import { type Asking, beginSignIn, finishSignIn } from './sign-in.ts'
import { type SoftwareAuthenticator, softwareAuthenticator } from './software-authenticator.ts'
import type { AuthContext } from './store.ts'
import type { AuthenticationResponse } from './webauthn-json.ts'

/** A person whose passkey is in this process's memory, enrolled as in life; `answer` signs any ceremony of theirs. */
export type SoftwarePerson = {
  person: Person
  authenticator: SoftwareAuthenticator
  credential: Credential
  /** A fresh, stepped-up session as a principal. */
  principal(): Promise<Principal & { kind: 'person' }>
  answer(asking: Asking): { ceremony: string; response: AuthenticationResponse }
}

/** Invites a person and enrols a passkey in software for them. */
export async function softwarePerson(
  context: AuthContext,
  draft: { name: string; roles: Role[]; label: string; until?: Date },
  onCredential?: CredentialListener,
): Promise<SoftwarePerson> {
  const { label, ...invited } = draft
  const { token } = await invite(context, invited)
  const authenticator = softwareAuthenticator(relyingParty(context.config).origin)
  const begun = await beginEnrolment(context, { invitation: token })
  const { person, credential } = await finishEnrolment(
    context,
    { ceremony: begun.ceremony, response: authenticator.create(begun.options), label },
    onCredential,
  )
  const answer = (asking: Asking) => ({
    ceremony: asking.ceremony,
    response: authenticator.get(asking.options),
  })
  return {
    person,
    authenticator,
    credential,
    answer,
    async principal() {
      const { token: session } = await finishSignIn(context, answer(await beginSignIn(context)))
      const found = await findSession(context, session)
      if (!found) throw new Error('the session just begun was not found')
      return found
    },
  }
}
