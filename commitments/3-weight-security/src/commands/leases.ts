import { LOCAL, listPeople } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand, Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { listCases } from '../access/break-glass-store.ts'
import { listLeases, listProfiles } from '../access/store.ts'
import { columns } from './columns.ts'

const leasesOptions = {
  all: z.boolean().default(false).describe('Those that have ended too'),
  model: z.string().max(200).optional().describe('Only of this NAME@VERSION'),
}

const leases: Subcommand = {
  summary: 'List the leases on weights that have not ended, or all',
  options: leasesOptions,
  async run({ installation, terminal, options }) {
    const { all, model } = z.object(leasesOptions).parse(options)
    const now = installation.now()
    const found = await listLeases(installation.db, { model, ...(!all && { liveAt: now }) })
    const names = new Map((await listPeople(installation)).map(({ id, name }) => [id, name]))
    if (found.length === 0) terminal.say(all ? 'There was never a lease.' : 'No lease is in force.')
    else
      for (const line of columns([
        ['lease', 'who', 'model', 'segments', 'where', 'until', 'ended'],
        ...found.map((one) => [
          one.id,
          names.get(one.holder) ?? one.holder,
          one.model,
          `${one.first_segment}-${one.last_segment}`,
          one.break_glass === null ? one.environment : `${one.environment} (glass broken)`,
          one.ends_at.toISOString(),
          one.end_reason ?? (one.ends_at <= now ? 'in time' : ''),
        ]),
      ]))
        terminal.say(line)
    const { leaseView } = await import('../access/view.ts')
    terminal.result(found.map((one) => leaseView(one, now)))
    return found.length > 0 ? 0 : 1
  },
}

const revoke: Subcommand = {
  summary: 'End a lease at once',
  positionals: { lease: 'Id of the lease' },
  async run({ installation, terminal, args }) {
    const { revokeLease } = await import('../access/lease-end.ts')
    await revokeLease(installation, LOCAL, args.lease!)
    terminal.say('Ended.')
    terminal.result({ lease: args.lease, ended: true })
    return 0
  },
}

const word = z.string().max(100)
const jobOptions = {
  team: word.describe('Their team: its members do not approve for one another'),
  function: z
    .array(word)
    .max(50)
    .default([])
    .describe('A job function, such as weights-evaluation; may be repeated'),
  project: z.array(word).max(50).default([]).describe('A project; may be repeated'),
  environment: z.array(word).max(50).default([]).describe('An environment they work in; may be repeated'),
}

const setJob: Subcommand = {
  summary: 'Say what a person does here, which policies go by; ends every lease of theirs',
  positionals: { person: 'Id of the person; see avouch people list' },
  options: jobOptions,
  async run({ installation, terminal, args, options }) {
    const given = z.object(jobOptions).parse(options)
    if (!z.uuid().safeParse(args.person).success)
      throw new AvouchError('usage', `${args.person} is no person's id`, { fix: 'See `avouch people list`.' })
    // loads the policy engine
    const { profileDraft, setProfile } = await import('../access/profile.ts')
    const draft = profileDraft.safeParse({
      team: given.team,
      functions: given.function,
      projects: given.project,
      environments: given.environment,
    })
    if (!draft.success) throw new AvouchError('usage', z.prettifyError(draft.error))
    const profile = await setProfile(installation, LOCAL, args.person!, draft.data)
    terminal.say(`It stands, as evidence ${profile.evidence}.`)
    terminal.result(profile)
    return 0
  },
}

const jobs: Subcommand = {
  summary: 'List what people do here, as policies see them',
  async run({ installation, terminal }) {
    const profiles = await listProfiles(installation.db)
    const names = new Map((await listPeople(installation)).map(({ id, name }) => [id, name]))
    for (const line of columns([
      ['person', 'name', 'team', 'functions', 'projects', 'environments'],
      ...profiles.map(({ person, team, functions, projects, environments }) => [
        person,
        names.get(person) ?? '',
        team,
        functions.join(', '),
        projects.join(', '),
        environments.join(', '),
      ]),
    ]))
      terminal.say(line)
    terminal.result(profiles)
    return profiles.length > 0 ? 0 : 1
  },
}

const clockOptions = { reason: z.string().min(1).max(2000).describe('What had happened to the clock') }

const clock: Subcommand = {
  summary:
    'Say that the clock is right, where it had run ahead and leases now take it for set back; recorded',
  options: clockOptions,
  async run({ installation, terminal, options }) {
    const { trustClock } = await import('../access/clock.ts')
    const { reason } = z.object(clockOptions).parse(options)
    const { evidence, latest, now } = await trustClock(installation, reason)
    terminal.say(`From ${latest.toISOString()} back to ${now.toISOString()}, as evidence ${evidence}.`)
    terminal.result({ evidence, latest, now })
    return 0
  },
}

const glass: Subcommand = {
  summary:
    'List when somebody read alone in an emergency, and whether it was reviewed; exits 1 where a review is overdue',
  async run({ installation, terminal }) {
    const cases = await listCases(installation.db)
    const now = installation.now()
    const overdue = cases.filter(({ reviewedAt, reviewDue }) => reviewedAt === undefined && reviewDue < now)
    for (const { id, at, model, outcome, reviewDue } of cases)
      terminal.say(
        `${id}  ${at.toISOString()}  ${model}  ${outcome ?? `not reviewed, due ${reviewDue.toISOString()}`}`,
      )
    terminal.say(`${cases.length} in all, ${overdue.length} overdue for review.`)
    terminal.result(cases)
    return overdue.length > 0 ? 1 : 0
  },
}

export const leaseCommands: Verb = {
  clock,
  leases,
  revoke,
  'job set': setJob,
  'job list': jobs,
  'glass list': glass,
}
