import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { readMaker } from '../content.ts'
import { recordResolution, tryResolution } from '../soft-binding/conformance.ts'

const resolutionOptions = {
  model: z.string().max(400).describe('SERVICE/MODEL whose content is tried'),
  url: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .optional()
    .describe('Where the API answers, instead of this installation’s own address'),
}

/** `avouch content resolution`. */
export const resolutionCommand: Subcommand = {
  summary:
    'Hold the Soft Binding Resolution API to C2PA’s standard, over HTTP, and record it; exit 1 where it departs',
  options: resolutionOptions,
  async run({ installation, terminal, options }) {
    const { model, url } = z.object(resolutionOptions).parse(options)
    const tried = await tryResolution(installation, readMaker(model), { url: url ?? installation.config.url })
    const { id } = await recordResolution(installation, tried)
    for (const { name, holds, answered } of tried.checks)
      terminal.say(`${holds ? '  ' : '! '}${name}: ${answered}`)
    const all = tried.checks.length
    terminal.say(`${tried.agreed} of ${all} answers are as the ${tried.standard} has them (${id}).`)
    if (tried.checks.every(({ answered }) => answered === 'nothing'))
      terminal.say(`Nothing answered at ${tried.url}: is the server running?`)
    terminal.result({ evidence: id, ...tried })
    return tried.agreed === all ? 0 : 1
  },
}
