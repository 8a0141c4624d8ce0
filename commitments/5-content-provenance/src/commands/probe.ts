import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { probe, recordProbe } from '../check/probe.ts'
import { readMaker } from '../content.ts'

const probeOptions = {
  model: z.string().max(400).describe('SERVICE/MODEL whose content is tried'),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .describe('Where the check answers, instead of this installation’s own address'),
  tries: z.coerce
    .number()
    .int()
    .min(1)
    .max(200)
    .default(5)
    .describe('Marked pictures, and as many unmarked ones'),
}

/** `avouch content probe`. */
export const probeCommand: Subcommand = {
  summary: 'Try the public check over HTTP on made-up pictures, and record it; exit 1 where it erred',
  options: probeOptions,
  async run({ installation, terminal, options }) {
    const { model, url, tries } = z.object(probeOptions).parse(options)
    const maker = readMaker(model)
    const probed = await probe(installation, maker, {
      url: url ?? installation.config.url,
      tries,
      onTry: (done) => terminal.progress({ task: 'Trying', done, total: tries }),
    })
    const { id } = await recordProbe(installation, maker, probed)
    const { marked, unmarked, errors } = probed
    terminal.say(`${marked.found} of ${marked.tried} marked pictures were known by their content id.`)
    terminal.say(`${unmarked.found} of ${unmarked.tried} unmarked pictures were taken for marked.`)
    if (errors > 0) terminal.say(`${errors} tries had no answer from ${probed.url}: is the server running?`)
    terminal.say(`  evidence ${id}`)
    terminal.result({ evidence: id, ...probed })
    return errors === 0 && marked.found === marked.tried && unmarked.found === 0 ? 0 : 1
  },
}
