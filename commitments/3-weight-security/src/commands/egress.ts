import { LOCAL } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Subcommand, Terminal, Verb } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { recordTheftFigures, spanInWords, type TheftFigures, theftFigures } from '../egress/figures.ts'
import { type Budget, HOUR, readLimits } from '../egress/limits.ts'
import { setLimits } from '../egress/set.ts'
import { windowStart } from '../egress/spend.ts'
import { limitsInForce, listUsed } from '../egress/store.ts'
import { readSmallFile } from './given.ts'
import { releaseOf } from './release.ts'
import { bytesInWords } from './wording.ts'

const showOptions = {
  people: z
    .array(z.coerce.number().int().min(2).max(1000))
    .max(20)
    .default([2, 4])
    .describe('With how many people together; may be repeated'),
  environment: z
    .array(z.string().min(1).max(200))
    .max(100)
    .default(['any'])
    .describe('Where the thieves may read; may be repeated. By default one that no budget names'),
  record: z.boolean().default(false).describe('Make the figures evidence, for the report to show'),
}

const show: Subcommand = {
  summary: 'The egress budgets in force, what is used of them, and how long stealing a release would take',
  positionals: { 'release?': 'NAME@VERSION, to compute for' },
  options: showOptions,
  async run({ installation, terminal, args, options }) {
    const given = z.object(showOptions).parse(options)
    const release = args.release === undefined ? undefined : releaseOf(args.release)
    const inForce = await limitsInForce(installation.db)
    for (const budget of inForce?.limits.budgets ?? []) terminal.say(inWords(budget))
    if ((inForce?.limits.budgets ?? []).length === 0)
      terminal.say('No egress budget is in force: who holds a lease reads as fast as the machine can.')
    const used = await listUsed(installation.db, windowStart(installation.now(), HOUR), release)
    for (const { person, environment, model, bytes } of used.slice(0, 20))
      terminal.say(`  in the last hour: ${bytesInWords(bytes)} of ${model} by ${person} in ${environment}`)
    if (given.record && release === undefined)
      throw new AvouchError('usage', 'figures are recorded for a release', { fix: 'Name one, NAME@VERSION.' })
    const figures =
      release === undefined
        ? undefined
        : await theftFigures(installation, release, { people: given.people, environments: given.environment })
    if (figures) sayFigures(terminal, figures)
    const recorded = given.record && figures ? await recordTheftFigures(installation, figures) : undefined
    if (recorded) terminal.say(`Recorded as evidence ${recorded}.`)
    terminal.result({
      budgets: inForce?.limits.budgets ?? [],
      limits: inForce?.evidence ?? null,
      lastHour: used,
      theft: figures ? { ...figures, limits: figures.limits ?? null } : null,
      evidence: recorded ?? null,
    })
    return 0
  },
}

const setOptions = {
  reason: z.string().min(1).max(2000).describe('Why; it stands in the evidence'),
}

const set: Subcommand = {
  summary: 'Put egress budgets in force; where they allow more than those before, two people are asked first',
  positionals: {
    file: 'JSON: {"budgets": [{"id", "per", "only", "bytesPerHour", "share": {"of", "days"}}]}',
  },
  options: setOptions,
  async run({ installation, terminal, args, options }) {
    const { reason } = z.object(setOptions).parse(options)
    const path = args.file!
    const limits = readLimits((await readSmallFile(path, 'file')).toString('utf8'), path)
    const done = await setLimits(installation, LOCAL, { limits, reason })
    for (const looser of done.looser) terminal.say(`  allows more: ${looser}`)
    terminal.say(
      done.state === 'in-force'
        ? `In force; evidence ${done.evidence}.`
        : `Not in force yet: approval ${done.approval} waits for two people, in the console.`,
    )
    terminal.result(done)
    return 0
  },
}

function inWords({ id, per, only, bytesPerHour, share }: Budget): string {
  const caps = [
    ...(bytesPerHour === undefined ? [] : [`${bytesInWords(bytesPerHour)} an hour`]),
    ...(share === undefined ? [] : [`${share.of} times the model in ${counted(share.days, 'day')}`]),
  ]
  const where = [...(only.environments ?? []), ...(only.models ?? [])]
  return `${id}: per ${per.join(', ')}: ${caps.join('; ')}${where.length > 0 ? ` (only ${where.join(', ')})` : ''}`
}

function sayFigures(
  terminal: Terminal,
  { model, modelBytes, environments, alone, together }: TheftFigures,
): void {
  const where = environments.length === 1 ? 'in one environment' : `in ${environments.length} environments`
  terminal.say(`Stealing all ${bytesInWords(modelBytes)} of ${model}, ${where}, with leases for all of it:`)
  terminal.say(`  alone: ${spanInWords(alone)}`)
  for (const { people, seconds } of together) terminal.say(`  ${people} people: ${spanInWords(seconds)}`)
}

/** `avouch weights egress …` */
export const egressCommands = { egress: show, 'egress set': set } satisfies Verb
