import type { Principal } from '@avouch/core/auth'
import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import { READS_JOB, type Read, recordRead } from './record.ts'

/** Refused reads by one hand that are looked at, and stand in the record one by one, in a slot of five minutes. */
export const MOST_REFUSALS = 30
const SLOT_MS = 300_000

type Needs = Pick<Installation, 'db' | 'now' | 'work'>

/** Whose hand it is: each API key has its own count, so that a stolen one keeps nobody else out, its owner neither. */
function askerOf(by: Principal): string {
  if (by.kind === 'key') return `key:${by.key.id}`
  return by.kind === 'person' ? `person:${by.person.id}` : by.kind
}

const slotOf = (now: Date): number => Math.floor(now.getTime() / SLOT_MS)

/** Throws `limit` where so many reads by this hand were refused of late that none is looked at, whatever it is for. */
export async function refuseFlood({ db, now }: Needs, by: Principal): Promise<void> {
  const slot = slotOf(now())
  const found = await sql<{ count: number }>`select count from weight_security.refusal
    where asker = ${askerOf(by)} and slot = ${slot}`.execute(db.kysely)
  if ((found.rows[0]?.count ?? 0) < MOST_REFUSALS) return
  const end = new Date((slot + 1) * SLOT_MS).toISOString()
  throw new AvouchError('limit', `too many of your reads were refused: none is looked at before ${end}`, {
    where: `${MOST_REFUSALS} in five minutes`,
    fix: 'Find out why they are refused before you try again; every attempt is counted.',
  })
}

/** Puts a refused read on record: one by one up to a number, those beyond it as one entry once the slot is over. */
export async function recordRefusal(installation: Needs, by: Principal, read: Read): Promise<void> {
  const { db, now, work } = installation
  const slot = slotOf(now())
  const count = await db.kysely.transaction().execute(async (tx) => {
    const found = await sql<{ count: number }>`insert into weight_security.refusal as refusal
      (asker, slot, count) values (${askerOf(by)}, ${slot}, 1)
      on conflict (asker, slot) do update set count = refusal.count + 1,
        last = case when refusal.count >= ${MOST_REFUSALS} then ${JSON.stringify(read)}::jsonb end
      returning count`.execute(tx)
    const { count } = found.rows[0]!
    if (count === MOST_REFUSALS + 1)
      await work.add(
        READS_JOB,
        {},
        {
          tx,
          key: `weight-refusals-${slot}`,
          runAt: new Date(Date.now() + (slot + 1) * SLOT_MS - now().getTime()),
        },
      )
    return count
  })
  if (count <= MOST_REFUSALS) await recordRead(installation, read)
}

/** Tells in the record of what was refused in slots that are over and stands there only as a number yet. */
export async function tellRefusals(installation: Needs): Promise<void> {
  for (;;) {
    const more = await installation.db.kysely.transaction().execute(async (tx) => {
      const slot = slotOf(installation.now())
      const over = await takeOver(tx, slot)
      if (over) await recordRead(installation, { ...over.last, times: over.count - MOST_REFUSALS }, tx)
      return over !== undefined
    })
    if (!more) return
  }
}

async function takeOver(tx: Tx, slot: number): Promise<{ last: Read; count: number } | undefined> {
  await sql`delete from weight_security.refusal where slot < ${slot} and last is null`.execute(tx)
  const found = await sql<{ last: Read; count: number }>`delete from weight_security.refusal
    where (asker, slot) = (select asker, slot from weight_security.refusal where slot < ${slot}
      order by slot, asker limit 1 for update skip locked) returning last, count`.execute(tx)
  return found.rows[0]
}
