import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'

/** What a budget can be kept for: with `person` alone, each person has one for all models and environments. */
export const PER = ['person', 'environment', 'model'] as const

/** The longest span that a budget can look back over, in days. */
export const LONGEST_DAYS = 366

const names = z.array(z.string().min(1).max(200)).min(1).max(100)

const budgetSchema = z
  .strictObject({
    id: z.string().regex(/^[a-z0-9-]{1,60}$/, 'an id has a to z, 0 to 9 and hyphens'),
    per: z.array(z.enum(PER)).min(1).max(PER.length),
    /** Where it counts; everywhere by default. A model is named as `NAME@VERSION`, or as `NAME` for all its versions. */
    only: z.strictObject({ environments: names.optional(), models: names.optional() }).default({}),
    /** Bytes in any 60 minutes. */
    bytesPerHour: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
    /** So many times the model's bytes in any so many days, what is read twice counted twice. */
    share: z
      .strictObject({ of: z.number().gt(0).max(100_000), days: z.int().min(1).max(LONGEST_DAYS) })
      .optional(),
  })
  .refine(({ per }) => new Set(per).size === per.length, 'a dimension stands there twice')
  .refine(({ bytesPerHour, share }) => bytesPerHour !== undefined || share !== undefined, 'it limits nothing')
  .refine(({ per, share }) => share === undefined || per.includes('model'), 'a share is kept per model')
export type Budget = z.output<typeof budgetSchema>

/** How much may be read under leases, as the file that `avouch weights egress set` takes. */
export const limitsSchema = z.strictObject({
  budgets: z
    .array(budgetSchema)
    .max(50)
    .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, 'two budgets have the same id'),
})
export type Limits = z.output<typeof limitsSchema>

/** Who reads what, as budgets look at it. */
export type Reader = { person: string; environment: string; model: string }

/** So many bytes in any span of so many seconds. */
export type Cap = { bytes: number; seconds: number }

export const HOUR = 3600
export const DAY = 86_400

/** Reads limits from a file's text. Throws `input`. */
export function readLimits(text: string, where: string): Limits {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new AvouchError('input', `the limits are no JSON: ${(cause as Error).message}`, { where, cause })
  }
  const parsed = limitsSchema.safeParse(json)
  if (parsed.success) return parsed.data
  throw new AvouchError('input', z.prettifyError(parsed.error), {
    where,
    fix: 'Write {"budgets": [{"id", "per": ["person", "model"], "bytesPerHour", "share": {"of", "days"}}]}.',
  })
}

/** Whether a budget counts what this reader reads. */
export function appliesTo({ only }: Budget, { environment, model }: Omit<Reader, 'person'>): boolean {
  const family = model.split('@')[0]!
  return (
    (only.environments?.includes(environment) ?? true) &&
    (only.models === undefined || only.models.includes(model) || only.models.includes(family))
  )
}

/** A budget in bytes, for a model of so many. */
export function capsOf({ bytesPerHour, share }: Budget, modelBytes: number): Cap[] {
  return [
    ...(bytesPerHour === undefined ? [] : [{ bytes: bytesPerHour, seconds: HOUR }]),
    ...(share === undefined ? [] : [{ bytes: Math.floor(share.of * modelBytes), seconds: share.days * DAY }]),
  ]
}

/** In what new limits allow more than the old, in words; empty where they allow nothing more. */
export function looserIn(old: Limits, next: Limits): string[] {
  return old.budgets.flatMap((before) => {
    const after = next.budgets.find(({ id }) => id === before.id)
    if (after === undefined) return [`the budget ${before.id} falls away`]
    const reasons: string[] = []
    if (`${[...before.per].sort()}` !== `${[...after.per].sort()}`)
      reasons.push('it is kept per something else')
    if (isNarrower(before.only.environments, after.only.environments))
      reasons.push('it counts in fewer environments')
    if (isNarrower(before.only.models, after.only.models)) reasons.push('it counts for fewer models')
    if ((after.bytesPerHour ?? Infinity) > (before.bytesPerHour ?? Infinity))
      reasons.push('more bytes an hour')
    if (isLooserShare(before.share, after.share)) reasons.push('a larger share of the model')
    return reasons.map((reason) => `${before.id}: ${reason}`)
  })
}

function isNarrower(before: readonly string[] | undefined, after: readonly string[] | undefined): boolean {
  if (after === undefined) return false
  return before === undefined || before.some((name) => !after.includes(name))
}

function isLooserShare(before: Budget['share'], after: Budget['share']): boolean {
  if (before === undefined) return false
  return after === undefined || after.of > before.of || after.days < before.days
}
