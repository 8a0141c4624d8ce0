import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { Subcommand, Terminal, Verb } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import { type AlertMove, actOnAlert } from '../alerts/act.ts'
import { OUTCOMES, STATES } from '../alerts/alert.ts'
import type { Precision } from '../alerts/precision.ts'
import { findAlert, listAlerts } from '../alerts/store.ts'
import { type AlertPage, outcomesSoFar, pageOf, viewAlert } from '../alerts/view.ts'
import { inBytes, inPercent } from '../detection/signal.ts'

/** Who acts where nobody has signed in. */
const LOCAL = 'command-line'
const words = z.string().trim().min(1).max(4000)

const listOptions = {
  state: z
    .enum(STATES)
    .optional()
    .describe(`Only those that are ${STATES.join(', ')}`),
  person: z.string().min(1).max(200).optional().describe('Only those about this person or workload'),
  limit: z.coerce.number().int().min(1).max(10_000).default(50).describe('How many at most'),
}

const list: Subcommand = {
  summary: 'List kept alerts, those nobody has closed first, and what came of the others',
  options: listOptions,
  async run({ installation, terminal, options }) {
    const alerts = await listAlerts(installation.db, z.object(listOptions).parse(options))
    const { outcomes, precision } = await outcomesSoFar(installation)
    for (const { id, state, outcome, time, people, model, score, reasons } of alerts) {
      terminal.say(
        `${id}  ${outcome ?? state}  ${time}  ${people.join(' and ')}${model ? `  ${model}` : ''}  score ${score.toFixed(1)}`,
      )
      terminal.say(`    ${reasons[0]}`)
    }
    const { truePositive, benign, duplicate, exercise, unclosed } = outcomes
    terminal.say(
      `${unclosed} not closed; closed: ${truePositive} true positive, ${benign} benign, ${duplicate} duplicate, ${exercise} of an exercise. Precision: ${precisionInWords(precision)}.`,
    )
    terminal.result({ alerts: alerts.map(viewAlert), outcomes, precision })
    return alerts.length > 0 ? 0 : 1
  },
}

const show: Subcommand = {
  summary: 'Show one alert: its reasons, what was done about it, and a timeline of what they did around it',
  positionals: { alert: 'Id of the alert' },
  async run({ installation, terminal, args }) {
    await tell(installation, terminal, idOf(args.alert))
    return 0
  },
}

const wordsOption = (what: string) => ({ words: words.describe(what) })
const acknowledgeOptions = {
  words: words.optional().describe('Who looks at it, or what else is to be known'),
}
const explainOptions = wordsOption('The explanation')
const escalateOptions = wordsOption('To whom, and why')
const closeOptions = {
  outcome: z.enum(OUTCOMES).describe(`What it turned out to be: ${OUTCOMES.join(', ')}`),
  ...wordsOption('Why it is closed so'),
}

const acknowledge: Subcommand = {
  summary: 'Say that somebody looks at an alert',
  positionals: { alert: 'Id of the alert' },
  options: acknowledgeOptions,
  run: ({ installation, terminal, args, options }) =>
    act(installation, terminal, args.alert, {
      ...z.object(acknowledgeOptions).parse(options),
      ...{ act: 'acknowledge', by: LOCAL },
    }),
}

const explain: Subcommand = {
  summary: 'Add an explanation to an alert',
  positionals: { alert: 'Id of the alert' },
  options: explainOptions,
  run: ({ installation, terminal, args, options }) =>
    act(installation, terminal, args.alert, {
      ...z.object(explainOptions).parse(options),
      ...{ act: 'explain', by: LOCAL },
    }),
}

const escalate: Subcommand = {
  summary: 'Hand an alert on to others',
  positionals: { alert: 'Id of the alert' },
  options: escalateOptions,
  run: ({ installation, terminal, args, options }) =>
    act(installation, terminal, args.alert, {
      ...z.object(escalateOptions).parse(options),
      ...{ act: 'escalate', by: LOCAL },
    }),
}

