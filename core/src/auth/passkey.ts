import { verifyAuthenticationResponse, verifyRegistrationResponse } from '@simplewebauthn/server'
import { cose, decodeCredentialPublicKey } from '@simplewebauthn/server/helpers'
import { AvouchError } from '../errors.ts'
import { noteRevocation } from './access.ts'
import { type Credential, credentialOf, keyidOf } from './credential.ts'
import { noSuchPerson, type Person, toPerson } from './people.ts'
import { relyingParty } from './relying-party.ts'
import { type AuthContext, admitted, tables } from './store.ts'
import type { AuthenticationResponse, RegistrationResponse } from './webauthn-json.ts'

/** A passkey as its owner sees it. */
export type Passkey = {
  id: string
  keyid: string
  label: string
  createdAt: Date
  lastUsedAt: Date | undefined
  revoked: boolean
}

/** The only algorithm enrolled: ES256, because people's signatures are checked by `verify/` with WebCrypto everywhere. */
export const ES256 = -7

/** COSE_Key (RFC 9053, section 7.1.1) → uncompressed P-256 point. Throws `input` for any other kind of key. */
export function pointOf(coseKey: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const key = decodeCredentialPublicKey(coseKey)
  if (
    cose.isCOSEPublicKeyEC2(key) &&
    key.get(cose.COSEKEYS.alg) === ES256 &&
    key.get(cose.COSEKEYS.crv) === 1
  ) {
    const x = key.get(cose.COSEKEYS.x)
    const y = key.get(cose.COSEKEYS.y)
    if (x?.length === 32 && y?.length === 32) return Uint8Array.of(4, ...x, ...y)
  }
  throw new AvouchError('input', 'The passkey is not an ES256 key on P-256', {
    where: 'credential.publicKey',
    fix: 'Use an authenticator that supports ES256; all common ones do.',
  })
}

/** Checks what an authenticator made against the challenge it was given. Throws `unauthenticated` with the reason. */
export async function verifyAttestation(
  context: Pick<AuthContext, 'config'>,
  challenge: string,
  response: RegistrationResponse,
): Promise<{ id: string; cose: Uint8Array; counter: number; credential: Credential }> {
  const { rpId, origin } = relyingParty(context.config)
  const verified = await verifyRegistrationResponse({
    response: { ...response, clientExtensionResults: {} },
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: [ES256],
  }).catch((cause: unknown) => {
    throw refused(cause)
  })
  if (!verified.verified) throw refused(undefined)
  refuseFramed(response.response.clientDataJSON)
  const { id, publicKey: coseKey, counter } = verified.registrationInfo.credential
  const publicKey = pointOf(coseKey)
  return { id, cose: coseKey, counter, credential: { keyid: keyidOf(publicKey), publicKey, rpId, origin } }
}

/**
 * Checks an assertion (WebAuthn level 3, section 7.2) by a passkey that stands, and remembers its counter.
 * `personId` demands that it is this person's. Throws `unauthenticated` with the reason.
 */
export async function verifyAssertion(
  context: AuthContext,
  challenge: string,
  response: AuthenticationResponse,
  personId?: string,
): Promise<{ person: Person; keyid: string }> {
  const { rpId, origin } = relyingParty(context.config)
  return context.db.kysely.transaction().execute(async (tx) => {
    const db = tables(tx)
    const passkey = await db
      .selectFrom('auth.passkey')
      .selectAll()
      .where('id', '=', response.id)
      .where('revoked_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    const person = passkey
      ? await db
          .selectFrom('auth.person')
          .selectAll()
          .where('id', '=', passkey.person_id)
          .where('state', '=', 'active')
          .where(admitted(context.now()))
          .executeTakeFirst()
      : undefined
    if (!passkey || !person || (personId !== undefined && person.id !== personId)) throw unknownPasskey()
    const { userHandle } = response.response
    if (userHandle !== undefined && userHandle !== person.handle.toString('base64url')) throw unknownPasskey()
    const verified = await verifyAuthenticationResponse({
      response: { ...response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      credential: { id: passkey.id, publicKey: new Uint8Array(passkey.cose), counter: passkey.counter },
    }).catch((cause: unknown) => {
      throw refused(cause)
    })
    if (!verified.verified) throw refused(undefined)
    refuseFramed(response.response.clientDataJSON)
    await db
      .updateTable('auth.passkey')
      .set({ counter: verified.authenticationInfo.newCounter, last_used_at: context.now() })
      .where('id', '=', passkey.id)
      .execute()
    return { person: toPerson(person), keyid: passkey.keyid }
  })
}

/** A person's passkeys, the revoked included. */
export async function listPasskeys(context: Pick<AuthContext, 'db'>, personId: string): Promise<Passkey[]> {
  const rows = await tables(context.db)
    .selectFrom('auth.passkey')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('created_at')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    keyid: row.keyid,
    label: row.label,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at ?? undefined,
    revoked: row.revoked_at !== null,
  }))
}

