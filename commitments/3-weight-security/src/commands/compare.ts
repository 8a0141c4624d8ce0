import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { recordComparison } from '../programme/compare.ts'

const text = z.string().trim().min(1).max(4000)
const compareOptions = {
  secrets: text.describe('What it is compared with: which secrets, and what protects them from insiders'),
  words: text.describe('How the programme for weights compares with that'),
  less: z.boolean().default(false).describe('Weights are protected less; without it: at least as well'),
  gap: z
    .array(text)
    .max(50)
    .optional()
    .describe('A respect in which they are protected less; may be repeated'),
  by: z.string().min(1).max(200).describe('The opaque id of whoever answers for it'),
}

/** `avouch weights compare`: the word of somebody that weights are protected at least as well as other secrets. */
export const compareCommand: Subcommand = {
  summary: 'Record how the insider-threat programme compares with that for the most valuable other secrets',
  options: compareOptions,
  async run({ installation, terminal, options }) {
    const { secrets, words, less, gap = [], by } = z.object(compareOptions).parse(options)
    const { id, index } = await recordComparison(installation, {
      ...{ secrets, statement: words, atLeast: !less, gaps: gap, by },
    })
    terminal.say(
      `Recorded as evidence ${id}, leaf ${index}. It is not signed with a passkey; in the console it can be.`,
    )
    terminal.result({ evidence: id, index })
    return 0
  },
}
