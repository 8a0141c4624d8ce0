import type { Config } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import type { StandaloneSubcommand, Terminal } from '@avouch/core/verb'
import { counted } from '@avouch/core/words'
import { z } from 'zod'
import type { Alert } from '../detection/alert.ts'
import { Bait } from '../detection/bait.ts'
import { type Detection, Watch } from '../detection/detect.ts'
import { eventsOf, type Faults } from '../intake/event-file.ts'
import { personnelOf } from '../intake/personnel-file.ts'
import { tellTaking, viewTaking } from '../taking/telling.ts'
import { logsOf, spoolOf } from './detect-log.ts'

const detectOptions = {
  events: z.string().optional().describe('Events as JSON Lines; .gz is unpacked, - is standard input'),
  personnel: z
    .string()
    .optional()
    .describe('What became of people, as JSON Lines: role-change, notice, leave, joined'),
  alertsPerDay: z.coerce
    .number()
    .min(0.01)
    .max(1000)
    .default(3)
    .describe('How many alerts a day somebody can look at'),
  top: z.coerce
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(20)
    .describe('How many of them to print here; --json has all'),
  bait: z
    .array(z.string().max(200))
    .optional()
    .describe(
      'A lease, model, sink, host, person or MODEL#FROM-TO nobody has reason to touch; may be repeated',
    ),
  source: z
    .string()
    .optional()
    .describe('What --events is, where it is an audit log or a folder of it: see `avouch weights sources`'),
  mapping: z.string().optional().describe('With --source: which names of the log are which model and person'),
  followed: z
    .boolean()
    .default(false)
    .describe('Instead of --events: all reads under leases, and the logs that are followed; kept'),
  keep: z
    .boolean()
    .default(false)
    .describe('Record the run and keep its alerts, to be looked into with `avouch weights alerts`'),
}

/** An alert with its place in the whole run, and among those of its day. */
export type RankedAlert = Alert & { rank: number; dayRank: number }

/** What a run came to, kept or not. */
type Run = {
  found: Detection
  alerts: Alert[]
  malformed: Faults
  personnel: { read: number; malformed: Faults }
  kept: { run: string; evidence: string; fresh: string[] } | undefined
}

/** `avouch weights detect`: alerts from a file of events, ranked. Needs no installation unless the alerts are kept. */
export const detectCommand: StandaloneSubcommand = {
  standalone: true,
  summary: 'Find misuse of weights in a file of events, or on standard input; --keep records what is found',
  options: detectOptions,
  async run({ terminal, options, config, signal }) {
    const asked = z.object(detectOptions).parse(options)
    if (asked.followed === (asked.events !== undefined))
      throw new AvouchError('usage', 'either --events or --followed says what to look at', {
        where: '--events',
        fix: 'Give a file of events, or --followed for all that is known here.',
      })
    const spooled = await spoolOf(asked, signal)
    const given = spooled ? { ...asked, ...logsOf(asked, spooled) } : asked
    if (spooled) tellTaking(terminal, spooled.taking, spooled.files)
    const { found, malformed, personnel, kept, ...run } = await (given.keep || given.followed
      ? runAndKeep(config, given, signal)
      : runOnly(given, signal)
    ).finally(() => spooled?.remove())
    const alerts = ranked(run.alerts)
    tell(terminal, found, alerts, {
      ...{ malformed, malformedPersonnel: personnel.malformed, top: given.top },
      of: spooled || given.followed ? 'models' : 'what was seen',
    })
    if (kept)
      terminal.say(
        `Kept ${counted(kept.fresh.length, 'alert')} that no earlier run had raised; the run is evidence ${kept.evidence}.`,
      )
    terminal.result({
      alertsPerDay: given.alertsPerDay,
      alerts,
      events: { read: found.events + malformed.count, judged: found.events - rejectedOf(found) },
      people: found.people,
      models: found.models,
      from: moment(found.from),
      to: moment(found.to),
      rejected: { malformed: malformed.count, ...found.rejected },
      malformed: malformed.first,
      personnel: {
        read: personnel.read,
        malformed: personnel.malformed.count,
        first: personnel.malformed.first,
      },
      kept: kept ?? null,
      source: spooled ? viewTaking(spooled.taking, spooled.files) : null,
    })
    return 0
  },
}

type Given = {
  /** Not given: everything that is known here. */
  events?: string | undefined
  personnel?: string | undefined
  alertsPerDay: number
  bait?: string[] | undefined
  /** Segments of models whose size is known. */
  sizes?: ReadonlyMap<string, { segments: number }>
}

