import { randomUUID } from 'node:crypto'
import { listPeople, may, type Permission } from '@avouch/core/auth'
import type { Database, Tx } from '@avouch/core/db'
import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'

export const NOTICES = ['break-glass', 'review-due', 'request'] as const
/** What somebody is told of. */
export type NoticeKind = (typeof NOTICES)[number]

/** Something a person is to be told of; `about` is the id of the case, review or request. */
export type Notice = { id: string; kind: NoticeKind; about: string; madeAt: Date; seenAt: Date | undefined }

/** Ids of the active people whose roles grant a permission, but for one. */
export async function peopleWith(
  installation: Pick<Installation, 'db' | 'now'>,
  permission: Permission,
  except?: string,
): Promise<string[]> {
  const now = installation.now()
  const session = { id: '', steppedUpAt: undefined, expiresAt: now }
  return (await listPeople(installation))
    .filter((person) => person.id !== except && (person.until === undefined || person.until > now))
    .filter((person) => may({ kind: 'person', person, session }, permission))
    .map(({ id }) => id)
}

/** Tells each of these people, once. */
export async function notify(
  tx: Tx,
  at: Date,
  kind: NoticeKind,
  about: string,
  people: readonly string[],
): Promise<void> {
  if (people.length === 0) return
  await sql`insert into weight_security.notice (id, person, kind, about, made_at)
    select * from unnest(${people.map(() => randomUUID())}::uuid[], ${[...people]}::uuid[],
      ${people.map(() => kind)}::text[], ${people.map(() => about)}::uuid[],
      ${people.map(() => at)}::timestamptz[])
    on conflict (person, kind, about) do nothing`.execute(tx)
}

/** What a person was told of, the newest first. */
export async function listNotices(db: Database, person: string): Promise<Notice[]> {
  const found = await sql<Omit<Notice, 'seenAt'> & { seen: Date | null }>`
    select id, kind, about, made_at as "madeAt", seen_at as seen from weight_security.notice
    where person = ${person} order by made_at desc limit 200`.execute(db.kysely)
  return found.rows.map(({ seen, ...notice }) => ({ ...notice, seenAt: seen ?? undefined }))
}

/** That the person has seen it. */
export async function seeNotice(db: Database, person: string, id: string, at: Date): Promise<void> {
  await sql`update weight_security.notice set seen_at = coalesce(seen_at, ${at})
    where id = ${id} and person = ${person}`.execute(db.kysely)
}
