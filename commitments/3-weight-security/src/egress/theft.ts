import { appliesTo, type Budget, capsOf, HOUR, type Limits } from './limits.ts'

/** Who would steal: so many people together, each with leases on the whole model in all of these environments. */
export type Thieves = { people: number; environments: readonly string[] }

export type Theft = {
  /**
   * The fewest seconds between the first byte and the last of the whole model, or null where no limit binds at any time.
   * 0 says that one hour's or window's allowance holds all of it.
   */
  seconds: number | null
  /** Budgets that count what such thieves read. */
  budgets: string[]
}

/** Beyond a thousand years nobody counts. */
const MOST_HOURS = 8_766_000

/**
 * How long stealing a whole model takes at the limits in force, for thieves who know them, waste no byte, never read
 * anything twice and have all the leases they want. It is a lower bound: a window's whole allowance is taken at its very
 * beginning, together with that of every other budget, and neither bandwidth nor detection slows anybody.
 */
export function theftOf(limits: Limits, model: { name: string; bytes: number }, thieves: Thieves): Theft {
  const budgets = limits.budgets.filter((budget) =>
    thieves.environments.some((environment) => appliesTo(budget, { environment, model: model.name })),
  )
  const enough = (hours: number): boolean => most(budgets, model, thieves, hours) >= model.bytes
  const ids = budgets.map(({ id }) => id)
  if (most(budgets, model, thieves, 0) === Number.POSITIVE_INFINITY) return { seconds: null, budgets: ids }
  // windows are whole hours, so what can be taken grows at whole hours only
  let [low, high] = [0, MOST_HOURS]
  if (!enough(high)) return { seconds: MOST_HOURS * HOUR, budgets: ids }
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (enough(middle)) high = middle
    else low = middle + 1
  }
  return { seconds: low * HOUR, budgets: ids }
}

/** Bytes that can be taken within so many hours at most: no sum of what single budgets let pass is exceeded. */
function most(
  budgets: readonly Budget[],
  model: { name: string; bytes: number },
  { people, environments }: Thieves,
  hours: number,
): number {
  const allowed = (budget: Budget): number =>
    Math.min(
      ...capsOf(budget, model.bytes).map(
        ({ bytes, seconds }) => bytes * (Math.floor((hours * HOUR) / seconds) + 1),
      ),
    ) * (budget.per.includes('person') ? people : 1)
  const counts = (budget: Budget, environment: string): boolean =>
    appliesTo(budget, { environment, model: model.name })
  // what each environment lets out by the budgets kept for it alone
  const each = new Map(
    environments.map((environment) => [
      environment,
      Math.min(
        Number.POSITIVE_INFINITY,
        ...budgets
          .filter((budget) => budget.per.includes('environment') && counts(budget, environment))
          .map(allowed),
      ),
    ]),
  )
  const sum = (chosen: readonly string[]): number =>
    chosen.reduce((all, one) => all + (each.get(one) ?? 0), 0)
  const shared = budgets
    .filter((budget) => !budget.per.includes('environment'))
    .map((budget) => allowed(budget) + sum(environments.filter((one) => !counts(budget, one))))
  return Math.min(sum(environments), ...shared)
}