/**
 * Revokes one passkey of this person; what it signed before stays signed. The last one may go too: an owner can then
 * send a new link. It acts first; `recordRevocations` makes evidence of it. Throws `not-found`.
 */
export async function revokePasskey(
  context: Pick<AuthContext, 'db' | 'now'>,
  personId: string,
  id: string,
): Promise<void> {
  await context.db.kysely.transaction().execute(async (tx) => {
    const row = await tables(tx)
      .updateTable('auth.passkey')
      .set({ revoked_at: context.now() })
      .where('id', '=', id)
      .where('person_id', '=', personId)
      .where('revoked_at', 'is', null)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw new AvouchError('not-found', 'There is no such passkey', { where: 'passkey' })
    await noteRevocation(tx, context.now(), { credential: credentialOf(row) })
  })
}

/** The standing credential with this keyid and whose it is; undefined where it is unknown or revoked. */
export async function findCredential(
  context: Pick<AuthContext, 'db'>,
  keyid: string,
): Promise<{ credential: Credential; personId: string } | undefined> {
  const row = await tables(context.db)
    .selectFrom('auth.passkey')
    .selectAll()
    .where('keyid', '=', keyid)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
  return row && { credential: credentialOf(row), personId: row.person_id }
}

/** The person whose passkey one of these key ids is or was: what a revoked one signed before stays signed. */
export async function findSigner(
  context: Pick<AuthContext, 'db'>,
  keyids: readonly string[],
): Promise<string | undefined> {
  if (keyids.length === 0) return undefined
  const row = await tables(context.db)
    .selectFrom('auth.passkey')
    .select('person_id')
    .where('keyid', 'in', [...keyids])
    .executeTakeFirst()
  return row?.person_id
}

/** The row of a person who may hold passkeys: active, or invited where `invited` says so. */
export async function personRow(context: Pick<AuthContext, 'db'>, id: string) {
  const row = await tables(context.db)
    .selectFrom('auth.person')
    .selectAll()
    .where('id', '=', id)
    .where('state', '<>', 'disabled')
    .executeTakeFirst()
  if (!row) throw noSuchPerson(id)
  return row
}

/** A ceremony inside another site's frame could be clickjacked; none of ours are. */
function refuseFramed(clientDataJSON: string): void {
  const data: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString('utf8'))
  if (data && typeof data === 'object' && 'crossOrigin' in data && data.crossOrigin === true)
    throw new AvouchError('unauthenticated', "The passkey was used inside another site's frame", {
      where: 'clientDataJSON.crossOrigin',
      fix: 'Open this installation in a tab of its own.',
    })
}

function unknownPasskey(): AvouchError {
  return new AvouchError('unauthenticated', 'This passkey is not known here, or was revoked', {
    where: 'passkey',
    fix: 'Use another passkey, or ask an owner for a new link.',
  })
}

function refused(cause: unknown): AvouchError {
  const reason = cause instanceof Error ? `: ${cause.message}` : ''
  return new AvouchError('unauthenticated', `The passkey's answer does not hold${reason}`, {
    where: 'passkey',
    fix: 'Begin again, at the address given in AVOUCH_URL.',
    cause,
  })
}
