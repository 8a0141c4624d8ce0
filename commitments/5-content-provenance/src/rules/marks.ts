import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Answer, RuleContext } from '@avouch/core/obligation'
import { standingExemptions } from '../exemption/standing.ts'
import { MEDIUM_NAMES, type Medium, wordsOf } from '../robustness/medium.ts'
import { type Robustness, robustnessOf } from './robustness.ts'

// written out, so that listing obligations loads no schema
const BASE = 'https://avouch.dev/evidence/content-provenance/'
export const SERVICE = `${BASE}service/v1`
export const MARKING = `${BASE}marking/v1`
export const DETECTION = `${BASE}detection/v1`
export const PRIVACY = `${BASE}privacy/v1`
export const EXEMPTION = `${BASE}exemption/v1`
export const CONFORMANCE = `${BASE}conformance/v1`
export const RESOLUTION = `${BASE}resolution/v1`
export const PARTICIPATION = `${BASE}participation/v1`

const LIMITS = 'That nothing else is put out unmarked, such as by another program, a person must see to.'

type InMedium = { medium: Medium; pieces: number; table: Robustness | undefined }

/** The media that content was marked in, with how well marks survive there. What is of no other medium is a picture. */
function byMedium(context: RuleContext, batches: readonly EvidenceRecord[]): InMedium[] {
  const total = batches.reduce((sum, { fields }) => sum + number(fields.marked), 0)
  const counts = MEDIUM_NAMES.map((medium) => ({
    medium,
    pieces: batches.reduce(
      (sum, { fields }) =>
        wordsOf(medium).kinds.reduce((own, { name }) => own + member(fields.kinds, name), sum),
      0,
    ),
  }))
  const others = counts.reduce((sum, { medium, pieces }) => sum + (medium === 'picture' ? 0 : pieces), 0)
  return counts
    .map(({ medium, pieces }) => ({ medium, pieces: medium === 'picture' ? total - others : pieces }))
    .filter(({ pieces }) => pieces > 0)
    .map((one) => ({ ...one, table: robustnessOf(context, one.medium) }))
}

/** 5.1: content of this release was marked, every piece by a robust layer, and how well marks survive is measured. */
export function marked(context: RuleContext): Answer {
  const { evidence, release } = context
  const batches = evidence(MARKING)
  const media = byMedium(context, batches)
  const tables = media.flatMap(({ table }) => table ?? [])
  const sum = (of: (record: EvidenceRecord) => unknown): number =>
    batches.reduce((total, record) => total + number(of(record)), 0)
  const pieces = sum(({ fields }) => fields.marked)
  const ids = [...batches, ...tables.map(({ record }) => record)].map(({ id }) => id)
  if (pieces === 0)
    return {
      status: 'missing',
      why: `No content of ${release.name} was marked here, as far as it is recorded. ${LIMITS}`,
      evidence: ids,
    }
  const watermarked = sum(({ fields }) => member(fields.layers, 'watermark'))
  const unmarked = sum(({ fields }) => number(fields.refused) + number(fields.failed))
  const open = [
    ...(watermarked < pieces
      ? [`${pieces - watermarked} of them have no watermark and lose their mark with the manifest`]
      : []),
    ...(unmarked > 0 ? [`${unmarked} more were not marked, being refused or failed`] : []),
    ...media
      .filter(({ table }) => table === undefined)
      .map((one) =>
        one.pieces === pieces
          ? 'how well marks survive is not measured'
          : `${one.pieces} of them ${one.pieces === 1 ? `is a ${wordsOf(one.medium).one}` : `are ${wordsOf(one.medium).many}`}, and how well marks survive there is not measured`,
      ),
  ]
  const said = [
    `${pieces} ${pieces === 1 ? 'piece' : 'pieces'} of content of ${release.name} marked`,
    ...open,
    ...tables.map((table) => table.said),
  ]
  return {
    status: open.length === 0 && tables.every(({ robust }) => robust) ? 'met' : 'partly',
    why: `${said.join('; ')}. ${LIMITS}`,
    evidence: ids,
  }
}

/** 5.2: the public check was tried from outside, found what was marked and nothing else, and its error rates are measured. */
export function detectable(context: RuleContext): Answer {
  const { evidence, release } = context
  const newest = evidence(DETECTION).at(-1)
  const media = byMedium(context, evidence(MARKING))
  // where nothing was marked yet, the check is one of pictures
  const tables = media.length > 0 ? media.map(({ table }) => table) : [robustnessOf(context, 'picture')]
  const known = tables.filter((table) => table !== undefined)
  const ids = [...(newest ? [newest] : []), ...known.map(({ record }) => record)].map(({ id }) => id)
  if (newest === undefined)
    return {
      status: 'missing',
      why: `That the public check knows content of ${release.name} was not tried. \`avouch content probe\` does.`,
      evidence: ids,
    }
  const { fields } = newest
  const [tried, found] = [member(fields.marked, 'tried'), member(fields.marked, 'found')]
  const [clean, wrong] = [member(fields.unmarked, 'tried'), member(fields.unmarked, 'found')]
  const errors = number(fields.errors)
  const holds = tried > 0 && clean > 0 && found === tried && wrong === 0 && errors === 0
  const said = [
    `The public check knew ${found} of ${tried} marked pictures, and took ${wrong} of ${clean} unmarked ones for marked`,
    ...(errors > 0 ? [`${errors} tries had no answer`] : []),
    ...known.map((table) => table.said),
    ...(known.length < tables.length
      ? [`its error rates under change are not measured${known.length > 0 ? ' for all that was marked' : ''}`]
      : []),
  ]
  const measured =
    known.length === tables.length &&
    known.every((table) => table.enough && table.unmarked > 0 && table.accepted === 0)
  return { status: holds && measured ? 'met' : 'partly', why: `${said.join('; ')}.`, evidence: ids }
}