const close: Subcommand = {
  summary: 'Close an alert with its outcome, which is recorded and counts for the measured precision',
  positionals: { alert: 'Id of the alert' },
  options: closeOptions,
  run: ({ installation, terminal, args, options }) =>
    act(installation, terminal, args.alert, {
      ...z.object(closeOptions).parse(options),
      ...{ act: 'close', by: LOCAL },
    }),
}

/** `avouch weights alerts …`: alerts that were kept, and what becomes of them. */
export const alertCommands = {
  alerts: list,
  'alerts list': list,
  'alerts show': show,
  'alerts acknowledge': acknowledge,
  'alerts explain': explain,
  'alerts escalate': escalate,
  'alerts close': close,
} satisfies Verb

async function act(
  installation: Installation,
  terminal: Terminal,
  id: string | undefined,
  move: AlertMove,
): Promise<0> {
  const { alert, evidence } = await actOnAlert(installation, idOf(id), move)
  terminal.say(
    `The alert is ${alert.outcome ? `closed as ${alert.outcome}` : alert.state}${evidence ? `, recorded as evidence ${evidence}` : ''}.`,
  )
  terminal.result(await pageOf(installation, alert))
  return 0
}

async function tell(installation: Installation, terminal: Terminal, id: string): Promise<void> {
  const alert = await findAlert(installation.db, id)
  if (!alert) throw new AvouchError('not-found', 'there is no such alert', { where: id })
  const page = await pageOf(installation, alert)
  terminal.say(
    `${page.time}  ${page.people.join(' and ')}${page.model ? `  ${page.model}` : ''}  score ${page.score.toFixed(1)}  ${page.outcome ?? page.state}`,
  )
  for (const reason of page.reasons) terminal.say(`  ${reason}`)
  if (page.unlinked.length > 0)
    terminal.say(
      `  Nobody enrolled here is known to be ${page.unlinked.join(' or ')}; if somebody is, say so: avouch weights identity link`,
    )
  for (const { act, by, words, at } of page.acts)
    terminal.say(`  ${at}  ${act} by ${by}${words ? `: ${words}` : ''}`)
  terminal.say(`What they did, ${page.window.from} to ${page.window.to} is marked:`)
  for (const step of page.timeline) terminal.say(`${step.when === 'within' ? '>' : ' '} ${stepInWords(step)}`)
  terminal.result(page)
}

function stepInWords({
  from,
  to,
  person,
  action,
  acts,
  bytes,
  model,
  segments,
  ...rest
}: AlertPage['timeline'][number]): string {
  const { host, sink, environment, lease, outcome } = rest
  return [
    `${from.slice(0, 16).replace('T', ' ')}${to.slice(0, 16) === from.slice(0, 16) ? '' : ` to ${to.slice(11, 16)}`}`,
    person,
    `${action}${acts > 1 ? ` × ${acts}` : ''}`,
    ...(model === undefined
      ? []
      : [`${model}${segments ? ` segments ${segments[0]} to ${segments[1]}` : ''}`]),
    ...(bytes > 0 ? [inBytes(bytes)] : []),
    ...(host === undefined ? [] : [`on ${host}`]),
    ...(sink === undefined ? [] : [`to ${sink}`]),
    ...(environment === undefined ? [] : [`in ${environment}`]),
    ...(lease === undefined ? [] : [`lease ${lease}`]),
    ...(outcome === undefined || outcome === 'ok' ? [] : [outcome]),
  ].join('  ')
}

export function precisionInWords(precision: Precision | null): string {
  return precision === null
    ? 'not known, no alert that counts was closed'
    : `${inPercent(precision.value)} [${inPercent(precision.low)}, ${inPercent(precision.high)}] of ${counted(precision.n, 'alert')} about ${counted(precision.clusters, 'person', 'people')}`
}

function idOf(given: string | undefined): string {
  const id = z.uuid().safeParse(given)
  if (id.success) return id.data
  throw new AvouchError('usage', `"${given ?? ''}" is no id of an alert`, {
    fix: 'Take it from: avouch weights alerts',
  })
}
