import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, Figure } from '@avouch/core/gate'
import { DOMAIN_OBLIGATIONS, DOMAIN_TITLES, DOMAINS, type Domain } from '../domain.ts'
import { ATTESTATION, SESSION_ABANDONED, SESSION_RESULT } from '../rules/external.ts'
import { fieldFigure } from './figure.ts'

/** Rows of one table at most; the evidence has the rest. */
const MAX_ROWS = 50
const RATING = 'https://avouch.dev/evidence/red-teaming/rating/v1'

const WORD =
  'It cannot be recomputed: it is the word of who signed, in a document whose digest stands beside it.'
const COUNTED = 'It is the field itself, counted from the recorded turns of the session.'
const AGREED = 'It is the field itself: what was agreed when the expert was invited.'
const ALPHA =
  'It is the field itself: Krippendorff’s alpha over the items that at least two people judged, before anyone decided between them; the interval resamples items.'
const JUDGED = 'It is the field itself, counted from what people judged.'

/** What the report says of those from outside who tested the release, and of the people who rated what was found. Pure. */
export function externalClaims(live: readonly EvidenceRecord[], release: string): Claim[] {
  const of = (...types: string[]) =>
    live
      .filter(({ predicateType, about }) => types.includes(predicateType) && about.release === release)
      .slice(-MAX_ROWS)
  return [
    ...sessionsClaim(of(SESSION_RESULT, SESSION_ABANDONED)),
    ...attestationsClaim(of(ATTESTATION)),
    ...ratingsClaim(of(RATING).slice(-1)),
  ]
}

function sessionsClaim(sessions: EvidenceRecord[]): Claim[] {
  const shown = sessions.filter(({ fields }) => fields.turns !== undefined && fields.hours !== undefined)
  if (shown.length === 0) return []
  const rows = shown.map((record, n) => {
    const id = `rt-session-${n + 1}`
    const signed = record.predicateType === SESSION_RESULT
    const hours = signed
      ? attested(
          record,
          '/hours/stated',
          `${id}-hours`,
          'Hours worked',
          signerOf(record),
          text(record, 'transcript'),
        )
      : undefined
    const counts = [
      fieldFigure(record, '/hours/agreed', `${id}-agreed`, 'Hours agreed', { recompute: AGREED }),
      fieldFigure(record, '/turns/asked', `${id}-asked`, 'Messages sent', { recompute: COUNTED }),
      fieldFigure(record, '/turns/answered', `${id}-answered`, 'Messages answered', { recompute: COUNTED }),
      fieldFigure(record, '/found', `${id}-found`, 'Findings', { recompute: COUNTED }),
    ]
    return { record, id, signed, hours, figures: [...(hours ? [hours] : []), ...counts] }
  })
  return [
    {
      section: 'adversarial-testing',
      title: 'Red-teaming by experts from outside',
      serves: serving(shown.map(domainsOf)),
      prose: [
        'Experts from outside the company tested the release by hand. Each turn was recorded before it was shown, and the plan was logged before the first. What came of a session stands under its expert’s own passkey; hours worked are their word, turns are counted from the record.',
        'What they found stands open until someone closes it, as one person’s search and no rate.',
        ...rows.flatMap(({ record, signed }) => [aboutSession(record, signed), ...aboutWorld(record)]),
      ],
      figures: rows.flatMap(({ figures }) => figures),
      tables: [
        {
          caption: 'Sessions of experts from outside, with what was agreed and what was done',
          columns: ['Hours agreed', 'Hours worked', 'Sent', 'Answered', 'Findings'],
          rows: rows.map(({ record, id, signed, hours }, n) => ({
            label: signed ? quoted(signerOf(record)) : `An expert, unsigned (session \`${n + 1}\`)`,
            cells: [`${id}-agreed`, hours ? hours.id : '', `${id}-asked`, `${id}-answered`, `${id}-found`],
          })),
        },
      ],
      evidence: rows.map(({ record, signed }) => ({
        evidence: record.digest,
        pointers: signed ? ['/restrictions', '/expertOf', '/independent'].filter((p) => has(record, p)) : [],
      })),
    },
  ]
}

