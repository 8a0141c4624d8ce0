import type { Database, Tables, Tx } from '@avouch/core/db'
import { type Kysely, sql } from 'kysely'

/** A name that stands in events for a person who is enrolled here. */
export type Identity = { name: string; person: string; evidence: string; since: Date }

const on = (from: Database | Tx): Kysely<Tables> => ('kysely' in from ? from.kysely : from)

export async function listIdentities(db: Database): Promise<Identity[]> {
  const found = await sql<Identity>`select name, person, evidence, since from weight_security.identity
    order by person, name limit 100000`.execute(db.kysely)
  return found.rows
}

/** Whom these names stand for, by name; those that are not linked are left out. */
export async function identitiesOf(
  from: Database | Tx,
  names: readonly string[],
): Promise<Map<string, string>> {
  const found = await sql<Identity>`select name, person from weight_security.identity
    where name = any(${[...names]}::text[])`.execute(on(from))
  return new Map(found.rows.map(({ name, person }) => [name, person]))
}

export async function putIdentity(tx: Tx, { name, person, evidence, since }: Identity): Promise<void> {
  await sql`insert into weight_security.identity (name, person, evidence, since)
    values (${name}, ${person}, ${evidence}, ${since})
    on conflict (name) do update set person = excluded.person, evidence = excluded.evidence,
      since = excluded.since`.execute(tx)
}

export async function removeIdentity(tx: Tx, name: string): Promise<void> {
  await sql`delete from weight_security.identity where name = ${name}`.execute(tx)
}

/** Which of these names are neither linked to a person nor the id of one. */
export async function unlinkedOf(db: Database, names: readonly string[]): Promise<string[]> {
  const found = await sql<{ name: string }>`select name from unnest(${[...names]}::text[]) given (name)
    where not exists (select from weight_security.identity known where known.name = given.name)
      and not exists (select from auth.person person where person.id::text = given.name)
    order by name`.execute(db.kysely)
  return found.rows.map(({ name }) => name)
}

/**
 * Which of these names are this person's e-mail address, alone or as the last part of a resource name, as audit logs write
 * whoever signed in through a company's directory. That needs nobody to link it.
 */
export async function addressesOf(tx: Tx, person: string, names: readonly string[]): Promise<string[]> {
  const found = await sql<{ name: string }>`select given.name from unnest(${[...names]}::text[]) given (name)
    join auth.person one on one.id::text = ${person}
    where lower(given.name) = lower(one.email)
      or right(lower(given.name), length(one.email) + 1) in ('/' || lower(one.email), ':' || lower(one.email))`.execute(
    tx,
  )
  return found.rows.map(({ name }) => name)
}
