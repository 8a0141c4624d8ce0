import { readFile } from 'node:fs/promises'
import { loadConfig } from '@avouch/core/config'
import { discoverCommitments } from '@avouch/core/discover'
import { AvouchError, exitStatus } from '@avouch/core/errors'
import type { StandaloneSubcommand, Subcommand, Verb } from '@avouch/core/verb'
import { type Command, commands } from './commands.ts'
import { splitGlobals } from './globals.ts'
import { shownJson, shownLines } from './shown.ts'
import { openTerminal } from './terminal.ts'

/** Runs one command line and returns its exit status: 0 yes, 1 no, 2 bad usage or input, 3 a failure outside. */
export async function main(argv: string[]): Promise<0 | 1 | 2 | 3> {
  const { rest, json, help, home, problem } = splitGlobals(argv)
  const terminal = openTerminal({ json })
  try {
    if (problem) throw problem
    const all = await allCommands()
    const [name, ...after] = rest
    const { overview, subcommandHelp, verbHelp } = await import('./help.ts')
    if (name === undefined && json && !help)
      throw new AvouchError('usage', 'no command is given', {
        fix: 'Run `avouch --help` to see all of them.',
      })
    if (name === '--version') {
      const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
      terminal.say(`avouch ${version}`)
      terminal.result({ version })
      return 0
    }
    if (name === undefined || name === 'help') {
      process.stdout.write(overview(all))
      return 0
    }
    const command = all[name]
    if (command === undefined)
      throw new AvouchError('usage', `there is no command "${name}"`, {
        fix: 'Run `avouch --help` to see all of them.',
      })
    const verb = await command.load()
    const { sub, path, argv: own } = choose(name, verb, after)
    if (sub === undefined && json && !help)
      throw new AvouchError('usage', `"avouch ${name}" needs a subcommand`, {
        fix: `Run \`avouch ${name} --help\`.`,
      })
    if (help || sub === undefined) {
      process.stdout.write(
        sub === undefined || (path === name && Object.keys(verb).length > 1)
          ? verbHelp(name, command, verb)
          : subcommandHelp(path, sub),
      )
      return help || after.length === 0 ? 0 : 2
    }
    return await execute(sub, path, own, terminal, home)
  } catch (error) {
    terminal.end()
    const known = await understood(error)
    report(known, json)
    return exitStatus(known)
  } finally {
    terminal.end()
  }
}

async function allCommands(): Promise<Record<string, Command>> {
  const all: Record<string, Command> = { ...commands }
  for (const { verb } of await discoverCommitments())
    if (verb) all[verb.name] = { summary: verb.summary, load: verb.load }
  return all
}

function choose(
  name: string,
  verb: Verb,
  argv: string[],
): { sub: Subcommand | StandaloneSubcommand | undefined; path: string; argv: string[] } {
  const [first, ...rest] = argv
  const two = `${first} ${rest[0]}`
  if (Object.hasOwn(verb, two)) return { sub: verb[two], path: `${name} ${two}`, argv: rest.slice(1) }
  if (first !== undefined && first !== '' && Object.hasOwn(verb, first))
    return { sub: verb[first], path: `${name} ${first}`, argv: rest }
  if (Object.hasOwn(verb, '')) return { sub: verb[''], path: name, argv }
  if (first !== undefined)
    throw new AvouchError('usage', `"avouch ${name}" has no subcommand "${first}"`, {
      fix: `Run \`avouch ${name} --help\`.`,
    })
  return { sub: undefined, path: name, argv }
}

async function execute(
  sub: Subcommand | StandaloneSubcommand,
  path: string,
  argv: string[],
  terminal: ReturnType<typeof openTerminal>,
  home: string | undefined,
): Promise<0 | 1> {
  const { parseArguments } = await import('./arguments.ts')
  const given = parseArguments(path, sub, argv)
  const config = loadConfig(process.env, { ...(home !== undefined && { home }) })
  const stop = new AbortController()
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(130)
    terminal.note(
      'Stopping: what is recorded stays, and the next run goes on from here. Press Ctrl-C again to end at once.',
    )
    stop.abort()
  }
  process.on('SIGINT', onSignal)
  process.on('SIGTERM', onSignal)
  try {
    if (sub.standalone) return await sub.run({ ...given, terminal, signal: stop.signal, config })
    const { openInstallation } = await import('@avouch/core/open')
    const installation = await openInstallation(config, { commitments: await discoverCommitments() })
    try {
      return await sub.run({ ...given, terminal, signal: stop.signal, installation })
    } finally {
      await installation.close()
    }
  } finally {
    process.off('SIGINT', onSignal)
    process.off('SIGTERM', onSignal)
  }
}

/** A failure of PostgreSQL or the system under us, in the words of a person; anything else is a defect and stays as it is. */
async function understood(error: unknown): Promise<unknown> {
  if (error instanceof AvouchError) return error
  const { codeOf, databaseError } = await import('@avouch/core/db')
  return codeOf(error) === undefined ? error : databaseError(error)
}

/** What was wrong, where, and what to do; a defect shows its stack, since nobody planned for it. */
function report(error: unknown, json: boolean): void {
  if (error instanceof AvouchError) {
    if (json)
      process.stdout.write(
        `${shownJson({ error: { code: error.code, message: error.message, where: error.where, fix: error.fix } })}\n`,
      )
    const where = error.where === undefined ? '' : `\n  where: ${error.where}`
    const fix = error.fix === undefined ? '' : `\n  to do: ${error.fix}`
    process.stderr.write(`${shownLines(`avouch: ${error.message}${where}${fix}`)}\n`)
    return
  }
  if (json) process.stdout.write(`${shownJson({ error: { code: 'internal', message: String(error) } })}\n`)
  process.stderr.write(
    `${shownLines(`avouch: a defect of Avouch: ${error instanceof Error ? error.stack : String(error)}`)}\n`,
  )
}
