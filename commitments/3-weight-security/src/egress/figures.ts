import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { theftEvidence } from './evidence.ts'
import { limitsInForce, modelBytes } from './store.ts'
import { theftOf } from './theft.ts'

/** The arithmetic for a release, at the limits in force. Seconds are lower bounds; null where no limit binds. */
export type TheftFigures = {
  model: string
  modelBytes: number
  /** The evidence of the limits; undefined where none were ever set. */
  limits: string | undefined
  environments: string[]
  alone: number | null
  together: { people: number; seconds: number | null }[]
}

/** Throws `not-found` where no file of the release stands sealed. */
export async function theftFigures(
  { db }: Pick<Installation, 'db'>,
  model: string,
  given: { people: readonly number[]; environments: readonly string[] },
): Promise<TheftFigures> {
  const bytes = await modelBytes(db, model)
  if (bytes === 0)
    throw new AvouchError('not-found', 'no weights of this release stand sealed here', {
      where: model,
      fix: '`avouch weights list` shows those that do.',
    })
  const inForce = await limitsInForce(db)
  const environments = [...new Set(given.environments)]
  const time = (people: number): number | null =>
    theftOf(inForce?.limits ?? { budgets: [] }, { name: model, bytes }, { people, environments }).seconds
  return {
    ...{ model, modelBytes: bytes, environments },
    limits: inForce?.evidence,
    alone: time(1),
    together: given.people.map((people) => ({ people, seconds: time(people) })),
  }
}

/** Makes the figures evidence, for the report to show. Returns its id. Throws `conflict` where no limits were ever set. */
export async function recordTheftFigures(
  { evidence }: Pick<Installation, 'evidence'>,
  { model, modelBytes: bytes, limits, environments, alone, together }: TheftFigures,
): Promise<string> {
  if (limits === undefined)
    throw new AvouchError('conflict', 'no limits have ever been set, so there is nothing to compute from', {
      fix: 'Set some with: avouch weights egress set FILE --reason TEXT',
    })
  const { id } = await evidence.append({
    type: theftEvidence,
    about: { release: model },
    fields: { release: model, limits, modelBytes: bytes, environments: environments.length, alone, together },
  })
  return id
}

/** `at least 12.0 days`, `at least 1 hour`, or that nothing hinders it. */
export function spanInWords(seconds: number | null): string {
  if (seconds === null) return 'no limit hinders it'
  if (seconds === 0) return 'one allowance holds all of it'
  const days = seconds / 86_400
  if (days >= 365_000) return 'more than a thousand years'
  const hours = seconds / 3600
  return days >= 2
    ? `at least ${days.toFixed(1)} days`
    : `at least ${hours} ${hours === 1 ? 'hour' : 'hours'}`
}
