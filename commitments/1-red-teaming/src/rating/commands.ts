import { AvouchError } from '@avouch/core/errors'
import type { Subcommand } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { writePrivately } from '../private-file.ts'
import { closeEarly } from './conclude.ts'
import { ratingResult } from './evidence.ts'
import { actedItems, labelsOf } from './labels.ts'
import { createRound } from './round.ts'
import { itemsOf } from './store.ts'
import { viewRounds } from './view.ts'

const rateOptions = {
  session: z.array(z.uuid()).optional().describe('A session whose findings are rated; may be repeated'),
  campaign: z.uuid().optional().describe('A campaign whose attempts are rated too'),
  attempts: z.coerce.number().int().min(0).max(500).default(0).describe('Attempts drawn from it at random'),
  others: z.coerce
    .number()
    .int()
    .min(0)
    .max(200)
    .default(5)
    .describe('Turns without a finding, drawn at random from each session'),
  raters: z.coerce.number().int().min(2).max(10).default(2).describe('Ratings that each item needs'),
}
const exportOptions = {
  out: z.string().min(1).describe('The file to write; it must not exist, and is readable by you alone'),
}

/** `avouch red-team rate`, `ratings`, `close-rating`, `export-labels`. */
export const ratingCommands = {
  rate: {
    summary:
      'Plan a blind rating of what sessions found, with other turns among them; people rate in the console',
    options: rateOptions,
    async run({ installation, terminal, options }) {
      const { session = [], ...said } = z.object(rateOptions).parse(options)
      const round = await createRound(installation, { ...said, sessions: session })
      const items = await itemsOf(installation.db, round.id)
      terminal.say(
        `Round ${round.id}: ${counted(items.length, 'item')}, ${counted(round.raters, 'rater')} each; the plan is logged.`,
      )
      terminal.say('People with the role rater or red-teamer judge them in the console, under Ratings.')
      terminal.result({ round: round.id, items: items.length, raters: round.raters, plan: round.plan })
      return 0
    },
  },
  ratings: {
    summary: 'List the rounds of blind rating, and how far raters agree',
    async run({ installation, terminal }) {
      const rounds = await viewRounds(installation)
      for (const { id, about, state, items, evidence } of rounds) {
        terminal.say(
          `${id}  ${state.padEnd(6)}  ${about.release}  ${items.settled} of ${items.planned} settled, ${items.rated} rated`,
        )
        const record = evidence === null ? undefined : await installation.evidence.get(evidence)
        const result = record && installation.evidence.read(ratingResult, record)
        for (const name of ['verdict', 'severity'] as const) {
          const alpha = result?.agreement[name]
          if (alpha)
            terminal.say(
              `  ${name}: alpha ${alpha.value.toFixed(2)} (${alpha.low.toFixed(2)} to ${alpha.high.toFixed(2)}), ${alpha.n} items`,
            )
        }
        for (const why of result?.agreement.why ?? []) terminal.say(`  ${why}`)
      }
      if (rounds.length === 0) terminal.say('Nothing has been rated.')
      terminal.result(rounds)
      return rounds.length > 0 ? 0 : 1
    },
  },
  'close-rating': {
    summary: 'End a round before everything in it is judged; what was not is recorded as such',
    positionals: { round: 'Id of the round' },
    async run({ installation, terminal, args }) {
      const evidence = await closeEarly(installation, roundId(args.round))
      terminal.say(`The round has ended. Recorded as evidence ${evidence}.`)
      terminal.result({ evidence })
      return 0
    },
  },
  'export-labels': {
    summary:
      'Write what people judged as labels for `avouch red-team calibrate`; the file holds answers of models',
    positionals: { round: 'Id of the round, which has ended' },
    options: exportOptions,
    async run({ installation, terminal, args, options }) {
      const { out } = z.object(exportOptions).parse(options)
      const id = roundId(args.round)
      const lines: string[] = []
      for await (const label of labelsOf(installation, id)) lines.push(JSON.stringify(label))
      const acted = await actedItems(installation, id)
      const leftOut = acted > 0 ? ` ${acted} items in which an agent acted are left out.` : ''
      if (lines.length === 0)
        throw new AvouchError('not-found', `Nothing in this round came to an end in words.${leftOut}`, {
          where: `round ${id}`,
        })
      await writePrivately(out, `${lines.join('\n')}\n`)
      terminal.say(`${counted(lines.length, 'label is', 'labels are')} in ${out}.${leftOut}`)
      terminal.say(
        'Careful: the file holds what the model answered, harmful answers included, unencrypted. Keep it off shared disks, and delete it when the grader is calibrated.',
      )
      terminal.result({ file: out, labels: lines.length, leftOut: acted })
      return 0
    },
  },
} satisfies Record<string, Subcommand>

function roundId(text: string | undefined): string {
  const parsed = z.uuid().safeParse(text)
  if (!parsed.success)
    throw new AvouchError('usage', `"${text ?? ''}" is no id of a round`, {
      fix: 'Take it from: avouch red-team ratings',
    })
  return parsed.data
}
