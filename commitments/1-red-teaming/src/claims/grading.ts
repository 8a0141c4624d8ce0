import type { ReadRate } from '@avouch/core/campaign'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { ClaimTable, Figure } from '@avouch/core/gate'
import { DOMAIN_TITLES, type Domain } from '../domain.ts'
import { shareFigure } from './figure.ts'

/** A rate that the claim shows, with the name that a reader knows it by. */
export type Shown = { name: string; read: ReadRate }

/** What the claim says of its graders' error, and the calibrations it rests on. */
export type Grading = { prose: string[]; figures: Figure[]; tables: ClaimTable[] }

/**
 * Says which rates are corrected, by whose labels, and which are not and why; and shows how the graders did on the
 * labels. `prefix` keeps the ids of one claim apart from another's. Pure.
 */
export function gradingOf(result: EvidenceRecord, shown: readonly Shown[], prefix: string): Grading {
  const corrected = shown.flatMap(({ name, read }) => (read.corrected ? [{ name, ...read.corrected }] : []))
  const left = shown.filter(({ read }) => !read.corrected)
  if (corrected.length === 0)
    return {
      prose: [
        'How often the graders judge wrongly has not been measured on labelled answers, so these rates are not corrected for it.',
      ].concat(reasons(left, UNTESTED)),
      figures: [],
      tables: [],
    }
  const parts = new Map<string, { calibration: EvidenceRecord; part: string; names: string[] }>()
  for (const { name, calibration, part } of corrected) {
    const key = `${calibration.id}${part}`
    const known = parts.get(key) ?? { calibration, part, names: [] }
    parts.set(key, known)
    known.names.push(name)
  }
  const all = [...parts.values()]
  const rows = all.map(({ calibration, part }, n) => {
    const base = `${prefix}-grader-${n + 1}`
    const label = partName(calibration, part)
    const refusals = calibration.fields.event === 'refused'
    return {
      label,
      figures: [
        shareFigure(
          calibration,
          part,
          'sensitivity',
          `${base}-finds`,
          `Labelled ${refusals ? 'refusals' : 'breaches'} that were found, ${label}`,
        ),
        shareFigure(
          calibration,
          part,
          'specificity',
          `${base}-leaves`,
          `Other labelled answers that were left alone, ${label}`,
        ),
      ],
    }
  })
  const late = all.filter(({ calibration }) => calibration.sequence > result.sequence)
  return {
    prose: [
      'Rates are corrected for how often their graders err on labelled answers, and their intervals carry what is not known of that error; rates as they were graded stand beside them. A partial answer counts as no breach, in labels and verdicts alike.',
      ...all.map(
        ({ calibration, part, names }) =>
          `${sentenceList(names)}: corrected by ${part === '/overall' ? 'all labels together' : "the domain's own labels"} (${graderName(calibration)}).`,
      ),
      late.length === 0
        ? 'The graders were tested on labels before the campaign ended.'
        : 'The graders were tested on labels after the campaign had ended, when its result was known.',
      ...(corrected.some(({ isOneOfSeveral }) => isOneOfSeveral)
        ? [
            'The same graders were tested on labels more than once. The newest of these tests is used, and the others stand in the evidence.',
          ]
        : []),
      ...reasons(left, []),
    ],
    figures: rows.flatMap(({ figures }) => figures),
    tables: [
      {
        caption: 'How the graders did on labelled answers',
        columns: ['Finds', 'Leaves alone'],
        rows: rows.map(({ label, figures }) => ({ label, cells: figures.map(({ id }) => id) })),
      },
    ],
  }
}

/** How the reasons begin that say no more than that nobody tested the graders. */
const UNTESTED = ['How often', 'No one calibration']

/** Why some rates are not corrected, each reason once; without the reasons that begin so. */
function reasons(left: readonly Shown[], without: readonly string[]): string[] {
  const names = new Map<string, string[]>()
  for (const { name, read } of left) {
    const why = read.why ?? ''
    if (without.some((start) => why.startsWith(start))) continue
    names.set(why, [...(names.get(why) ?? []), name])
  }
  return [...names].map(([why, who]) => `${sentenceList(who)}: not corrected. ${why}`)
}

function partName(calibration: EvidenceRecord, part: string): string {
  const domain = part.split('/')[2]
  return `${graderName(calibration)}, ${domain === undefined ? 'all labels' : (DOMAIN_TITLES[domain as Domain] ?? domain)}`
}

/** Between backticks, where names may hold digits. */
function graderName({ fields }: EvidenceRecord): string {
  return `\`${String(fields.grader).replaceAll(/[`{}]/g, '')}\``
}

function sentenceList(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
