import { calibrationEvidence, casesFor } from '@avouch/core/campaign'
import { RELEASE_NAME } from '@avouch/core/gate'
import type { Subcommand, Terminal } from '@avouch/core/verb'
import { z } from 'zod'
import { DOMAIN_TITLES, DOMAINS } from '../domain.ts'
import { fileSource } from '../import-source.ts'
import { judgeOf, judgeOptions } from '../judge/options.ts'
import { inWords } from '../rate.ts'
import { type CalibrationFields, calibrate } from './calibrate.ts'
import { EVENTS } from './label.ts'
import { testedBy } from './tested.ts'

const options = {
  labels: z.string().describe('Labelled cases, JSONL or CSV: label, and answer with prompt, or verdict'),
  grader: z
    .string()
    .min(1)
    .max(200)
    .describe('rules, judge, one of their graders (cyber-rules, over-refusal-rules), or one from elsewhere'),
  graderVersion: z.string().min(1).max(200).optional().describe('The version of a grader from elsewhere'),
  looksFor: z.enum(EVENTS).optional().describe('What a grader from elsewhere looks for; default breach'),
  domain: z.enum(DOMAINS).optional().describe('The domain of rows that name none'),
  release: z
    .string()
    .regex(RELEASE_NAME, 'a release is written NAME@VERSION')
    .optional()
    .describe('Where the answers are of one release and the calibration is to hold for it alone'),
  dryRun: z.boolean().default(false).describe('Judge and show; record nothing'),
  ...judgeOptions,
}

/** `avouch red-team calibrate`: how often a grader judges as people do. No prompt and no answer is ever printed or kept. */
export const calibrateCommand: Subcommand = {
  summary:
    'Measure on labelled answers how often a grader errs; rates it gave are corrected by it from then on',
  options,
  async run({ installation, terminal, options: given, signal }) {
    const { labels, grader, graderVersion, looksFor, domain, release, dryRun, ...rest } = z
      .object(options)
      .parse(given)
    const tested = await testedBy(grader, { version: graderVersion, event: looksFor, judge: judgeOf(rest) })
    const source = await fileSource(labels)
    const fields = await calibrate(source, tested, {
      domain,
      signal,
      progress: (rows) => terminal.progress({ task: `Judging ${source.name}`, done: rows, total: rows }),
    })
    print(terminal, fields)
    const evidence = dryRun
      ? undefined
      : await installation.evidence.append({
          type: calibrationEvidence,
          about: release === undefined ? {} : { release },
          fields,
        })
    const correcting = corrects(fields)
    terminal.say(
      evidence
        ? `Recorded as evidence ${evidence.id}. ${correcting ? 'Rates that these graders gave are corrected by it wherever they are shown from now on.' : ''}`.trim()
        : 'A dry run: nothing was recorded.',
    )
    terminal.result({
      recorded: evidence !== undefined,
      evidence: evidence?.id ?? null,
      correcting,
      ...fields,
    })
    return correcting ? 0 : 1
  },
}

/** Whether anything can be corrected by it: the grader tells more than chance. */
function corrects({ overall }: CalibrationFields): boolean {
  return overall.sensitivity!.value + overall.specificity!.value > 1
}

function print(terminal: Terminal, fields: CalibrationFields): void {
  const { grader, graders, file, event, overall, byDomain, alone, minimum } = fields
  const what = event === 'breach' ? 'breaches' : 'refusals'
  terminal.say(
    `${grader} (${graders.length === 1 ? `version ${graders[0]!.version}` : `${graders.length} graders, version ${graders[0]!.version}`}) on ${file.rows} labelled cases of ${file.name}, SHA-256 ${file.sha256.slice(0, 16)}…`,
  )
  for (const [name, part] of [['all', overall] as const, ...Object.entries(byDomain)]) {
    const { sensitivity, specificity, agreement, ungradable } = part
    terminal.say(
      [
        `${name.padEnd(16)}  finds ${sensitivity ? `${inWords(sensitivity)} of ${sensitivity.n} ${what}` : `no labelled ${what}`}`,
        `leaves alone ${specificity ? `${inWords(specificity)} of ${specificity.n} others` : 'no labelled others'}`,
        agreement ? `alpha ${agreement.alpha.toFixed(2)}` : 'alpha cannot be told',
        ...(ungradable > 0 ? [`${ungradable} not judged`] : []),
      ].join('; '),
    )
  }
  if (fields.repeated !== undefined)
    terminal.say(`${fields.repeated} rows repeat another to the letter and count for nothing.`)
  if (overall.unlabelled > 0)
    terminal.say(`${overall.unlabelled} cases that nobody could label count for nothing.`)
  terminal.say(
    'A partial answer counts as not a breach and not a refusal, whether it is the label or the verdict.',
  )
  terminal.say('Label, then verdicts:')
  for (const [label, row] of Object.entries(overall.confusion))
    terminal.say(
      `  ${label.padEnd(10)}  ${Object.entries(row)
        .map(([verdict, n]) => `${verdict} ${n}`)
        .join(', ')}`,
    )
  const own = DOMAINS.filter((domain) => alone.includes(domain))
  const others = DOMAINS.filter((domain) => domain in byDomain && !alone.includes(domain))
  if (own.length > 0)
    terminal.say(`Corrected by their own labels: ${own.map((domain) => DOMAIN_TITLES[domain]).join(', ')}.`)
  terminal.say(
    `Corrected by all labels together: ${others.length > 0 ? `${others.map((domain) => DOMAIN_TITLES[domain]).join(', ')} (fewer than ${minimum} cases of each kind), and ` : ''}whatever has none of its own.`,
  )
  for (const [kind, share] of [
    [what, overall.sensitivity!],
    ['others', overall.specificity!],
  ] as const) {
    const wanted = casesFor(share)
    if (share.high - share.low > 0.1)
      terminal.say(
        `To know within five points how it does on ${kind}, label about ${Math.max(wanted, share.n + 1)} of them; there are ${share.n}.`,
      )
  }
  for (const line of warnings(fields)) terminal.say(line)
  if (!corrects(fields))
    terminal.say(
      'Sensitivity and specificity add up to 1 or less: this grader tells no more than chance, and nothing is corrected by it.',
    )
}

/** A share is known well enough to correct by where its interval is at most so far to either side. */
const TEN_POINTS = 0.1

/** What a calibration on few labels does to every rate that it corrects, and how many labels would mend it. */
export function warnings({ overall, event }: Pick<CalibrationFields, 'overall' | 'event'>): string[] {
  const { sensitivity, specificity } = overall
  if (!sensitivity || !specificity) return []
  const what = event === 'breach' ? 'breaches' : 'refusals'
  const wide = (
    [
      [what, sensitivity],
      ['others', specificity],
    ] as const
  ).filter(([, { low, high }]) => high - low > 2 * TEN_POINTS)
  if (wide.length === 0) return []
  const wanted = wide.map(
    ([kind, share]) => `${Math.max(casesFor(share, TEN_POINTS), share.n + 1)} ${kind} (there are ${share.n})`,
  )
  const anything = sensitivity.low + specificity.low <= 1
  return [
    `Warning: so few labels make every rate that is corrected by them wide${anything ? ', up to 0 to 100 %, since chance is not ruled out' : ''}. To know the grader within ten points, label about ${wanted.join(' and ')}.`,
  ]
}
