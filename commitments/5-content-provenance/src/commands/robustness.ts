import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { rivalSystem } from '../robustness/rival.ts'
import { tryRobustness } from '../robustness/run.ts'
import { tableLines, tableMarkdown, tablesOf } from '../robustness/table.ts'

const path = z.string().min(1).max(4_096)
const robustnessOptions = {
  images: path.describe('A folder with pictures to mark and attack'),
  unmarked: path
    .optional()
    .describe('A folder with files that were never marked; default: the pictures, before they are marked'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(20_000)
    .default(200)
    .describe('So many of a folder at most, drawn'),
  attacks: z
    .string()
    .regex(/^[a-z0-9-]{1,60}(,[a-z0-9-]{1,60}){0,99}$/, 'write names, parted by commas')
    .optional()
    .describe('Names, parted by commas; default: all'),
  seed: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('What is drawn follows from it; default: drawn, and recorded'),
  marker: path.optional().describe('Another’s marker to try beside ours: a command or an http(s) address'),
  detector: path.optional().describe('The detector that goes with it'),
  allowPrivate: z.boolean().default(false).describe('Its address may lead into a private network'),
  markdown: path.optional().describe('Write the tables to this file as well'),
}

/** `avouch content robustness`: what do marks survive, can they be forged, and are they read where there are none? */
export const robustnessCommand: Subcommand = {
  summary: 'Mark pictures, attack them, look for the marks, and record the table; the plan is logged first',
  options: robustnessOptions,
  async run({ installation, terminal, options, signal }) {
    const { marker, detector, allowPrivate, markdown, attacks, seed, ...given } = z
      .object(robustnessOptions)
      .parse(options)
    if ((marker === undefined) !== (detector === undefined))
      throw new AvouchError('usage', 'a marker is tried with its detector', {
        fix: 'Give both --marker and --detector, or neither.',
      })
    const run = await tryRobustness(
      installation,
      {
        ...given,
        unmarked: given.unmarked,
        attacks: attacks?.split(','),
        seed: seed ?? randomBytes(8).toString('hex'),
        rival:
          marker !== undefined && detector !== undefined
            ? rivalSystem({ marker, detector }, { allowPrivate })
            : undefined,
      },
      {
        signal,
        onProgress: (done, total, note) =>
          terminal.progress({ task: 'robustness', done, total, ...(note !== '' && { note }) }),
      },
    )
    const tables = await tablesOf(run)
    for (const table of tables) {
      for (const line of tableLines(table)) terminal.say(line)
      terminal.say('')
    }
    for (const { change, notRun } of run.rows.filter(
      ({ size, system }) => size === 'all' && system === 'ours',
    ))
      if (notRun !== null) terminal.say(`${change} was not run: ${notRun}.`)
    if (run.state === 'abandoned')
      terminal.say('Stopped before all that was planned was executed; that is recorded too.')
    terminal.say(EXPLAINED)
    terminal.say(`Plan ${run.plan}, result ${run.result}.`)
    if (markdown !== undefined)
      await writeFile(markdown, tables.map(tableMarkdown).join('\n')).catch(
        (cause: NodeJS.ErrnoException) => {
          throw new AvouchError('disk', `the tables cannot be written: ${cause.code}`, {
            where: markdown,
            cause,
          })
        },
      )
    terminal.result(run)
    return run.state === 'completed' ? 0 : 1
  },
}

const EXPLAINED =
  'Brackets hold 95 % intervals (Wilson’s), a picture being the unit; errors count neither way. Wrong bits are the mean of 512 before correction, where the mark was read.'
