import { randomUUID } from 'node:crypto'
import type { Tx } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { type AuthContext, tables } from './store.ts'

export type Purpose = 'enrol' | 'sign-in' | 'step-up' | 'sign' | 'oidc'

/** Something begun that must be finished once, soon, and for the same purpose. */
export type Ceremony = {
  id: string
  personId: string | undefined
  /** What the answer must carry: a WebAuthn challenge (base64url) or an OpenID state's hash. */
  challenge: string
  detail: Record<string, unknown>
}

/** How long a ceremony may take, in milliseconds. */
export const CEREMONY_MS = 5 * 60_000

/** Keeps a challenge until it is answered. Those nobody answered are cleared on the way. */
export async function openCeremony(
  context: Pick<AuthContext, 'db' | 'now'>,
  purpose: Purpose,
  challenge: string,
  rest: { personId?: string; detail?: Record<string, unknown> } = {},
): Promise<string> {
  const now = context.now()
  const db = tables(context.db)
  await db.deleteFrom('auth.ceremony').where('expires_at', '<', now).execute()
  const id = randomUUID()
  await db
    .insertInto('auth.ceremony')
    .values({
      id,
      purpose,
      person_id: rest.personId ?? null,
      challenge,
      detail: JSON.stringify(rest.detail ?? {}),
      expires_at: new Date(now.getTime() + CEREMONY_MS),
    })
    .execute()
  return id
}

/**
 * Takes a ceremony out, so that an answer counts once whether or not it holds. Throws `unauthenticated` where it is
 * unknown, answered already, too old, or was begun for another purpose.
 */
export async function takeCeremony(
  context: Pick<AuthContext, 'db' | 'now'>,
  id: string,
  purpose: Purpose,
  tx?: Tx,
): Promise<Ceremony> {
  const row = await tables(tx ?? context.db)
    .deleteFrom('auth.ceremony')
    .where('id', '=', id)
    .where('purpose', '=', purpose)
    .where('expires_at', '>', context.now())
    .returningAll()
    .executeTakeFirst()
  if (!row)
    throw new AvouchError('unauthenticated', 'This was answered already, took too long, or was never begun', {
      where: 'ceremony',
      fix: 'Begin again.',
    })
  return { id: row.id, personId: row.person_id ?? undefined, challenge: row.challenge, detail: row.detail }
}
