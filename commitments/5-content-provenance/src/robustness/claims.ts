import { type EvidenceRecord, fieldAt } from '@avouch/core/evidence'
import type { Claim, Figure } from '@avouch/core/gate'
import { newestTable, ROBUSTNESS } from '../rules/robustness.ts'
import { MEDIUM_NAMES, type Medium, sizesOf, wordsOf } from './medium.ts'

/** What the report says of how well marks survive: the newest whole table of each medium, ours. Pure. */
export function robustnessClaims(live: readonly EvidenceRecord[]): Claim[] {
  const results = live.filter(({ predicateType }) => predicateType === ROBUSTNESS)
  return MEDIUM_NAMES.flatMap((medium) => {
    const record = newestTable(results, medium)
    return record === undefined ? [] : [tableClaim(record, medium)]
  })
}

type Place = { system?: unknown; change?: unknown; size?: unknown; notRun?: unknown }

function tableClaim(record: EvidenceRecord, medium: Medium): Claim {
  const { many, sizes } = wordsOf(medium)
  const [promised] = sizesOf(medium)
  const places = (record.fields.rows as Place[]).map((row, at) => ({ ...row, at }))
  const own = places.filter(({ system, notRun }) => system === 'ours' && notRun === null)
  const notRun = places.filter(({ system, size, notRun }) => system === 'ours' && size === 'all' && notRun)
  const figures: Figure[] = []
  const add = (place: (typeof own)[number] | undefined, of: 'marked' | 'unmarked'): string | undefined => {
    const figure = place && rateFigure(record, place, { medium, of })
    if (figure) figures.push(figure)
    return figure?.id
  }
  const changes = [...new Set(own.map(({ change }) => String(change)))]
  const rows = changes.flatMap((change) => {
    const at = (size: string) => own.find((place) => place.change === change && place.size === size)
    const cells = [add(at('all'), 'marked'), add(at('all'), 'unmarked')]
    return cells.every((cell) => cell !== undefined) ? [{ label: titleOf(change), cells }] : []
  })
  const main = add(
    own.find(({ change, size }) => change === 'expected' && size === promised),
    'marked',
  )
  const pointers = ['/algorithm', '/attacks', '/seed', '/unreadable'].filter(
    (pointer) => at(record, pointer) !== undefined,
  )
  return {
    section: 'security',
    title: medium === 'picture' ? 'How well marks survive' : `How well marks in ${many} survive`,
    serves: ['5.1', '5.2'],
    prose: [
      `${capital(many)} were marked, changed in the ways that happen to ${many} and in ways that attackers choose, and the marks were looked for; unmarked ${many} went through the same. The plan was logged before the first was marked. Errors count neither way.`,
      main === undefined
        ? `There were no ${many} ${sizes[promised!]!.long} among them.`
        : `On ${many} ${sizes[promised!]!.long}, {{${main}}} of marks were read after the changes they are to survive.`,
      ...(notRun.length > 0
        ? [
            `Not run: ${notRun.map(({ change }) => titleOf(String(change))).join(', ')}. Not run is not survived.`,
          ]
        : []),
    ],
    figures,
    tables: [
      {
        caption: 'Marks read after a change, and read where there is none',
        columns: ['Read', `Read in unmarked ${many}`],
        rows,
      },
    ].filter((table) => table.rows.length > 0),
    evidence: [{ evidence: record.digest, pointers }],
  }
}

function rateFigure(
  record: EvidenceRecord,
  { change, size, at: row }: Place & { at: number },
  { medium, of }: { medium: Medium; of: 'marked' | 'unmarked' },
): Figure | undefined {
  const { many, sizes } = wordsOf(medium)
  const pointer = `/rows/${row}/${of}/rate`
  const counts = `/rows/${row}/${of}/counts`
  const rate = at(record, pointer) as
    | { value: number; low: number; high: number; level: number; n: number; clusters: number }
    | undefined
    | null
  if (!rate || !Array.isArray(at(record, counts))) return undefined
  const { value, low, high, level, n, clusters } = rate
  const what = of === 'marked' ? 'Marks read' : 'Marks read where there is none'
  return {
    id: `content-${of}-${medium === 'picture' ? '' : `${medium}-`}${String(change)}-${String(size)}`,
    label: `${what}: ${titleOf(String(change))}, ${size === 'all' ? `${many} of all sizes` : `${many} ${sizes[String(size)]?.long ?? ''}`}`,
    ...{ value, unit: 'rate', interval: { low, high, level }, n, clusters },
    ...{ source: { evidence: record.digest, pointer }, kind: 'computed', method: 'cluster-rate/v1' },
    inputs: [counts],
    recompute: 'Add up the events and the trials of the files and divide (cluster-rate/v1).',
  }
}

/** A bare number in a label would be a figure without evidence. */
function titleOf(change: string): string {
  return change === 'expected' ? 'all that marks are to survive' : `\`${change}\``
}

function capital(words: string): string {
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** Any field may have been erased. */
function at(record: EvidenceRecord, pointer: string): unknown {
  try {
    return fieldAt(record.fields, pointer)
  } catch {
    return undefined
  }
}