function attestationsClaim(attestations: EvidenceRecord[]): Claim[] {
  const shown = attestations.filter(
    ({ fields }) => fields.hours !== undefined && fields.organisation !== undefined,
  )
  if (shown.length === 0) return []
  const rows = shown.map((record, n) => {
    const id = `rt-attested-${n + 1}`
    const by = text(record, 'organisation')
    const document = String((record.fields.file as { sha256?: string } | undefined)?.sha256)
    return {
      record,
      hours: attested(record, '/hours/stated', `${id}-hours`, 'Hours of work', by, document),
      people: attested(record, '/people', `${id}-people`, 'People', by, document),
    }
  })
  return [
    {
      section: 'adversarial-testing',
      title: 'Testing by organisations under their own roof',
      serves: serving(shown.map(domainsOf)),
      prose: [
        'These organisations attested what they tested; nothing of it was seen here. Where one signed, its signature was checked over the very bytes of the file. That a key is theirs has to be known from elsewhere.',
        ...shown.map(aboutAttestation),
      ],
      figures: rows.flatMap(({ hours, people }) => [hours, people]),
      tables: [
        {
          caption: 'What organisations attested',
          columns: ['Hours', 'People'],
          rows: rows.map(({ record, hours, people }) => ({
            label: quoted(text(record, 'organisation')),
            cells: [hours.id, people.id],
          })),
        },
      ],
      evidence: shown.map((record) => ({
        evidence: record.digest,
        pointers: ['/restrictions', '/report', '/signature', '/independence'].filter((p) => has(record, p)),
      })),
    },
  ]
}

function ratingsClaim(ratings: EvidenceRecord[]): Claim[] {
  const [record] = ratings
  const agreement = record?.fields.agreement as Record<'verdict' | 'severity', Alpha | undefined> | undefined
  if (!record || !agreement || !has(record, '/items') || !has(record, '/confirmedFindings')) return []
  const alphas = (['verdict', 'severity'] as const).flatMap((name) => {
    const found = agreement[name]
    return found ? [alphaFigure(record, name, found)] : []
  })
  const count = (pointer: string, id: string, label: string) =>
    fieldFigure(record, pointer, `rt-rating-${id}`, label, { recompute: JUDGED })
  return [
    {
      section: 'adversarial-testing',
      title: 'Blind rating by people',
      serves: ['6.5'],
      prose: [
        'People judged answers without knowing whose they were, how they were come by, or what others said of them: what experts had marked, and others drawn at random among it.',
        'Of {{rt-rating-planned}} items, {{rt-rating-rated}} were judged by as many people as was planned. {{rt-rating-agreed}} were judged alike by all of them, {{rt-rating-adjudicated}} were decided by someone else, and {{rt-rating-undecided}} were left open.',
        'Of {{rt-rating-findings}} findings of experts that came to an end, {{rt-rating-confirmed}} were taken for a breach or part of one.',
        alphas.length > 0
          ? `Agreement among them, by Krippendorff’s alpha: ${alphas.map(({ id, label }) => `${label.toLowerCase()} {{${id}}}`).join(', ')}.`
          : 'How far they agree cannot be told from so few items, or from items that all were judged alike.',
      ],
      figures: [
        count('/items/planned', 'planned', 'Items to rate'),
        count('/items/rated', 'rated', 'Items rated'),
        count('/items/agreed', 'agreed', 'Items judged alike'),
        count('/items/adjudicated', 'adjudicated', 'Items decided by someone else'),
        count('/items/undecided', 'undecided', 'Items left open'),
        count('/confirmedFindings/of', 'findings', 'Findings rated'),
        count('/confirmedFindings/confirmed', 'confirmed', 'Findings confirmed'),
        ...alphas,
      ],
    },
  ]
}

type Alpha = { value: number; low: number; high: number; level: number; n: number }

function alphaFigure(record: EvidenceRecord, name: 'verdict' | 'severity', alpha: Alpha): Figure {
  const { value, low, high, level, n } = alpha
  return {
    id: `rt-rating-alpha-${name}`,
    label: name === 'verdict' ? 'On verdicts' : 'On severities',
    value,
    unit: 'score',
    interval: { low, high, level },
    n,
    source: { evidence: record.digest, pointer: `/agreement/${name}` },
    kind: 'computed',
    method: 'field/v1',
    inputs: [],
    recompute: ALPHA,
  }
}

