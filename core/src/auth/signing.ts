import { createHash } from 'node:crypto'
import { formatAssertion } from '@avouch/verify'
import { AvouchError } from '../errors.ts'
import { type Ceremony, takeCeremony } from './ceremony.ts'
import { verifyAssertion } from './passkey.ts'
import { type Asking, ask } from './sign-in.ts'
import type { AuthContext } from './store.ts'
import type { AuthenticationResponse } from './webauthn-json.ts'

/**
 * A person's signature in a DSSE envelope. `sig` is base64 of the canonical JSON (RFC 8785) of
 * `{authenticatorData, clientDataJSON, signature}`, each base64url: a WebAuthn ES256 assertion whose challenge is
 * SHA-256(PAE). `verifyEnvelope` of `@avouch/verify` checks it.
 */
export type PersonSignature = { keyid: string; sig: string }

/** The 32 bytes a passkey signs for pre-authenticated bytes: their SHA-256. */
export function challengeFor(pae: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(pae).digest())
}

/** Asks a person to sign these pre-authenticated bytes (DSSE PAE) with a passkey. */
export async function beginSigning(context: AuthContext, personId: string, pae: Uint8Array): Promise<Asking> {
  return ask(context, 'sign', { personId, challenge: challengeFor(pae) })
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
  return acceptSignature(context, personId, pae, ceremony, answer.response)
}

/** The same for a ceremony that was taken already. */
export async function acceptSignature(
  context: AuthContext,
  personId: string,
  pae: Uint8Array,
  ceremony: Ceremony,
  response: AuthenticationResponse,
): Promise<PersonSignature> {
  const challenge = Buffer.from(challengeFor(pae)).toString('base64url')
  if (ceremony.personId !== personId || ceremony.challenge !== challenge)
    throw new AvouchError('unauthenticated', 'This was begun by someone else, or for another document', {
      where: 'ceremony',
      fix: 'Begin again.',
    })
  const { keyid } = await verifyAssertion(context, challenge, response, personId)
  const bytes = (text: string) => Buffer.from(text, 'base64url')
  const sig = formatAssertion({
    authenticatorData: bytes(response.response.authenticatorData),
    clientDataJSON: bytes(response.response.clientDataJSON),
    signature: bytes(response.response.signature),
  })
  return { keyid, sig: Buffer.from(sig).toString('base64') }
}
