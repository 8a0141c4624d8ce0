import { randomBytes } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { sql } from 'kysely'
import { type RobustnessPlan, type RobustnessResult, robustnessPlan, robustnessResult } from './evidence.ts'
import type { Judged, Outcome, Try } from './tally.ts'

type Entry = { outcome: Outcome } | { judged: Judged } | { attempt: Try }

/** What a run executed so far. It outlives the program: each try stands from the moment it is kept. */
export type Journal = {
  /** Id of the plan's evidence. */
  id: string
  plan: RobustnessPlan
  /** The key that its marks are made under, and nothing else. */
  key: Uint8Array
  outcomes: Outcome[]
  judged: Judged[]
  attempts: Try[]
  /** Whether a step was executed. */
  has(step: string): boolean
  /** Keeps what a step came to; where it was executed before, that stands. */
  keep(step: string, entry: Entry): Promise<void>
  /** Records the result, once, and forgets the tries. Returns its id. Throws `conflict` where there is one already. */
  finish(result: Omit<RobustnessResult, keyof RobustnessPlan | 'plan'>): Promise<string>
}

/** Logs the plan, and begins to keep what is executed. */
export async function beginJournal(installation: Installation, plan: RobustnessPlan): Promise<Journal> {
  const { db, evidence } = installation
  const key = new Uint8Array(randomBytes(32))
  const id = await db.kysely.transaction().execute(async (tx) => {
    const planned = await evidence.accept(tx, { type: robustnessPlan, fields: plan, about: {} })
    await sql`insert into content_provenance.robustness (plan, key)
      values (${planned.id}, ${Buffer.from(key)})`.execute(tx)
    return planned.id
  })
  await evidence.logged([id])
  return journalOf(installation, { id, plan, key }, [])
}

/** What was kept of a planned run. Throws `not-found` where there is none without a result, and names those there are. */
export async function openJournal(installation: Installation, id: string): Promise<Journal> {
  const { db, evidence } = installation
  const open = await sql<{ plan: string; key: Buffer }>`select plan, key from content_provenance.robustness
    order by plan`.execute(db.kysely)
  const found = open.rows.find(({ plan }) => plan === id)
  const record = found && (await evidence.get(id))
  if (found === undefined || record === undefined)
    throw new AvouchError('not-found', 'no run of this plan waits to go on', {
      where: id.slice(0, 100),
      fix:
        open.rows.length === 0
          ? 'Every run has its result, or was planned elsewhere.'
          : `There are ${open.rows.map(({ plan }) => plan).join(', ')}.`,
    })
  const kept = await sql<{ step: string; outcome: Entry }>`select step, outcome
    from content_provenance.robustness_try where plan = ${id} order by step`.execute(db.kysely)
  const plan = evidence.read(robustnessPlan, record)
  return journalOf(installation, { id, plan, key: new Uint8Array(found.key) }, kept.rows)
}

function journalOf(
  { db, evidence }: Installation,
  { id, plan, key }: Pick<Journal, 'id' | 'plan' | 'key'>,
  kept: readonly { step: string; outcome: Entry }[],
): Journal {
  const steps = new Set(kept.map(({ step }) => step))
  const entries = kept.map(({ outcome }) => outcome)
  const journal: Journal = {
    id,
    plan,
    key,
    outcomes: entries.flatMap((entry) => ('outcome' in entry ? entry.outcome : [])),
    judged: entries.flatMap((entry) => ('judged' in entry ? entry.judged : [])),
    attempts: entries.flatMap((entry) => ('attempt' in entry ? entry.attempt : [])),
    has: (step) => steps.has(step),
    async keep(step, entry) {
      const { numAffectedRows } =
        await sql`insert into content_provenance.robustness_try (plan, step, outcome)
        values (${id}, ${step}, ${JSON.stringify(entry)}::jsonb) on conflict do nothing`.execute(db.kysely)
      steps.add(step)
      if (numAffectedRows === 0n) return
      if ('outcome' in entry) journal.outcomes.push(entry.outcome)
      else if ('judged' in entry) journal.judged.push(entry.judged)
      else journal.attempts.push(entry.attempt)
    },
    async finish(result) {
      const recorded = await db.kysely.transaction().execute(async (tx) => {
        const { numAffectedRows } = await sql`delete from content_provenance.robustness
          where plan = ${id}`.execute(tx)
        if (numAffectedRows !== 1n)
          throw new AvouchError('conflict', 'this run has its result already', { where: id })
        const fields = { ...plan, plan: id, ...result }
        return evidence.accept(tx, { type: robustnessResult, fields, about: {} })
      })
      await evidence.logged([recorded.id])
      return recorded.id
    },
  }
  return journal
}
