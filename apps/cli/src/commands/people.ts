import {
  covers,
  createApiKey,
  createOwnerLink,
  invite,
  inviteAgain,
  isPermission,
  LOCAL,
  listPeople,
  ROLES,
  recordAccess,
} from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Verb } from '@avouch/core/verb'
import { z } from 'zod'

type Role = keyof typeof ROLES
const roles = Object.keys(ROLES) as Role[]

export default {
  list: {
    summary: 'Everyone, with their roles',
    run: async ({ installation, terminal }) => {
      const people = await listPeople(installation)
      for (const person of people)
        terminal.say(
          `${person.id}  ${person.name.padEnd(24)} ${person.state.padEnd(9)} ${person.roles.join(', ')}`,
        )
      if (people.length === 0) terminal.say('Nobody yet. `avouch people owner` makes the first link.')
      terminal.result(people)
      return 0
    },
  },
  owner: {
    summary: 'A one-time link for the first owner to enrol a passkey',
    run: async ({ installation, terminal }) => {
      const link = await createOwnerLink(installation)
      terminal.say(`Open once, before ${link.expiresAt.toISOString()}:`)
      terminal.say(`  ${link.url}`)
      terminal.result({ url: link.url, expiresAt: link.expiresAt })
      return 0
    },
  },
  invite: {
    summary: 'Invite a person by a one-time link',
    positionals: { NAME: 'how they are called here' },
    options: {
      role: z
        .array(z.enum(roles as [Role, ...Role[]]))
        .min(1)
        .describe(`a role, may be repeated: ${roles.join(', ')}`),
      email: z.string().optional().describe('their address, for single sign-on'),
    },
    run: async ({ installation, terminal, args, options }) => {
      const { role, email } = options as { role: Role[]; email?: string }
      const draft = { name: args.NAME!, roles: role, ...(email && { email }) }
      const link = await invite(installation, draft, undefined, recordAccess(installation, LOCAL))
      terminal.say(`Open once, before ${link.expiresAt.toISOString()}:`)
      terminal.say(`  ${link.url}`)
      terminal.result({ id: link.person.id, url: link.url, expiresAt: link.expiresAt })
      return 0
    },
  },
  reinvite: {
    summary: 'A new link for someone who lost theirs, or their passkeys',
    positionals: { ID: "the person's id" },
    run: async ({ installation, terminal, args }) => {
      const link = await inviteAgain(installation, args.ID!, undefined, recordAccess(installation, LOCAL))
      terminal.say(`Open once, before ${link.expiresAt.toISOString()}:`)
      terminal.say(`  ${link.url}`)
      terminal.result({ id: link.person.id, url: link.url, expiresAt: link.expiresAt })
      return 0
    },
  },
  key: {
    summary: 'An API key for a person, sent as `Authorization: Bearer KEY`; shown this once',
    positionals: { ID: "the person's id" },
    options: {
      name: z.string().min(1).describe('what it is for'),
      scope: z
        .array(z.string())
        .min(1)
        .describe('a permission such as content-provenance:mark, may be repeated'),
      days: z.coerce.number().int().min(1).max(366).default(90).describe('how long it lasts'),
    },
    run: async ({ installation, terminal, args, options }) => {
      const { name, scope, days } = options as { name: string; scope: string[]; days: number }
      if (!/^[0-9a-f-]{36}$/.test(args.ID!))
        throw new AvouchError('usage', `${args.ID} is no person's id`, { fix: 'See `avouch people list`.' })
      const person = (await listPeople(installation)).find(({ id }) => id === args.ID)
      if (person === undefined)
        throw new AvouchError('usage', `nobody has the id ${args.ID}`, { fix: 'See `avouch people list`.' })
      // a key never allows more than its person may do: one that allows nothing is a mistake
      const held = person.roles.flatMap((role): readonly string[] => ROLES[role])
      const beyond = scope.filter((one) => isPermission(one) && !covers([...held, 'self:*'], one))
      if (beyond.length > 0)
        throw new AvouchError('usage', `${person.name} has no role that may ${beyond.join(', ')}`, {
          where: '--scope',
          fix: `Roles of ${person.name}: ${person.roles.join(', ')}. Choose somebody who may, or another scope.`,
        })
      const { secret, key } = await createApiKey(
        installation,
        args.ID!,
        { name, scopes: scope, days },
        recordAccess(installation, LOCAL),
      )
      terminal.say(secret)
      terminal.say(`It is not shown again. It ends ${key.expiresAt.toISOString()}.`)
      if (person.state !== 'active')
        terminal.say(`It does nothing until ${person.name} has opened the link and enrolled a passkey.`)
      terminal.result({ secret, id: key.id, expiresAt: key.expiresAt })
      return 0
    },
  },
} satisfies Verb
