import { parseArgs } from 'node:util'
import { AvouchError } from '@avouch/core/errors'
import type { StandaloneSubcommand, Subcommand } from '@avouch/core/verb'
import { z } from 'zod'

/** `maxTries` → `max-tries`. */
export const kebab = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)

/** What an option's schema accepts, as the help and the parser need it. */
export function optionKind(schema: z.core.$ZodType): {
  kind: 'boolean' | 'string'
  many: boolean
  optional: boolean
  fallback: unknown
} {
  let inner: z.core.$ZodType = schema
  let optional = false
  let fallback: unknown
  for (;;) {
    const def = inner._zod.def as {
      type: string
      innerType?: z.core.$ZodType
      defaultValue?: unknown
      in?: z.core.$ZodType
      element?: z.core.$ZodType
    }
    if (def.type === 'optional' || def.type === 'nullable') optional = true
    else if (def.type === 'default') {
      optional = true
      fallback = def.defaultValue
    } else if (def.type === 'pipe' && def.in) {
      inner = def.in
      continue
    } else if (def.type === 'array') return { kind: 'string', many: true, optional, fallback }
    else return { kind: def.type === 'boolean' ? 'boolean' : 'string', many: false, optional, fallback }
    inner = def.innerType!
  }
}

/** Whether a positional takes all that is left: `FILE…`, or `FILE…?` where there may be none. */
const takesRest = (name: string): boolean => /…\??$/.test(name)

/** Reads a subcommand's own arguments. Throws `usage` naming the argument that is wrong. */
export function parseArguments(
  path: string,
  sub: Subcommand | StandaloneSubcommand,
  argv: string[],
): { args: Record<string, string | undefined>; options: Record<string, unknown> } {
  const shape = sub.options ?? {}
  const fix = `Run \`avouch ${path} --help\`.`
  const { values, positionals } = read(shape, argv, fix)
  const names = Object.keys(sub.positionals ?? {})
  const args: Record<string, string | undefined> = {}
  for (const [i, name] of names.entries()) {
    const plain = name.replace(/[?…]+$/, '')
    // NUL stands in no argument, so it can part those of one name
    args[plain] = takesRest(name) ? positionals.slice(i).join('\0') || undefined : positionals[i]
    if (args[plain] === undefined && !name.endsWith('?'))
      throw new AvouchError('usage', `"avouch ${path}" needs ${plain}: ${sub.positionals![name]}`, { fix })
  }
  if (positionals.length > names.length && !takesRest(names.at(-1) ?? ''))
    throw new AvouchError(
      'usage',
      `"avouch ${path}" does not know what to do with "${positionals[names.length]}"`,
      { fix },
    )
  const given = Object.fromEntries(Object.keys(shape).map((name) => [name, values[kebab(name)]]))
  const parsed = z.object(shape).safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    const name = kebab(String(issue.path[0] ?? ''))
    const missing = values[name] === undefined
    throw new AvouchError(
      'usage',
      missing ? `--${name} is missing` : `--${name} ${String(values[name])}: ${inWords(issue)}`,
      { where: `--${name}`, fix },
    )
  }
  return { args, options: parsed.data }
}

/** What is wrong with a value; text that is too short is told by its characters. */
function inWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small' && issue.origin === 'string')
    return `too short, ${issue.minimum} characters at least`
  return issue.message
}

/** The one letter that stands for an option too: `z.string().meta({ short: 'o' })`. */
export function shortOf(schema: z.core.$ZodType): string | undefined {
  const short = z.globalRegistry.get(schema)?.short
  return typeof short === 'string' && /^[a-z]$/.test(short) ? short : undefined
}

function read(
  shape: z.ZodRawShape,
  argv: string[],
  fix: string,
): { values: Record<string, unknown>; positionals: string[] } {
  const options = Object.fromEntries(
    Object.entries(shape).map(([name, schema]) => {
      const { kind, many } = optionKind(schema)
      const short = shortOf(schema)
      return [kebab(name), { type: kind, multiple: many, ...(short !== undefined && { short }) }]
    }),
  )
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true })
  } catch (error) {
    throw new AvouchError('usage', (error as Error).message.split('. To specify')[0]!, { fix, cause: error })
  }
}
