import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { AvouchError } from '../errors.ts'
import { type AccessListener, noteRevocation } from './access.ts'
import { isPattern } from './permission.ts'
import type { Principal } from './principal.ts'
import { activePerson } from './session.ts'
import { type AuthContext, tables } from './store.ts'
import { hashToken, looksLikeToken, newToken } from './token.ts'

/** What every key begins with, so that people and secret scanners recognise one. */
export const API_KEY_PREFIX = 'avk_'
/** The longest life of a key, in days. */
export const API_KEY_DAYS = 366
const MOST_KEYS = 50
const TOUCH_MS = 60_000

export type ApiKey = {
  id: string
  name: string
  scopes: string[]
  createdAt: Date
  expiresAt: Date
  usedAt: Date | undefined
  revoked: boolean
}

/** What is said of a key when it is made. `scopes` are permissions; either half may be `*`. */
export const ApiKeyDraft = z.object({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.string().max(100).refine(isPattern, 'must be <area>:<verb>')).min(1).max(50),
  days: z.number().int().min(1).max(API_KEY_DAYS).default(90),
})
export type ApiKeyDraft = z.input<typeof ApiKeyDraft>

type Needs = Pick<AuthContext, 'db' | 'now'>

/** Makes a key for a person; the secret is returned this once. Throws `input`, and `limit` at 50 standing keys. */
export async function createApiKey(
  context: Needs,
  personId: string,
  draft: ApiKeyDraft,
  onChange?: AccessListener,
): Promise<{ secret: string; key: ApiKey }> {
  const parsed = ApiKeyDraft.safeParse(draft)
  if (!parsed.success) throw new AvouchError('input', z.prettifyError(parsed.error), { where: 'key' })
  const now = context.now()
  const standing = (await listApiKeys(context, personId)).filter((key) => !key.revoked && key.expiresAt > now)
  if (standing.length >= MOST_KEYS)
    throw new AvouchError('limit', `There are ${MOST_KEYS} keys already`, {
      where: 'key',
      fix: 'Revoke one that is no longer used.',
    })
  const { token, hash } = newToken(API_KEY_PREFIX)
  const row = await context.db.kysely.transaction().execute(async (tx) => {
    const inserted = await tables(tx)
      .insertInto('auth.api_key')
      .values({
        id: randomUUID(),
        token_hash: hash,
        person_id: personId,
        name: parsed.data.name,
        scopes: parsed.data.scopes,
        created_at: now,
        expires_at: new Date(now.getTime() + parsed.data.days * 86_400_000),
        used_at: null,
        revoked_at: null,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    await onChange?.(tx, { change: 'key-made', person: personId, granted: inserted.scopes })
    return inserted
  })
  return { secret: token, key: toKey(row) }
}

/** A person's keys, the revoked and expired included, newest first. */
export async function listApiKeys(context: Pick<AuthContext, 'db'>, personId: string): Promise<ApiKey[]> {
  const rows = await tables(context.db)
    .selectFrom('auth.api_key')
    .selectAll()
    .where('person_id', '=', personId)
    .orderBy('created_at', 'desc')
    .execute()
  return rows.map(toKey)
}

/** Ends a key at once; `recordRevocations` makes evidence of it. Throws `not-found`. */
export async function revokeApiKey(context: Needs, personId: string, id: string): Promise<void> {
  await context.db.kysely.transaction().execute(async (tx) => {
    const at = context.now()
    const row = await tables(tx)
      .updateTable('auth.api_key')
      .set({ revoked_at: at })
      .where('id', '=', id)
      .where('person_id', '=', personId)
      .where('revoked_at', 'is', null)
      .returning('scopes')
      .executeTakeFirst()
    if (!row) throw new AvouchError('not-found', 'There is no such key', { where: `key ${id}` })
    await noteRevocation(tx, at, {
      access: { change: 'key-revoked', person: personId, granted: row.scopes, by: personId },
    })
  })
}

/** Who holds this secret, or undefined where it is unknown, revoked, expired, or its person not active. */
export async function findApiKey(
  context: Needs,
  secret: string,
): Promise<(Principal & { kind: 'key' }) | undefined> {
  if (!secret.startsWith(API_KEY_PREFIX) || !looksLikeToken(secret)) return undefined
  const now = context.now()
  const row = await tables(context.db)
    .selectFrom('auth.api_key')
    .selectAll()
    .where('token_hash', '=', hashToken(secret))
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst()
  const person = row && (await activePerson(context, row.person_id))
  if (!row || !person) return undefined
  if (!row.used_at || now.getTime() - row.used_at.getTime() > TOUCH_MS)
    await tables(context.db)
      .updateTable('auth.api_key')
      .set({ used_at: now })
      .where('id', '=', row.id)
      .execute()
  return { kind: 'key', person, key: { id: row.id, name: row.name, scopes: row.scopes } }
}

function toKey(row: {
  id: string
  name: string
  scopes: string[]
  created_at: Date
  expires_at: Date
  used_at: Date | null
  revoked_at: Date | null
}): ApiKey {
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    usedAt: row.used_at ?? undefined,
    revoked: row.revoked_at !== null,
  }
}
