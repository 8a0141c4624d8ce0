import type { Subcommand } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { inBytes } from '../detection/signal.ts'
import type { Covered } from '../shares/coverage.ts'
import { DAYS } from '../shares/coverage.ts'
import { coverageOf, viewCoverage } from '../shares/gather.ts'
import { shown } from '../signing/resource-name.ts'

const options = {
  model: z.string().min(1).max(200).optional().describe('Only this model, NAME@VERSION'),
  asOf: z.iso
    .datetime({ offset: true })
    .optional()
    .describe('The 90 days before this moment; now by default'),
  top: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(20)
    .describe('How many people of each model to print; --json has all'),
}

/** `avouch weights coverage`: who has read what unique share of each model. */
export const coverageCommand: Subcommand = {
  summary: `Tell who has read what share of each model in ${DAYS} days`,
  options,
  async run({ installation, terminal, options: given }) {
    const { model, asOf, top } = z.object(options).parse(given)
    const answer = await coverageOf(installation, {
      model,
      asOf: asOf === undefined ? undefined : new Date(asOf),
    })
    const { covered, sizes, unplaced, from, to } = answer
    for (const name of new Set(covered.map((one) => one.model))) {
      const segments = sizes.get(name)?.segments
      const ofModel = covered.filter((one) => one.model === name)
      terminal.say(
        `${name}: ${segments === undefined ? 'its size is not known' : counted(segments, 'segment')}, ${from} to ${to}`,
      )
      if (unplaced.includes(name))
        terminal.say(
          '  It also stands sealed here, of other objects than the mapping of its bucket tells: which segments the logs’ reads were of is not known.',
        )
      for (const one of ofModel.slice(0, top + 1)) terminal.say(`  ${inWords(one)}`)
      if (ofModel.length > top + 1)
        terminal.say(`  … and ${ofModel.length - top - 1} more; --json or --top shows them.`)
    }
    if (covered.length === 0) terminal.say(`No read of weights is known from ${from} to ${to}.`)
    if (answer.uncounted > 0)
      terminal.say(`${counted(answer.uncounted, 'read is', 'reads are')} of more people than are told apart.`)
    terminal.result(viewCoverage(answer))
    return covered.length > 0 ? 0 : 1
  },
}

function inWords({ person, share, reads, part, untold, keys, bytes }: Covered): string {
  const details = [
    counted(reads, 'read'),
    ...(bytes > 0 ? [inBytes(bytes)] : []),
    ...(part > 0 ? [`${part} of a part that is not told`] : []),
    ...(untold > 0 ? [`${untold} counted as of the whole`] : []),
    ...(keys > 0 ? [`${counted(keys, 'use')} of its key`] : []),
  ]
  return `${shareInWords(share).padEnd(18)} ${person === null ? 'all together' : shown(person)}  (${details.join(', ')})`
}

function shareInWords(share: Covered['share']): string {
  if (share === null) return 'unknown share'
  const [low, high] = [percent(share.low), percent(share.high)]
  return low === high ? low : `${low} to ${high}`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share > 0 && share < 0.01 ? 2 : 1)} %`
}
