import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { z } from 'zod'
import type { Tx } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { type AccessListener, nameOf, noteRevocation } from './access.ts'
import { credentialOf } from './credential.ts'
import { isRole, type Role } from './permission.ts'
import { LOCAL, type Principal } from './principal.ts'
import { type AuthContext, OWNS, type PersonRow, tables } from './store.ts'

/** Someone of the company, or invited by it. */
export type Person = {
  id: string
  name: string
  email: string | undefined
  roles: Role[]
  /** `invited` until a passkey or a single sign-on account is bound. */
  state: 'invited' | 'active' | 'disabled'
  createdAt: Date
  /** From then on they are let in no more; undefined where nothing was said. */
  until?: Date
}

/** What is said of a person when they are invited. */
export const PersonDraft = z
  .object({
    name: z.string().trim().min(1).max(200),
    /** Only needed where single sign-on is to recognise the person. */
    email: z.email().max(320).optional(),
    roles: z.array(z.string().refine(isRole, 'no such role')).max(20),
    /** When their access ends by itself. */
    until: z.date().optional(),
  })
  .refine(
    ({ roles, until }) => until === undefined || !roles.includes('owner'),
    'the access of an owner does not run out',
  )
export type PersonDraft = z.input<typeof PersonDraft>

/** Reads a row. A role that this version does not know grants nothing and is left out. */
export function toPerson(row: PersonRow): Person {
  return {
    id: row.id,
    name: row.name,
    email: row.email ?? undefined,
    roles: row.roles.filter(isRole),
    state: row.state,
    createdAt: row.created_at,
    ...(row.access_until && { until: row.access_until }),
  }
}

/** Adds a person who has not been here yet. Throws `input`, and `conflict` where the e-mail address is taken. */
export async function createPerson(
  context: Pick<AuthContext, 'db' | 'now'>,
  draft: PersonDraft,
  tx?: Tx,
): Promise<Person> {
  const parsed = PersonDraft.safeParse(draft)
  if (!parsed.success)
    throw new AvouchError('input', z.prettifyError(parsed.error), {
      where: 'person',
      fix: 'Give a name, the roles, and an e-mail address where single sign-on is used.',
    })
  const { name, email, roles, until } = parsed.data
  const row = await tables(tx ?? context.db)
    .insertInto('auth.person')
    .values({
      id: randomUUID(),
      name,
      email: email ?? null,
      roles: [...new Set(roles)],
      state: 'invited',
      handle: randomBytes(32),
      oidc_issuer: null,
      oidc_subject: null,
      created_at: context.now(),
      access_until: until ?? null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
  if (!row)
    throw new AvouchError('conflict', 'Someone with this e-mail address is here already', {
      where: 'person.email',
      fix: 'Send that person a new link instead.',
    })
  return toPerson(row)
}

/** Everyone, the disabled included, in order of arrival. */
export async function listPeople(context: Pick<AuthContext, 'db'>): Promise<Person[]> {
  const rows = await tables(context.db).selectFrom('auth.person').selectAll().orderBy('created_at').execute()
  return rows.map(toPerson)
}

/** Throws `not-found`. */
export async function getPerson(context: Pick<AuthContext, 'db'>, id: string, tx?: Tx): Promise<Person> {
  const row = await tables(tx ?? context.db)
    .selectFrom('auth.person')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) throw noSuchPerson(id)
  return toPerson(row)
}

/**
 * These people as they are, held so until the transaction ends: who is to be disabled or given other roles waits for
 * it. Unknown ids are left out.
 */
export async function lockPeople(tx: Tx, ids: readonly string[]): Promise<Person[]> {
  const rows = await tables(tx)
    .selectFrom('auth.person')
    .selectAll()
    .where('id', 'in', [...ids])
    .orderBy('id')
    .forShare()
    .execute()
  return rows.map(toPerson)
}

/** Gives a person exactly these roles. Throws `conflict` rather than leave the installation without an active owner. */
export async function setRoles(
  context: Pick<AuthContext, 'db'>,
  id: string,
  roles: Role[],
  onChange?: AccessListener,
): Promise<Person> {
  return context.db.kysely.transaction().execute(async (tx) => {
    await keepAnOwner(tx, id, (person) => person.state === 'active' && !roles.includes('owner'))
    const row = await tables(tx)
      .updateTable('auth.person')
      .set({ roles: [...new Set(roles)] })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw noSuchPerson(id)
    await onChange?.(tx, { change: 'roles-set', person: id, granted: row.roles })
    return toPerson(row)
  })
}

/** Lets a person in until this moment and no longer. Throws `not-found`, and `conflict` for an owner. */
export async function setAccessUntil(
  context: Pick<AuthContext, 'db'>,
  tx: Tx,
  id: string,
  until: Date,
): Promise<Person> {
  const row = await tables(tx)
    .updateTable('auth.person')
    .set({ access_until: until })
    .where('id', '=', id)
    .where(sql<boolean>`not ${OWNS}`)
    .returningAll()
    .executeTakeFirst()
  if (row) return toPerson(row)
  await getPerson(context, id, tx)
  throw new AvouchError('conflict', 'The access of an owner does not run out', { where: 'person.until' })
}

/**
 * Ends a person's access at once: sessions, API keys and passkeys are revoked. It acts first; `recordRevocations` makes
 * evidence of it.
 */
export async function disablePerson(
  context: Pick<AuthContext, 'db' | 'now'>,
  id: string,
  by: Principal = LOCAL,
): Promise<Person> {
  const now = context.now()
  return context.db.kysely.transaction().execute(async (tx) => {
    await keepAnOwner(tx, id, () => true)
    const db = tables(tx)
    const row = await db
      .updateTable('auth.person')
      .set({ state: 'disabled' })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirst()
    if (!row) throw noSuchPerson(id)
    for (const table of ['auth.session', 'auth.api_key'] as const)
      await db
        .updateTable(table)
        .set({ revoked_at: now })
        .where('person_id', '=', id)
        .where('revoked_at', 'is', null)
        .execute()
    await db
      .updateTable('auth.invitation')
      .set({ used_at: now })
      .where('person_id', '=', id)
      .where('used_at', 'is', null)
      .execute()
    const passkeys = await db
      .updateTable('auth.passkey')
      .set({ revoked_at: now })
      .where('person_id', '=', id)
      .where('revoked_at', 'is', null)
      .returningAll()
      .execute()
    for (const passkey of passkeys) await noteRevocation(tx, now, { credential: credentialOf(passkey) })
    await noteRevocation(tx, now, {
      access: { change: 'disabled', person: id, granted: [], by: nameOf(by) },
    })
    return toPerson(row)
  })
}

/** Locks the active owners and refuses where the change would leave none. */
async function keepAnOwner(tx: Tx, id: string, loses: (person: Person) => boolean): Promise<void> {
  const owners = await tables(tx)
    .selectFrom('auth.person')
    .selectAll()
    .where('state', '=', 'active')
    .where(OWNS)
    .orderBy('id')
    .forUpdate()
    .execute()
  const person = owners.find((owner) => owner.id === id)
  if (person && owners.length === 1 && loses(toPerson(person)))
    throw new AvouchError('conflict', 'This is the only active owner', {
      where: 'person.roles',
      fix: 'Make someone else an owner first.',
    })
}

/** The error for an id that names nobody. */
export function noSuchPerson(id: string): AvouchError {
  return new AvouchError('not-found', 'There is no such person', { where: `person ${id}` })
}
