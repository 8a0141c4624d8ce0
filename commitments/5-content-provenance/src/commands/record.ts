import { AvouchError } from '@avouch/core/errors'
import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { readMaker } from '../content.ts'
import { exemptionEvidence, markingEvidence } from '../evidence.ts'
import { aboutOf, recordCounts } from '../mark/counts.ts'
import { recordPrivacy } from '../register/privacy.ts'
import { listServices } from '../register/register.ts'

const model = z.string().max(400).describe('SERVICE/MODEL, such as pictures/example-model@2.0')

/** `avouch content record`: the server does this by itself, by the hour or the thousand. */
export const recordCommand: Subcommand = {
  summary: 'Record what was marked since the last time, as counts',
  async run({ installation, terminal }) {
    const recorded = await recordCounts(installation)
    const told = []
    for (const { id } of recorded) {
      const {
        service,
        model: made,
        marked,
      } = installation.evidence.read(markingEvidence, (await installation.evidence.get(id))!)
      terminal.say(`${service}/${made}: ${marked} marked (${id})`)
      told.push({ evidence: id, service, model: made, marked })
    }
    if (told.length === 0) terminal.say('Nothing was marked since the last time.')
    terminal.result({ recorded: told })
    return 0
  },
}

/** `avouch content services`. */
export const servicesCommand: Subcommand = {
  summary: 'List the services that mark, with the numbers their watermarks carry',
  async run({ installation, terminal }) {
    const services = await listServices(installation.db)
    for (const { number, service, model: made, since } of services)
      terminal.say(
        `${String(number).padStart(5)}  ${service}/${made}, since ${since.toISOString().slice(0, 10)}`,
      )
    if (services.length === 0) terminal.say('No service has marked anything yet.')
    terminal.result({ services: services.map((one) => ({ ...one, since: one.since.toISOString() })) })
    return 0
  },
}

/** `avouch content privacy`. */
export const privacyCommand: Subcommand = {
  summary:
    'Look up whether marks or register hold anything about people, and record it; exit 1 where they do',
  options: { model },
  async run({ installation, terminal, options }) {
    const maker = readMaker(z.object({ model }).parse(options).model)
    const { id } = await recordPrivacy(installation, maker)
    const { fields } = (await installation.evidence.get(id))!
    const unexpected = fields.unexpected as string[]
    terminal.say(
      unexpected.length === 0
        ? 'Nothing about people is in watermark, manifest or register.'
        : `On no list of what is about no person: ${unexpected.join(', ')}`,
    )
    for (const caveat of fields.caveats as string[]) terminal.say(`  ${caveat}`)
    terminal.say(`  evidence ${id}`)
    terminal.result({ evidence: id, ...fields })
    return unexpected.length === 0 ? 0 : 1
  },
}

const exemptOptions = {
  model,
  description: z.string().min(1).max(2_000).describe('What the content is'),
  reason: z
    .string()
    .min(20)
    .max(4_000)
    .describe('How anyone tells it apart, or by what it was made to be recognised'),
  end: z.boolean().default(false).describe('It is exempt no longer'),
}

/** `avouch content exempt`. */
export const exemptCommand: Subcommand = {
  summary: 'Record that a class of content is not marked, and why',
  positionals: { CLASS: 'A short name, such as default-voice' },
  options: exemptOptions,
  async run({ installation, terminal, args, options }) {
    const { end, ...given } = z.object(exemptOptions).parse(options)
    const maker = readMaker(given.model)
    const name = args.CLASS!
    if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(name))
      throw new AvouchError('usage', 'this is no name of a class', {
        where: 'CLASS',
        fix: 'Write it in small letters, digits and dashes: default-voice.',
      })
    const { id } = await installation.evidence.append({
      type: exemptionEvidence,
      fields: { class: name, description: given.description, reason: given.reason, ends: end },
      about: aboutOf(maker),
    })
    terminal.say(`${name} is exempt ${end ? 'no longer' : 'from marking'} (${id}).`)
    terminal.result({ evidence: id, class: name, ends: end })
    return 0
  },
}