/** 5.3: what a mark says is recorded, and looking for anything about people found nothing. */
export function namesNobody({ evidence, release }: RuleContext): Answer {
  const services = evidence(SERVICE)
  const newest = evidence(PRIVACY).at(-1)
  const ids = [...services, ...(newest ? [newest] : [])].map(({ id }) => id)
  if (services.length === 0)
    return { status: 'missing', why: `No service marks content of ${release.name} here.`, evidence: ids }
  if (newest === undefined)
    return {
      status: 'partly',
      why: 'What marks say is recorded: service, model, content id. That nothing is about a person was not looked up: `avouch content privacy` does.',
      evidence: ids,
    }
  const { unexpected } = newest.fields
  const open = Array.isArray(unexpected) ? unexpected.length : undefined
  if (open !== 0)
    return {
      status: 'partly',
      why: `Marks name service and model, but ${open === undefined ? 'what was looked up was erased' : `${open} things in them or in the register are on no list of what is about no person`}.`,
      evidence: ids,
    }
  return {
    status: 'met',
    why: 'Marks name service, model and a random content id; nothing about a person was found in watermark, manifest or register.',
    evidence: ids,
  }
}

/** 5.4: what is exempt was signed for, with its reason; where nothing is, everything has to be marked. */
export function exempted({ evidence, release, signedByPerson }: RuleContext): Answer {
  const { inForce, unsigned } = standingExemptions(evidence(EXEMPTION), signedByPerson)
  const services = evidence(SERVICE)
  const ids = [...inForce, ...unsigned, ...services].map(({ id }) => id)
  const names = (some: readonly EvidenceRecord[]): string =>
    some.map(({ fields }) => String(fields.class)).join(', ')
  const aside =
    unsigned.length > 0 ? ` What nobody signed neither exempts nor ends anything: ${names(unsigned)}.` : ''
  if (inForce.length > 0)
    return {
      status: 'met',
      why: `Exempt, each with its reason and signed by people: ${names(inForce)}.${aside}`,
      evidence: ids,
    }
  return services.length > 0
    ? {
        status: 'met',
        why: `No content of ${release.name} is exempt: all of it is to be marked.${aside}`,
        evidence: ids,
      }
    : {
        status: 'missing',
        why: `Nothing is recorded of ${release.name}: neither a service that marks nor content that is exempt.${aside}`,
        evidence: ids,
      }
}

/** 5.5: what others sign is read as it was meant, and others can read what we keep; and we work with a body on the framework. */
export function shared({ evidence }: RuleContext): Answer {
  const [read, asked] = [evidence(CONFORMANCE).at(-1), evidence(RESOLUTION).at(-1)]
  const participations = evidence(PARTICIPATION)
  const results = [
    ...(read
      ? [
          {
            record: read,
            of: length(read.fields.files),
            what: 'C2PA test files were read as they were meant',
          },
        ]
      : []),
    ...(asked
      ? [
          {
            record: asked,
            of: length(asked.fields.checks),
            what: 'answers of the soft binding resolution API were as C2PA’s standard has them',
          },
        ]
      : []),
  ].map(({ record, ...one }) => ({ ...one, record, agreed: number(record.fields.agreed) }))
  const ids = [...results.map(({ record }) => record), ...participations].map(({ id }) => id)
  const conforms = results.length > 0 && results.every(({ of, agreed }) => of > 0 && agreed === of)
  const said = [
    ...(results.length === 0 ? ['no conformance result is recorded'] : []),
    ...results.map(({ agreed, of, what }) => `${agreed} of ${of} ${what}`),
    participations.length === 0
      ? 'no membership or contribution is recorded'
      : `works with ${[...new Set(participations.map(({ fields }) => String(fields.body)))].join(', ')}`,
  ]
  const why = `${said.join('; ').replace(/^./, (letter) => letter.toUpperCase())}.`
  if (conforms && participations.length > 0) return { status: 'met', why, evidence: ids }
  return { status: ids.length === 0 ? 'missing' : 'partly', why, evidence: ids }
}

function length(value: unknown): number {
  return Array.isArray(value) ? value.length : 0
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0
}

function member(value: unknown, name: string): number {
  return typeof value === 'object' && value !== null ? number((value as Record<string, unknown>)[name]) : 0
}
