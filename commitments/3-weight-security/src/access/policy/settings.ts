import { AvouchError } from '@avouch/core/errors'
import { parse } from 'yaml'
import { z } from 'zod'
import { type PolicyFiles, SETTINGS } from './files.ts'

const words = z.array(z.string().min(1).max(100)).max(50)
const days = z.int().min(1).max(366)

/** What policies need besides: `access.yaml`. */
export const settingsSchema = z.strictObject({
  /** NAME or NAME@VERSION → its projects; `*` for all others. */
  models: z.record(z.string().min(1).max(200), words).default({}),
  rings: z.strictObject({ days: days.default(30), people: z.int().min(2).max(12).default(4) }).prefault({}),
  approversOfDifferentTeams: z.boolean().default(false),
  /** Which checkpoint has to cover a grant before its leases count; a broken glass counts with `signed` always. */
  proof: z.enum(['signed', 'witnessed', 'published']).default('signed'),
  breakGlass: z.strictObject({ reviewDays: z.int().min(1).max(30).default(7) }).prefault({}),
  reviews: z
    .strictObject({ everyDays: days.default(90), withinDays: z.int().min(1).max(90).default(14) })
    .prefault({}),
})
export type Settings = z.output<typeof settingsSchema>

/** Reads `access.yaml`; what it leaves out has the values that ship. Throws `input` naming the key that is wrong. */
export function readSettings(files: PolicyFiles): Settings {
  const parsed = settingsSchema.safeParse(readYaml(files[SETTINGS] ?? '{}', SETTINGS) ?? {})
  if (parsed.success) return parsed.data
  throw new AvouchError('input', z.prettifyError(parsed.error), { where: SETTINGS })
}

/** One YAML or JSON document. Throws `input`. */
export function readYaml(text: string, where: string): unknown {
  try {
    return parse(text, { maxAliasCount: 20 })
  } catch (cause) {
    throw new AvouchError('input', `it is no YAML: ${cause instanceof Error ? cause.message : cause}`, {
      where,
      cause,
    })
  }
}

/** The projects of a model: by its whole name, else by its name without the version, else those of all others. */
export function projectsOf(settings: Settings, model: string): string[] {
  const name = model.split('@')[0]!
  for (const key of [model, name, '*']) if (Object.hasOwn(settings.models, key)) return settings.models[key]!
  return []
}
