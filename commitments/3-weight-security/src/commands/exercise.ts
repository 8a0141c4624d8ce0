import { randomBytes } from 'node:crypto'
import type { Subcommand } from '@avouch/core/verb'
import { z } from 'zod'
import { runExercise } from '../exercise/run.ts'
import type { Recall, Row } from '../exercise/summary.ts'
import { bytesInWords } from './wording.ts'

const exerciseOptions = {
  seed: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('All that is made up follows from it; default: drawn, and recorded'),
  people: z.coerce
    .number()
    .int()
    .min(10)
    .max(2000)
    .default(80)
    .describe('People and workloads of each company'),
  days: z.coerce.number().int().min(45).max(400).default(100).describe('Days of its calendar'),
  repetitions: z.coerce.number().int().min(1).max(500).default(5).describe('Companies for each scenario'),
  scenario: z
    .array(z.string().max(100))
    .max(50)
    .optional()
    .describe('One scenario; may be repeated; default: all'),
  alertsPerDay: z
    .string()
    .regex(
      /^\d{1,3}(\.\d{1,3})?(,\d{1,3}(\.\d{1,3})?){0,9}$/,
      'write budgets above 0, parted by commas: 1,3,10',
    )
    .refine((text) => budgetsOf(text).every((budget) => budget > 0), 'a budget is above 0')
    .default('1,3,10')
    .describe('Budgets of alerts a day, parted by commas'),
}

/** `avouch weights exercise`: does the detector find planted thefts, how soon, and what is gone by then? */
export const exerciseCommand: Subcommand = {
  summary: 'Plant thefts among made-up everyday work and record how many are found; the plan is logged first',
  options: exerciseOptions,
  async run({ installation, terminal, options, signal }) {
    const { scenario, seed, ...given } = z.object(exerciseOptions).parse(options)
    const run = await runExercise(
      installation,
      {
        ...given,
        alertsPerDay: budgetsOf(given.alertsPerDay),
        seed: seed ?? randomBytes(8).toString('hex'),
        scenarios: scenario,
      },
      {
        signal,
        onProgress: (done, total, name) =>
          terminal.progress({ task: 'exercise', done, total, ...(name !== '' && { note: name }) }),
      },
    )
    for (const line of table(run.rows)) terminal.say(line)
    if (run.state === 'abandoned')
      terminal.say('Stopped before all that was planned was executed; that is recorded too.')
    terminal.say(
      'Recall is the share of planted thefts that an alert told of; intervals are Wilson’s at 95 %. By chance: the share of colleagues who planted nothing and were alerted about in the same days. Companies and thefts are made up: this speaks of the detector, not of your logs.',
    )
    terminal.say(`Plan ${run.plan}, result ${run.result}.`)
    terminal.result(run)
    return run.state === 'completed' ? 0 : 1
  },
}

function budgetsOf(text: string): number[] {
  return [...new Set(text.split(',').map(Number))]
}

function table(rows: readonly Row[]): string[] {
  const header = [
    'scenario',
    'alerts/day',
    'run',
    'found',
    'recall',
    'by chance',
    'before half gone',
    'hours',
    'lost (median)',
    'other alerts/day',
  ]
  const cells = rows.map((row) => [
    row.scenario,
    String(row.alertsPerDay),
    `${row.executed}/${row.planned}${row.errored > 0 ? `, ${row.errored} errored` : ''}`,
    String(row.found),
    inWords(row.recall),
    row.chance === null ? '–' : percent(row.chance),
    inWords(row.beforeHalfRecall),
    row.hours === null ? '–' : row.hours.toFixed(row.hours < 10 ? 1 : 0),
    row.lost === null
      ? '–'
      : `${percent(row.lost.median)} (${percent(row.lost.low)}–${percent(row.lost.high)}), ${bytesInWords(row.bytesLost!)}`,
    row.othersPerDay === null ? '–' : row.othersPerDay.toFixed(2),
  ])
  const all = [header, ...cells]
  const widths = header.map((_, column) => Math.max(...all.map((line) => line[column]!.length)))
  return all.map((line) =>
    line
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}

function inWords(recall: Recall | null): string {
  return recall === null
    ? 'not run'
    : `${percent(recall.value)} [${percent(recall.low)}, ${percent(recall.high)}]`
}

function percent(value: number): string {
  return `${Math.round(100 * value)} %`
}
