import { LOCAL } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import { RELEASE_NAME } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import { targetSchema } from '@avouch/core/model'
import type { Subcommand, Terminal } from '@avouch/core/verb'
import { z } from 'zod'
import { DOMAINS } from '../domain.ts'
import { isLoopback } from '../loopback.ts'
import { askedBy } from './asked.ts'
import { type Asked, endInvitationEarly, inviteExpert } from './invite.ts'
import { viewExperts } from './view.ts'

const inviteOptions = {
  name: z.string().default('').describe('Name or pseudonym of a new expert'),
  person: z.uuid().optional().describe('An expert who is here already, by the id that `experts` prints'),
  domain: z.array(z.enum(DOMAINS)).describe('A domain they are to test; may be repeated'),
  hours: z.coerce.number().min(0).describe('Hours agreed'),
  until: z.string().describe('The last day, such as 2027-03-31 (to its end, UTC), or a moment in RFC 3339'),
  systemPrompt: z.boolean().default(false).describe('Let them set a system prompt'),
  world: z
    .array(z.string())
    .default([])
    .describe('A simulated world the model may act in: office, office:standard, office:own; may be repeated'),
  campaign: z.uuid().optional().describe('Ask the model that this campaign asked; instead of --target'),
  release: z.string().regex(RELEASE_NAME).optional().describe('The release that is tested, NAME@VERSION'),
  snapshot: z.string().optional().describe('sha256:… or id:…; default id:MODEL'),
  configuration: z
    .enum(['bare', 'safeguarded', 'product'])
    .default('bare')
    .describe('What stands around the model'),
  target: z.string().optional().describe('Base address of the model; the expert never sees it'),
  model: z.string().optional().describe('The name the service knows the model by'),
  adapter: z.enum(['openai', 'anthropic']).default('openai').describe('How the service is spoken to'),
  keyVariable: z.string().optional().describe('Name of the environment variable that holds the key'),
  allowPrivate: z
    .boolean()
    .default(false)
    .describe('Allow an address of a private network; loopback is allowed as it is'),
}

/** `avouch red-team invite`, `experts`, `end-invitation`. */
export const expertCommands = {
  invite: {
    summary: 'Invite an expert from outside to test a release until a day; prints their link once',
    options: inviteOptions,
    async run({ installation, terminal, options }) {
      const said = z.object(inviteOptions).parse(options)
      const invited = await inviteExpert(
        installation,
        LOCAL,
        {
          name: said.name === '' && said.person !== undefined ? 'Expert' : said.name,
          domains: said.domain,
          hours: said.hours,
          endsAt: endOfDay(said.until),
          systemPrompt: said.systemPrompt,
          worlds: said.world,
          ...(said.person !== undefined && { person: await personOf(installation, said.person) }),
        },
        said.campaign === undefined ? askedOf(said) : await askedBy(installation, said.campaign),
      )
      const { invitation, link } = invited
      await installation.evidence.logged([invitation.evidence])
      terminal.say(
        `Invited to ${invitation.about.release} (${invitation.domains.join(', ')}) until ${invitation.endsAt.toISOString()}.`,
      )
      if (invitation.worlds.length > 0)
        terminal.say(`They may let the model act in ${invitation.worlds.join(', ')}.`)
      if (link) {
        terminal.say(`Their link, shown only now; it works once, until ${link.expiresAt.toISOString()}:`)
        terminal.say(link.url)
      }
      terminal.say(`Invitation ${invitation.id}, recorded as evidence ${invitation.evidence}.`)
      terminal.result({
        invitation: invitation.id,
        expert: invitation.expert,
        evidence: invitation.evidence,
        endsAt: invitation.endsAt.toISOString(),
        link: link ? { url: link.url, expiresAt: link.expiresAt.toISOString() } : null,
      })
      return 0
    },
  },
  experts: {
    summary: 'List the experts, their signed records and their invitations',
    async run({ installation, terminal }) {
      const experts = await viewExperts(installation)
      for (const expert of experts) printExpert(terminal, expert)
      if (experts.length === 0) terminal.say('No expert has been invited.')
      terminal.result(experts)
      return experts.length > 0 ? 0 : 1
    },
  },
  'end-invitation': {
    summary: 'End an invitation before its time; the expert is let in no more',
    positionals: { invitation: 'Id of the invitation' },
    async run({ installation, terminal, args }) {
      const id = z.uuid().safeParse(args.invitation)
      if (!id.success)
        throw new AvouchError('usage', `"${args.invitation ?? ''}" is no id of an invitation`, {
          fix: 'Take it from: avouch red-team experts',
        })
      const ended = await endInvitationEarly(installation, id.data)
      terminal.say(`Invitation ${ended.id} has ended.`)
      terminal.result({ invitation: ended.id, endedAt: ended.endedAt?.toISOString() })
      return 0
    },
  },
} satisfies Record<string, Subcommand>

function printExpert(terminal: Terminal, expert: Awaited<ReturnType<typeof viewExperts>>[number]): void {
  const { id, name, state, record, invitations } = expert
  terminal.say(
    `${id}  ${name}  ${state}  ${record ? `record signed ${record.signedAt.slice(0, 10)}, ${record.independent ? 'independent' : 'not independent'}` : 'no signed record'}`,
  )
  for (const { id: invitation, about, domains, worlds, hoursAgreed, endsAt, open } of invitations)
    terminal.say(
      `  ${invitation}  ${about.release}  ${domains.join(', ')}${worlds.map((world) => `  in ${world.name}`).join('')}  ${hoursAgreed} h  ${open ? 'until' : 'ended'} ${endsAt.slice(0, 16)}Z`,
    )
}

/** Throws `usage` for what is no day and no moment. */
function endOfDay(text: string): Date {
  const moment = new Date(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T23:59:59.999Z` : text)
  if (!Number.isNaN(moment.getTime()) && /^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) return moment
  throw new AvouchError('usage', `"${text}" is no day`, { where: '--until', fix: 'Write 2027-03-31.' })
}

/** Takes an expert's own id or the person's. */
async function personOf(installation: Installation, id: string): Promise<string> {
  const found = (await viewExperts(installation)).find((one) => one.id === id || one.person === id)
  if (!found) throw new AvouchError('not-found', 'There is no such expert', { where: `expert ${id}` })
  return found.person
}

function askedOf(said: {
  release?: string
  snapshot?: string
  configuration: Asked['about']['configuration']
  target?: string
  model?: string
  adapter: 'openai' | 'anthropic'
  keyVariable?: string
  allowPrivate: boolean
}): Asked {
  const { release, target: url, model, adapter, keyVariable } = said
  if (release === undefined || url === undefined || model === undefined)
    throw new AvouchError('usage', 'Which model they are to test is not said', {
      where: '--target',
      fix: 'Give --release, --target and --model, or --campaign.',
    })
  const target = targetSchema.safeParse({
    adapter,
    url,
    model,
    ...(keyVariable !== undefined && { keyVariable }),
    ...((said.allowPrivate || isLoopback(url)) && { allowPrivate: true }),
  })
  if (!target.success)
    throw new AvouchError('usage', z.prettifyError(target.error), {
      where: '--target',
      fix: 'Correct the option and run the command again.',
    })
  const about = { release, snapshot: said.snapshot ?? `id:${model}`, configuration: said.configuration }
  return { about, target: target.data }
}