function attested(
  record: EvidenceRecord,
  pointer: string,
  id: string,
  label: string,
  signer: string,
  document: string,
): Figure {
  const figure = fieldFigure(record, pointer, id, label, { recompute: WORD })
  return { ...figure, kind: 'attested', attestation: { signer, document } }
}

function aboutSession(record: EvidenceRecord, signed: boolean): string {
  const domains = titles(domainsOf(record))
  if (!signed) return `One session was not signed in time, so no hours stand behind it: ${domains}.`
  const ties =
    record.fields.independent === true
      ? 'independent of the company by their signed word'
      : 'not independent of the company by their signed word'
  const own = (record.fields.expertOf ?? []) as Domain[]
  return `${quoted(signerOf(record))}, an expert of ${titles(own)}, tested ${domains}; ${ties}. ${restricted(record)}`
}

/** What the model did in a simulated world, by the names of states; nothing of a conversation. */
function aboutWorld({ fields }: EvidenceRecord): string[] {
  const world = fields.world as { name?: unknown; reached?: unknown; left?: unknown } | undefined
  if (typeof world?.name !== 'string') return []
  const names = (ids: unknown) => (Array.isArray(ids) ? ids : []).map((id) => quoted(String(id))).join(', ')
  const [reached, left] = [names(world.reached), names(world.left)]
  return [
    `In it the model acted in the simulated world ${quoted(world.name)}, under a campaign’s limits, as one person drove it. ${
      reached === ''
        ? 'It reached none of the states that must never be reached.'
        : `It reached what must never be reached: ${reached}.`
    }${left === '' ? '' : ` Left alone it would have come to: ${left}.`}`,
  ]
}

function aboutAttestation(record: EvidenceRecord): string {
  const { kind, method, signed, independent } = record.fields
  const kinds: Record<string, string> = {
    contractor: 'a contractor',
    government: 'a government body',
    academic: 'an academic body',
    'civil-society': 'an organisation of civil society',
  }
  const methods: Record<string, string> = {
    'red-teaming': 'attacked the model in',
    'uplift-study': 'studied what people can do with the model and without it in',
    'sealed-evaluation': 'put questions that it keeps to itself in',
  }
  const ties = independent === true ? 'independent of the company' : 'not independent of the company'
  const under = signed === true ? 'under its own signature' : 'unsigned'
  return `${quoted(text(record, 'organisation'))}, ${kinds[String(kind)] ?? 'an organisation'}, ${ties} by its own word, ${methods[String(method)] ?? 'tested the model in'} ${titles(domainsOf(record))}; ${under}. ${restricted(record)}`
}

function restricted(record: EvidenceRecord): string {
  return text(record, 'restrictions') === ''
    ? 'No restriction is stated.'
    : 'What was imposed on them is laid open in the evidence.'
}

function signerOf(record: EvidenceRecord): string {
  return text(record, 'signer')
}

function domainsOf({ fields }: EvidenceRecord): Domain[] {
  const listed = Array.isArray(fields.domains) ? (fields.domains as unknown[]) : []
  return DOMAINS.filter((domain) => listed.includes(domain))
}

function titles(domains: readonly Domain[]): string {
  return domains.map((domain) => DOMAIN_TITLES[domain]).join('; ') || 'no domain'
}

function serving(domains: readonly Domain[][]): string[] {
  return [...new Set(['6.5', '1.2', ...domains.flat().map((domain) => DOMAIN_OBLIGATIONS[domain])])]
}

/** A name as the report may hold it: between backticks, where digits are no number. */
function quoted(name: string): string {
  return `\`${name.replaceAll('`', '’')}\``
}

function text({ fields }: EvidenceRecord, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

/** Whether a top-level field is there: any may have been erased. */
function has({ fields }: EvidenceRecord, pointer: string): boolean {
  return fields[pointer.slice(1)] !== undefined
}
