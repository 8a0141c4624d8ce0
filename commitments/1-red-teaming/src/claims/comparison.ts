import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, Figure } from '@avouch/core/gate'
import { DOMAIN_TITLES, DOMAINS } from '../domain.ts'
import type { ComparedPart, Comparison, RecordedComparison } from '../numbers/comparison-evidence.ts'
import { FigureSheet, type Row } from './sheet.ts'

const COMPARISON = 'https://avouch.dev/evidence/red-teaming/comparison/v1'
/** Below this p, adjusted over the domains, chance is said not to explain a change. */
const ALPHA = 0.05

/** The change since the predecessor over the questions that both releases were asked; undefined where none was recorded. */
export function comparisonClaim(live: readonly EvidenceRecord[], result: EvidenceRecord): Claim | undefined {
  const record = live.findLast(
    ({ predicateType, about, fields }) =>
      predicateType === COMPARISON &&
      about.release === result.about.release &&
      fields.campaign === result.fields.campaign,
  )
  const parts = record?.fields.parts as Comparison | undefined
  if (!record || !parts) return undefined
  const sheet = new FigureSheet(record, [])
  const names = [...DOMAINS, 'overRefusal'] as const
  const rows: Row[] = []
  const prose: string[] = []
  for (const name of names) {
    const part = parts[name]
    if (!part) continue
    const title = name === 'overRefusal' ? 'Over-refusal' : DOMAIN_TITLES[name]
    const id = `rt-change-${name === 'overRefusal' ? 'over-refusal' : name}`
    rows.push({ label: title, id })
    if (part.comparable && part.change) sheet.add(changeFigure(record, name, part.change, id, title))
    for (const [field, label] of [
      ['pairs', 'Pairs compared'],
      ['shared', 'Questions that both plans ask'],
      ['planned', 'Questions planned now'],
    ] as const)
      sheet.field(`/parts/${name}/${field}`, `${id}-${field}`, `${label}, ${title}`)
    sheet.field(
      `/parts/${name}/detectable`,
      `${id}-detectable`,
      `Smallest change that so many pairs would show, ${title}`,
      {
        unit: 'difference',
        recompute:
          'It is the field itself: Connor’s sample size for McNemar’s test solved for the change, at the discordance and the design effect that were seen, for a power of four in five.',
      },
    )
    prose.push(sentence(title, id, part))
  }
  const { release } = record.fields.with as RecordedComparison['with']
  return {
    section: 'adversarial-testing',
    title: `Change since \`${release}\``,
    serves: ['6.5', '1.1'],
    prose: [
      `A campaign on \`${release}\`, the predecessor, is set beside this one over what both asked: the same question, by the same strategy, judged by the same grader. A change below zero means fewer breaches, or fewer refusals of harmless questions. Rates are as graded: an error that both have alike makes a change look smaller, not larger.`,
      ...prose,
    ],
    figures: sheet.figures,
    tables: sheet.table('Mean change over the same questions, this release less its predecessor', rows, [
      ['Change', ''],
      ['Would have shown', '-detectable'],
      ['Pairs', '-pairs'],
      ['In both plans', '-shared'],
      ['Planned now', '-planned'],
    ]),
    evidence: [{ evidence: record.digest, pointers: ['/with'] }],
  }
}

function sentence(title: string, id: string, { comparable, change, p, adjusted, why }: ComparedPart): string {
  if (!comparable || !change) return `${title}: not comparable. ${why ?? ''}`.trim()
  const chance = adjusted ?? p ?? 1
  const verdict =
    chance < ALPHA
      ? 'chance alone would hardly explain it'
      : 'it may be chance; that no change was seen does not mean that there is none'
  return `${title}: {{${id}}}; ${verdict}${adjusted === null ? '' : ', several domains having been looked at'}.`
}

function changeFigure(
  record: EvidenceRecord,
  name: keyof Comparison,
  { value, low, high, level, n, clusters }: NonNullable<ComparedPart['change']>,
  id: string,
  title: string,
): Figure {
  return {
    id,
    label: `Change since the predecessor, ${title}`,
    value,
    unit: 'difference',
    interval: { low, high, level },
    n,
    clusters,
    source: { evidence: record.digest, pointer: `/parts/${name}/change` },
    kind: 'computed',
    method: 'paired-difference/v1',
    inputs: [`/parts/${name}/counts`],
    recompute:
      'For each question take the share of breaches now less that before, and average; the interval takes each behaviour with all its variants as one unit (paired-difference/v1).',
  }
}
