import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
} from '@simplewebauthn/server'
import { AvouchError } from '../errors.ts'
import { openCeremony, takeCeremony } from './ceremony.ts'
import type { Credential, CredentialListener } from './credential.ts'
import { readInvitation, useInvitation } from './invitation.ts'
import { ES256, personRow, verifyAttestation } from './passkey.ts'
import { type Person, toPerson } from './people.ts'
import { relyingParty } from './relying-party.ts'
import { type AuthContext, tables } from './store.ts'
import { hashToken } from './token.ts'
import type { RegistrationResponse } from './webauthn-json.ts'

/** At most this many standing passkeys a person. */
const MOST_PASSKEYS = 20

/** Who enrols: the holder of an invitation, or someone signed in who adds a passkey. */
export type Enrolling = { invitation: string } | { personId: string }

/**
 * First half of enrolling a passkey: what `navigator.credentials.create` takes. Throws `unauthenticated` for a dead
 * invitation and `limit` where the person has 20 passkeys.
 */
export async function beginEnrolment(
  context: AuthContext,
  who: Enrolling,
): Promise<{ ceremony: string; options: PublicKeyCredentialCreationOptionsJSON }> {
  const invited = 'invitation' in who ? await readInvitation(context, who.invitation) : undefined
  const person = await personRow(
    context,
    invited ? invited.person.id : (who as { personId: string }).personId,
  )
  const { rpId } = relyingParty(context.config)
  const passkeys = await tables(context.db)
    .selectFrom('auth.passkey')
    .select('id')
    .where('person_id', '=', person.id)
    .where('revoked_at', 'is', null)
    .execute()
  if (passkeys.length >= MOST_PASSKEYS)
    throw new AvouchError('limit', `There are ${MOST_PASSKEYS} passkeys already`, {
      where: 'passkey',
      fix: 'Revoke one that is no longer used.',
    })
  const options = await generateRegistrationOptions({
    rpName: 'Avouch',
    rpID: rpId,
    userName: person.name,
    userDisplayName: person.name,
    userID: new Uint8Array(person.handle),
    attestationType: 'none',
    excludeCredentials: passkeys,
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: [ES256],
  })
  const ceremony = await openCeremony(context, 'enrol', options.challenge, {
    personId: person.id,
    detail: 'invitation' in who ? { invitation: hashToken(who.invitation).toString('hex') } : {},
  })
  return { ceremony, options }
}

/**
 * Second half: stores the passkey, uses the invitation up, and tells `onCredential` within the same transaction (it
 * records that the key counts; where it throws, nothing was enrolled). `personId` must be given again by someone
 * signed in. Throws `unauthenticated` and `conflict`.
 */
export async function finishEnrolment(
  context: AuthContext,
  answer: { ceremony: string; response: RegistrationResponse; label: string; personId?: string },
  onCredential?: CredentialListener,
): Promise<{ person: Person; credential: Credential }> {
  const ceremony = await takeCeremony(context, answer.ceremony, 'enrol')
  const invitation = ceremony.detail.invitation
  if (typeof invitation !== 'string' && ceremony.personId !== answer.personId)
    throw new AvouchError('unauthenticated', 'This enrolment was begun by someone else', {
      where: 'ceremony',
      fix: 'Begin again.',
    })
  const made = await verifyAttestation(context, ceremony.challenge, answer.response)
  return context.db.kysely.transaction().execute(async (tx) => {
    const db = tables(tx)
    if (typeof invitation === 'string') await useInvitation(context, tx, Buffer.from(invitation, 'hex'))
    const row = await db
      .selectFrom('auth.person')
      .selectAll()
      .where('id', '=', ceremony.personId ?? '')
      .where('state', '=', 'active')
      .forUpdate()
      .executeTakeFirst()
    if (!row)
      throw new AvouchError('unauthenticated', 'This person cannot enrol a passkey', { where: 'person' })
    const { credential } = made
    const stored = await db
      .insertInto('auth.passkey')
      .values({
        id: made.id,
        person_id: row.id,
        keyid: credential.keyid,
        label: answer.label,
        cose: Buffer.from(made.cose),
        public_key: Buffer.from(credential.publicKey),
        counter: made.counter,
        transports: answer.response.response.transports,
        rp_id: credential.rpId,
        origin: credential.origin,
        created_at: context.now(),
        last_used_at: null,
        revoked_at: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!stored) throw new AvouchError('conflict', 'This passkey is enrolled already', { where: 'passkey' })
    await onCredential?.(tx, credential)
    return { person: toPerson(row), credential }
  })
}
