import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { readMaker } from '../content.ts'
import { markingEvidence } from '../evidence.ts'
import { recordCounts } from '../mark/counts.ts'
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
