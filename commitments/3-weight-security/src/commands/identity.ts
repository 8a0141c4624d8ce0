import { LOCAL, listPeople } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand, Verb } from '@avouch/core/verb'
import { z } from 'zod'
import { linkIdentity } from '../identity/link.ts'
import { listIdentities } from '../identity/store.ts'
import { columns } from './columns.ts'

const linkOptions = { person: z.uuid().describe('Id of the person; see avouch people list') }

const link: Subcommand = {
  summary: 'Say that a name in events, such as a principal of an audit log, is a person who is enrolled here',
  positionals: { name: 'The name, as alerts and events have it' },
  options: linkOptions,
  async run({ installation, terminal, args, options }) {
    const { person } = z.object(linkOptions).parse(options)
    const { evidence } = await linkIdentity(installation, LOCAL, { name: nameIn(args.name), person })
    terminal.say(`They handle no alert about that name any more. It stands as evidence ${evidence}.`)
    terminal.result({ name: args.name, person, evidence })
    return 0
  },
}

const unlink: Subcommand = {
  summary: 'Say that a name in events is no longer that of anybody here',
  positionals: { name: 'The name' },
  async run({ installation, terminal, args }) {
    const { evidence } = await linkIdentity(installation, LOCAL, { name: nameIn(args.name), person: null })
    terminal.say(`It stands as evidence ${evidence}.`)
    terminal.result({ name: args.name, person: null, evidence })
    return 0
  },
}

const list: Subcommand = {
  summary: 'List which names in events are which person',
  async run({ installation, terminal }) {
    const identities = await listIdentities(installation.db)
    const names = new Map((await listPeople(installation)).map(({ id, name }) => [id, name]))
    for (const line of columns([
      ['name', 'person', 'who', 'since'],
      ...identities.map(({ name, person, since }) => [
        name,
        person,
        names.get(person) ?? '',
        since.toISOString(),
      ]),
    ]))
      terminal.say(line)
    terminal.result(identities)
    return identities.length > 0 ? 0 : 1
  },
}

function nameIn(given: string | undefined): string {
  if (given !== undefined && given.length > 0 && given.length <= 200) return given
  throw new AvouchError('usage', 'a name has 1 to 200 characters', { where: 'name' })
}

export const identityCommands: Verb = {
  'identity link': link,
  'identity unlink': unlink,
  'identity list': list,
}
