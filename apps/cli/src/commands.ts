import type { Verb } from '@avouch/core/verb'

/** A verb of the command line: what it does in a line, and the file that does it, loaded when it is run. */
export type Command = { summary: string; load: () => Promise<Verb> }

const command = (summary: string, load: () => Promise<{ default: Verb }>): Command => ({
  summary,
  load: async () => (await load()).default,
})

/** The installation's own verbs, in the order of the help; each commitment brings its own beside them. */
export const commands: Record<string, Command> = {
  demo: command(
    'The guided tour: one release through every commitment, then the console',
    () => import('./commands/demo.ts'),
  ),
  start: command('Start the server: portal, console, API and worker', () => import('./commands/start.ts')),
  assess: command('Assess a release at its endpoint', () => import('./commands/assess.ts')),
  gate: command('The verdict on a release, obligation by obligation', () => import('./commands/gate.ts')),
  hold: command('Close the gate for a release at once', () => import('./commands/hold.ts')),
  decide: command('Record the decision to ship or hold', () => import('./commands/decide.ts')),
  report: command('Write the report of a release', () => import('./commands/report.ts')),
  publish: command(
    'Publish the report and a checkpoint to the portal',
    () => import('./commands/publish.ts'),
  ),
  verify: command(
    'Check evidence, a checkpoint, a proof, a report or a log, offline',
    () => import('./commands/verify.ts'),
  ),
  log: command('The log: head, prove, audit, export, witness', () => import('./commands/log.ts')),
  evidence: command('List, show and erase evidence', () => import('./commands/evidence.ts')),
  'practice-target': command(
    'An OpenAI-compatible model with known, listed weaknesses',
    () => import('./commands/practice-target.ts'),
  ),
  keys: command('The keys of this installation, as others need them', () => import('./commands/keys.ts')),
  people: command('People, invitations and API keys', () => import('./commands/people.ts')),
  doctor: command('Say what is wrong with this installation', () => import('./commands/doctor.ts')),
  backup: command('Write a backup of database, blobs and keys', () => import('./commands/backup.ts')),
  restore: command(
    'Restore a backup, and compare the log with what the world has seen',
    () => import('./commands/restore.ts'),
  ),
}
