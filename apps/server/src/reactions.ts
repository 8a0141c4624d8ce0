import type { Commitment } from '@avouch/core/commitment'
import type { Migrations } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { Jobs } from '@avouch/core/work'
import { sql } from 'kysely'

/** Which job has been given which evidence: each once, however many processes look. */
export const reactionMigrations: Migrations = {
  schema: 'reaction',
  steps: {
    '0001-start': `
      create table reaction.given (
        job text not null,
        evidence uuid not null,
        given_at timestamptz not null default now(),
        primary key (job, evidence)
      );
    `,
  },
}

/** A predicate type and the job that hears of each such evidence. */
export type Reaction = { type: string; job: string }

const EVERY_MS = 1000
const BATCH = 500

/** What the commitments declare in `reacts`. Throws `internal` where one names a job that is not its own. */
export async function reactionsOf(commitments: Commitment[]): Promise<Reaction[]> {
  const reactions: Reaction[] = []
  for (const commitment of commitments) {
    const declared = Object.entries(commitment.reacts ?? {})
    if (declared.length === 0) continue
    const own: Jobs = (await commitment.jobs?.()) ?? {}
    for (const [type, job] of declared) {
      if (!Object.hasOwn(own, job))
        throw new AvouchError(
          'internal',
          `${commitment.name} reacts with ${job}, which is no job of its own`,
          {
            where: commitment.name,
          },
        )
      reactions.push({ type, job })
    }
  }
  return reactions
}

/**
 * Queues each reaction's job, `{evidence: id}`, for every logged evidence of its type that has not been given to it;
 * note and job are one transaction. Returns how many were queued.
 */
export async function react(installation: Installation, reactions: Reaction[]): Promise<number> {
  let queued = 0
  for (const { type, job } of reactions)
    queued += await installation.db.kysely.transaction().execute(async (tx) => {
      const { rows } = await sql<{ evidence: string }>`
        insert into reaction.given (job, evidence)
        select ${job}, r.id from evidence.entry r, log.head h
        where r.predicate_type = ${type} and (r.epoch, r.leaf_index) < (h.epoch, h.size)
          and not exists (select from reaction.given g where g.job = ${job} and g.evidence = r.id)
        order by r.accepted limit ${BATCH}
        on conflict do nothing returning evidence`.execute(tx)
      for (const { evidence } of rows)
        await installation.work.add(job, { evidence }, { tx, key: `${job}/${evidence}` })
      return rows.length
    })
  return queued
}

/** Looks once a second until stopped. A failure is logged and tried again. */
export function keepReacting(installation: Installation, reactions: Reaction[]): () => void {
  if (reactions.length === 0) return () => {}
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const look = async () => {
    let queued = 0
    try {
      queued = await react(installation, reactions)
    } catch (error) {
      if (!stopped) installation.log.error({ err: error }, 'reactions could not be queued; trying again')
    }
    if (!stopped) timer = setTimeout(() => void look(), queued > 0 ? 0 : EVERY_MS)
  }
  void look()
  return () => {
    stopped = true
    clearTimeout(timer)
  }
}
