import { AvouchError } from '@avouch/core/errors'
import type { Subcommand, Terminal } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { auditSession } from './audit.ts'
import { type SessionView, viewSession, viewSessions } from './view.ts'

/** `avouch red-team sessions`, `session`. No message and no answer is ever printed. */
export const sessionCommands = {
  sessions: {
    summary: 'List the sessions of experts, newest first',
    async run({ installation, terminal }) {
      const sessions = await viewSessions(installation)
      for (const { id, state, about, name, domains, world, turns, findings, startedAt } of sessions)
        terminal.say(
          `${id}  ${state.padEnd(9)}  ${about.release}  ${name}  ${domains.join(', ')}  ${world ?? 'conversation'}  ${counted(turns, 'turn')}, ${counted(findings, 'finding')}  ${startedAt.slice(0, 16)}Z`,
        )
      if (sessions.length === 0) terminal.say('No expert has begun a session.')
      terminal.result(sessions)
      return sessions.length > 0 ? 0 : 1
    },
  },
  session: {
    summary: 'Show where a session of an expert stands, and whether its records hold',
    positionals: { session: 'Id of the session' },
    async run({ installation, terminal, args }) {
      const id = sessionId(args.session)
      const view = await viewSession(installation, id, { words: false })
      const { problems, note } = await auditSession(installation, id)
      const { agreed, open, active } = view.hours
      terminal.say(`${view.about.release}, ${view.state}, evidence ${view.evidence ?? 'none yet'}`)
      terminal.say(`${counted(agreed, 'hour')} agreed, ${open} open, ${active} seen at work`)
      terminal.say(`${counted(view.turns, 'turn')}, ${counted(view.files.length, 'file')}`)
      if (view.world) sayWorld(terminal, view)
      for (const { severity, domain, verdict, title, withdrawn } of view.found)
        terminal.say(
          `${severity.padEnd(8)}  ${domain}  ${verdict}  ${title}${withdrawn ? ' (withdrawn)' : ''}`,
        )
      for (const problem of problems) terminal.say(`does not hold: ${problem}`)
      if (note !== undefined) terminal.say(note)
      terminal.result({ ...view, problems, ...(note !== undefined && { note }) })
      return problems.length === 0 ? 0 : 1
    },
  },
} satisfies Record<string, Subcommand>

/** What an agent came to, by the names of the states alone. */
function sayWorld(terminal: Terminal, { world, tree }: SessionView): void {
  const steps = tree.reduce((sum, line) => sum + line.steps, 0)
  terminal.say(`acted in ${world?.name}, seed ${world?.seed}: ${steps} steps`)
  for (const id of new Set(tree.flatMap(({ reached }) => reached)))
    terminal.say(`must never be reached, and was: ${id}`)
}

/** Throws `usage`. */
export function sessionId(text: string | undefined): string {
  const parsed = z.uuid().safeParse(text)
  if (!parsed.success)
    throw new AvouchError('usage', `"${text ?? ''}" is no id of a session`, {
      fix: 'Take it from: avouch red-team sessions',
    })
  return parsed.data
}