async function runOnly(given: Given, signal: AbortSignal): Promise<Run> {
  const malformed: Faults = { count: 0, first: [] }
  const news: Faults = { count: 0, first: [] }
  const personnel = given.personnel ? await personnelOf(given.personnel, news, signal) : []
  const watch = new Watch({
    alertsPerDay: given.alertsPerDay,
    personnel,
    ...(given.sizes && { sizes: given.sizes }),
    ...(given.bait && { bait: new Bait(given.bait.map((value) => ({ kind: 'any', value }))) }),
  })
  for await (const batch of eventsOf(given.events ?? '-', malformed, signal))
    for (const event of batch) watch.add(event)
  const found = watch.end()
  const read = personnel.length + news.count
  return { found, alerts: found.alerts, malformed, personnel: { read, malformed: news }, kept: undefined }
}

async function runAndKeep(config: Config, given: Given, signal: AbortSignal): Promise<Run> {
  if (given.bait)
    throw new AvouchError('usage', '--bait is for runs that are not kept', {
      where: '--bait',
      fix: 'Place it with `avouch weights bait add`; kept runs look at all bait in place.',
    })
  const { openInstallation } = await import('@avouch/core/open')
  const { discoverCommitments } = await import('@avouch/core/discover')
  const { runOverFile } = await import('../alerts/keep.ts')
  const installation = await openInstallation(config, { commitments: await discoverCommitments() })
  try {
    const { events, personnel, alertsPerDay, sizes } = given
    const { runOverKnown } = await import('../following/run.ts')
    const kept =
      events === undefined
        ? await runOverKnown(installation, { alertsPerDay, signal })
        : await runOverFile(installation, {
            ...{ events, alertsPerDay, signal },
            ...(personnel !== undefined && { personnel }),
            ...(sizes && { sizes }),
          })
    const alerts = kept.alerts.map(({ timeline: _, groups: __, ...alert }) => alert)
    const { detection, malformed, run, evidence, fresh } = kept
    return { found: detection, malformed, personnel: kept.personnel, alerts, kept: { run, evidence, fresh } }
  } finally {
    await installation.close()
  }
}

/** By score, the highest first; those of one score in the order in which they were raised. */
export function ranked(alerts: readonly Alert[]): RankedAlert[] {
  const sorted = [...alerts].sort((a, b) => b.score - a.score || Date.parse(a.time) - Date.parse(b.time))
  const ofDay = new Map<string, number>()
  return sorted.map((alert, i) => {
    const day = alert.time.slice(0, 10)
    const dayRank = (ofDay.get(day) ?? 0) + 1
    ofDay.set(day, dayRank)
    return { ...alert, rank: i + 1, dayRank }
  })
}

function rejectedOf({ rejected }: Detection): number {
  return rejected.repeated + rejected.late + rejected.future
}

function moment(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}

function tell(
  terminal: Terminal,
  found: Detection,
  alerts: RankedAlert[],
  {
    malformed,
    malformedPersonnel,
    top,
    of,
  }: { malformed: Faults; malformedPersonnel: Faults; top: number; of: 'models' | 'what was seen' },
): void {
  for (const alert of alerts.slice(0, top)) {
    const { rank, time, people, model, score, reasons, window } = alert
    terminal.say(
      `${String(rank).padStart(3)}. ${time}  ${people.join(' and ')}${model ? `  ${model}` : ''}  score ${score.toFixed(1)}  (${window.from} to ${window.to})`,
    )
    for (const reason of reasons) terminal.say(`       ${reason}`)
  }
  if (alerts.length > top) terminal.say(`  … and ${alerts.length - top} more; --json or --top shows them.`)
  const { events, people, models, rejected } = found
  terminal.say(
    `${counted(events + malformed.count, 'event')} of ${counted(people, 'person or workload', 'people and workloads')} on ${counted(models, 'model')}: ${counted(alerts.length, 'alert')}.`,
  )
  const asides = [
    [malformed.count, 'malformed'],
    [rejected.repeated, 'repeated'],
    [rejected.late, 'later than an hour'],
    [rejected.future, 'far ahead of all others'],
    [malformedPersonnel.count, 'malformed personnel events'],
  ]
    .filter(([count]) => count !== 0)
    .map(([count, what]) => `${count} ${what}`)
  if (of === 'what was seen' && models > 0)
    terminal.say(
      'Nobody told how large the models are: shares of one are of what anybody had read of it by then.',
    )
  if (asides.length > 0) terminal.say(`Set aside: ${asides.join(', ')}.`)
  for (const { line, field, why } of malformed.first)
    terminal.say(`  line ${line}: ${field ? `${field} ` : ''}${why}`)
}
