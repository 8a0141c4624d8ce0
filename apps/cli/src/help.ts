import { styleText } from 'node:util'
import type { StandaloneSubcommand, Subcommand, Verb } from '@avouch/core/verb'
import type { Command } from './commands.ts'

const bold = (text: string): string => styleText('bold', text)
const dim = (text: string): string => styleText('dim', text)

const GLOBAL = [
  ['--json', 'one JSON document on stdout, progress on stderr'],
  ['--home DIR', 'the installation, instead of $AVOUCH_HOME (default ./.avouch)'],
  ['--help', 'this text'],
] as const

/** What `avouch` alone and `avouch --help` print. */
export function overview(all: Record<string, Command>): string {
  const width = Math.max(...Object.keys(all).map((name) => name.length))
  const rows = Object.entries(all).map(([name, { summary }]) => `  ${bold(name.padEnd(width))}  ${summary}`)
  return [
    `${bold('avouch')}: carry out the eight Voluntary AI Commitments, and prove that you did.`,
    '',
    `${dim('Usage:')} avouch COMMAND [ARGUMENTS]      ${dim('help for one:')} avouch COMMAND --help`,
    '',
    ...rows,
    '',
    ...options(GLOBAL),
    '',
    dim(
      'Exit status: 0 done, or yes; 1 done, and the answer is no; 2 bad usage or input; 3 a failure outside.',
    ),
    '',
  ].join('\n')
}

/** Help for a verb that has subcommands. */
export function verbHelp(name: string, command: Command, verb: Verb): string {
  const named = Object.entries(verb)
  const width = Math.max(...named.map(([sub, { positionals }]) => usageOf(sub, positionals).length))
  return [
    `${bold(`avouch ${name}`)}: ${command.summary}`,
    '',
    ...named.map(
      ([sub, { summary, positionals }]) =>
        `  ${bold(`${usageOf(sub, positionals).padEnd(width)}`)}  ${summary}`,
    ),
    '',
    dim(`avouch ${name} SUBCOMMAND --help shows its options.`),
    '',
  ].join('\n')
}

/** Help for one command. Options come from its schemas, so they cannot differ from what is accepted. */
export function subcommandHelp(path: string, sub: Subcommand | StandaloneSubcommand): string {
  const rows = Object.entries(sub.options ?? {}).map(([name, schema]) => optionRow(name, schema))
  const positionals = Object.entries(sub.positionals ?? {})
  return [
    `${bold(`avouch ${path}`)}: ${sub.summary}`,
    '',
    `${dim('Usage:')} avouch ${path} ${usageOf('', sub.positionals)}${rows.length > 0 ? ' [OPTIONS]' : ''}`,
    ...(positionals.length > 0
      ? ['', ...options(positionals.map(([name, what]) => [name.replace(/\?$/, ''), what] as const))]
      : []),
    '',
    ...options([...rows, ...GLOBAL]),
    '',
  ].join('\n')
}

function usageOf(sub: string, positionals: Record<string, string> | undefined): string {
  const words = Object.keys(positionals ?? {}).map((name) =>
    name.endsWith('?') ? `[${name.slice(0, -1)}]` : name,
  )
  return [sub, ...words].filter((word) => word !== '').join(' ')
}

function options(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, what]) => `  ${bold(name.padEnd(width))}  ${what}`)
}

function optionRow(name: string, schema: unknown): readonly [string, string] {
  const { description, kind, many, optional, fallback, values } = describeOption(schema)
  const short = shortOf(schema)
  const flag = `${short === undefined ? '' : `-${short}, `}--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}${kind === 'boolean' ? '' : ' VALUE'}${many ? ' …' : ''}`
  const after =
    fallback !== undefined && fallback !== false && String(fallback) !== ''
      ? ` (default ${String(fallback)})`
      : optional || fallback !== undefined
        ? ''
        : ' (required)'
  // where the text names them already they are not said twice
  const named = values.every((value) => description.includes(value))
  const choice = values.length === 0 || named ? '' : `: ${values.join(', ')}`
  return [flag, `${description}${choice}${after}`]
}

/** The letter of `z.string().meta({ short: 'o' })`. */
function shortOf(schema: unknown): string | undefined {
  const short = (schema as { meta?: () => { short?: unknown } | undefined }).meta?.()?.short
  return typeof short === 'string' ? short : undefined
}

/** Reads a Zod schema without importing Zod: help must be quick. */
function describeOption(schema: unknown): {
  description: string
  kind: string
  many: boolean
  optional: boolean
  fallback: unknown
  /** The values of an enumeration. */
  values: string[]
} {
  type Inner = {
    description?: string
    _zod: {
      def: {
        type: string
        innerType?: Inner
        in?: Inner
        element?: Inner
        defaultValue?: unknown
        entries?: Record<string, string | number>
      }
    }
  }
  let inner = schema as Inner
  let description = ''
  let optional = false
  let fallback: unknown
  for (;;) {
    description ||= inner.description ?? ''
    const { def } = inner._zod
    if (def.type === 'default') fallback = def.defaultValue
    if (def.type === 'default' || def.type === 'optional') optional = true
    const next = def.innerType ?? def.in
    if (next === undefined)
      return {
        description,
        kind: def.type,
        many: def.type === 'array',
        optional: optional || def.type === 'array',
        fallback,
        values: Object.values((def.element?._zod.def ?? def).entries ?? {}).map(String),
      }
    inner = next
  }
}
