import {
  generateAuthenticationOptions,
  type PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/server'
import { openCeremony, type Purpose, takeCeremony } from './ceremony.ts'
import { verifyAssertion } from './passkey.ts'
import { relyingParty } from './relying-party.ts'
import { rotateSession, type Started, startSession } from './session.ts'
import { type AuthContext, tables } from './store.ts'
import type { AuthenticationResponse } from './webauthn-json.ts'

/** What `navigator.credentials.get` takes, and the id to answer with. */
export type Asking = { ceremony: string; options: PublicKeyCredentialRequestOptionsJSON }

/** Begins signing in. No name is asked for, so that nothing tells who is known here: the passkey says who it is. */
export async function beginSignIn(context: AuthContext): Promise<Asking> {
  return ask(context, 'sign-in')
}

/** Signs in by a passkey; a fresh assertion is a step-up too. Throws `unauthenticated`. */
export async function finishSignIn(
  context: AuthContext,
  answer: { ceremony: string; response: AuthenticationResponse },
): Promise<Started> {
  const { challenge } = await takeCeremony(context, answer.ceremony, 'sign-in')
  const { person } = await verifyAssertion(context, challenge, answer.response)
  return startSession(context, person.id, 'passkey')
}

/** Asks someone signed in for a fresh assertion. */
export async function beginStepUp(context: AuthContext, personId: string): Promise<Asking> {
  return ask(context, 'step-up', { personId })
}

/** Raises the session for five minutes under a new token; the old one ends. Throws `unauthenticated`. */
export async function finishStepUp(
  context: AuthContext,
  session: { id: string; personId: string },
  answer: { ceremony: string; response: AuthenticationResponse },
): Promise<Started> {
  const ceremony = await takeCeremony(context, answer.ceremony, 'step-up')
  const { person } = await verifyAssertion(context, ceremony.challenge, answer.response, session.personId)
  return rotateSession(context, session.id, person.id)
}

/** Opens a ceremony for an assertion; for a known person it names their passkeys. `challenge` is random unless given. */
export async function ask(
  context: AuthContext,
  purpose: Purpose,
  rest: { personId?: string; challenge?: Uint8Array<ArrayBuffer>; detail?: Record<string, unknown> } = {},
): Promise<Asking> {
  const { rpId } = relyingParty(context.config)
  const passkeys = rest.personId
    ? await tables(context.db)
        .selectFrom('auth.passkey')
        .select('id')
        .where('person_id', '=', rest.personId)
        .where('revoked_at', 'is', null)
        .execute()
    : []
  const options = await generateAuthenticationOptions({
    rpID: rpId,
    userVerification: 'required',
    allowCredentials: passkeys,
    ...(rest.challenge ? { challenge: rest.challenge } : {}),
  })
  const { personId, detail } = rest
  const ceremony = await openCeremony(context, purpose, options.challenge, { personId, detail })
  return { ceremony, options }
}
