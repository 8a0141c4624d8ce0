import type { Installation } from '@avouch/core/installation'
import { knownEvents } from '../following/known.ts'
import { Coverage, type Covered, DAYS, type ModelSize } from './coverage.ts'

const DAY = 86_400_000

/** Who read what share of which model in the 90 days before a moment. */
export type CoverageAnswer = {
  from: string
  to: string
  /** Models whose size is known, in segments. */
  sizes: Map<string, ModelSize>
  covered: Covered[]
  /** Models that stand sealed while their mapping tells of other objects: the logs' reads of them have no place. */
  unplaced: string[]
  /** Reads of so many people that they are not told apart. */
  uncounted: number
}

/** Answered from the chained record of reads under leases and the audit logs that were taken in; what was refused or failed read nothing. */
export async function coverageOf(
  installation: Installation,
  { model, asOf = installation.now() }: { model?: string | undefined; asOf?: Date | undefined } = {},
): Promise<CoverageAnswer> {
  const { db } = installation
  const from = new Date(asOf.getTime() - DAYS * DAY)
  const { sizes, unplaced, events } = await knownEvents(db, {
    from,
    to: asOf,
    ...(model !== undefined && { model }),
  })
  const coverage = new Coverage(sizes)
  for await (const page of events)
    for (const { at, person, action, model: of, segments, bytes, told, within, possible, outcome } of page)
      if (of !== undefined && outcome === 'ok' && (action === 'read' || action === 'export'))
        coverage.add({ ...{ at, person, model: of, segments, bytes, told, within, possible } })
  return {
    ...{ from: from.toISOString(), to: asOf.toISOString(), sizes, unplaced },
    ...{ covered: coverage.answer(model), uncounted: coverage.uncounted },
  }
}

/** The same as a document. */
export function viewCoverage({
  from,
  to,
  sizes,
  covered,
  unplaced,
  uncounted,
}: CoverageAnswer): Record<string, unknown> {
  return {
    ...{ days: DAYS, from, to, uncounted },
    models: [...new Set(covered.map(({ model }) => model))].map((name) => ({
      model: name,
      segments: sizes.get(name)?.segments ?? null,
      unplaced: unplaced.includes(name),
      all: view(covered.find(({ model, person }) => model === name && person === null)!),
      people: covered.filter(({ model, person }) => model === name && person !== null).map(view),
    })),
  }
}

function view({ model: _, from, to, ...rest }: Covered): Record<string, unknown> {
  return { ...rest, from: new Date(from).toISOString(), to: new Date(to).toISOString() }
}
