import { createHash } from 'node:crypto'
import { AvouchError } from '../errors.ts'
import { takeCeremony } from './ceremony.ts'
import { verifyAssertion } from './passkey.ts'
import { type Asking, ask } from './sign-in.ts'
import type { AuthContext } from './store.ts'
import type { AuthenticationResponse } from './webauthn-json.ts'

/**
 * A person's signature in a DSSE envelope. `sig` is base64 of the canonical JSON (RFC 8785) of
 * `{authenticatorData, clientDataJSON, signature}`, each base64url: a WebAuthn ES256 assertion whose challenge is
 * SHA-256(PAE).
 */
export type PersonSignature = { keyid: string; sig: string }

/** Asks a person to sign these pre-authenticated bytes (DSSE PAE) with a passkey. */
export async function beginSigning(context: AuthContext, personId: string, pae: Uint8Array): Promise<Asking> {
  return ask(context, 'sign', {
    personId,
    challenge: new Uint8Array(createHash('sha256').update(pae).digest()),
  })
}

/**
 * Takes the assertion and makes it the signature of a DSSE envelope. `pae` must be the bytes that were asked for, so
 * that a signature cannot be moved to another document. Throws `unauthenticated`.
 */
export async function finishSigning(
  context: AuthContext,
  personId: string,
  pae: Uint8Array,
  answer: { ceremony: string; response: AuthenticationResponse },
): Promise<PersonSignature> {
  const ceremony = await takeCeremony(context, answer.ceremony, 'sign')
  const challenge = createHash('sha256').update(pae).digest('base64url')
  if (ceremony.personId !== personId || ceremony.challenge !== challenge)
    throw new AvouchError('unauthenticated', 'This was begun by someone else, or for another document', {
      where: 'ceremony',
      fix: 'Begin again.',
    })
  const { keyid } = await verifyAssertion(context, challenge, answer.response, personId)
  const { authenticatorData, clientDataJSON, signature } = answer.response.response
  const sig = Buffer.from(JSON.stringify({ authenticatorData, clientDataJSON, signature })).toString('base64')
  return { keyid, sig }
}
