import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, Claims, Figure } from '@avouch/core/gate'
import { keyEvidence } from '@avouch/core/log'
import { standingExemptions } from './exemption/standing.ts'
import { robustnessClaims } from './robustness/claims.ts'
import { DETECTION, EXEMPTION, MARKING, SERVICE } from './rules/marks.ts'

/** Batches shown one by one; older ones are counted in words only. */
const MOST_BATCHES = 12

/** What the report on a release says of marks: what was marked, and whether the public check knows it. */
export const claims: Claims = (evidence, release) => {
  const standing = evidence.filter(({ supersededBy, retractedBy }) => !supersededBy && !retractedBy)
  const live = standing.filter(({ about }) => about.release === release)
  const of = (type: string): EvidenceRecord[] => live.filter(({ predicateType }) => predicateType === type)
  const batches = of(MARKING)
  const detection = of(DETECTION).at(-1)
  if (batches.length === 0 && detection === undefined) return []
  const shown = batches.slice(-MOST_BATCHES)
  const rows = shown.map((record, at) => batchRow(record, at + 1))
  const tried = detection === undefined ? [] : detectionFigures(detection)
  const keys = standing.filter(({ predicateType }) => predicateType === keyEvidence.predicateType)
  const people = new Set(
    keys.filter(({ fields }) => fields.kind === 'person').map(({ fields }) => fields.keyid),
  )
  const { inForce: exempt } = standingExemptions(of(EXEMPTION), ({ signers }) =>
    signers.some((signer) => people.has(signer)),
  )
  const claim: Claim = {
    section: 'security',
    title: 'Marks on generated content',
    serves: ['5.1', '5.2'],
    prose: [
      'Pictures, sound and films are marked by an inaudible or invisible watermark, a signed manifest (`C2PA`) and an entry in a register; anyone can ask the public check whether one was made by this release. A film in `WebM` carries no manifest.',
      ...(batches.length > shown.length ? ['Only the newest batches are shown.'] : []),
      ...(tried.length > 0
        ? [
            'The public check was tried on made-up pictures: it knew {{content-known}} of {{content-marked}} marked ones, and took {{content-mistaken}} of {{content-unmarked}} unmarked ones for marked. That is a trial of the service, not a measure of how well marks survive.',
          ]
        : ['The public check was not tried.']),
      exempt.length > 0
        ? 'Some classes of content are exempt, each with a reason that two people signed.'
        : 'No class of content is exempt.',
    ],
    figures: [...rows.flatMap(({ figures }) => figures), ...tried],
    ...(rows.length > 0 && {
      tables: [
        {
          caption: 'What was marked, by batch',
          columns: ['Marked', 'With watermark', 'With manifest', 'Refused', 'Failed'],
          rows: rows.map(({ label, figures }) => ({ label, cells: figures.map(({ id }) => id) })),
        },
      ],
    }),
    evidence: [...of(SERVICE), ...exempt].map(({ digest }) => ({ evidence: digest, pointers: [] })),
  }
  return [claim, ...robustnessClaims(standing)]
}

function batchRow(record: EvidenceRecord, number: number): { label: string; figures: Figure[] } {
  const cells = [
    ['marked', '/marked', 'Pieces marked'],
    ['watermark', '/layers/watermark', 'with a watermark'],
    ['manifest', '/layers/manifest', 'with a manifest'],
    ['refused', '/refused', 'refused'],
    ['failed', '/failed', 'failed'],
  ] as const
  return {
    label: `Batch \`${number}\``,
    figures: cells.flatMap(([name, pointer, label]) =>
      count(record, pointer, `content-${name}-${number}`, `${label}, batch \`${number}\``),
    ),
  }
}

function detectionFigures(record: EvidenceRecord): Figure[] {
  const figures = [
    ...count(record, '/marked/found', 'content-known', 'Marked pictures that the public check knew'),
    ...count(record, '/marked/tried', 'content-marked', 'Marked pictures it was tried on'),
    ...count(record, '/unmarked/found', 'content-mistaken', 'Unmarked pictures it took for marked'),
    ...count(record, '/unmarked/tried', 'content-unmarked', 'Unmarked pictures it was tried on'),
  ]
  return figures.length === 4 ? figures : []
}

/** A count that stands in the evidence; none where it was erased. */
function count(record: EvidenceRecord, pointer: string, id: string, label: string): Figure[] {
  const value = pointer
    .split('/')
    .slice(1)
    .reduce<unknown>(
      (at, name) =>
        typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[name] : undefined,
      record.fields,
    )
  if (typeof value !== 'number') return []
  return [
    {
      id,
      label,
      value,
      unit: 'count',
      source: { evidence: record.digest, pointer },
      kind: 'computed',
      method: 'field/v1',
      inputs: [],
      recompute: 'It is the field itself, counted when the batch was recorded.',
    },
  ]
}
