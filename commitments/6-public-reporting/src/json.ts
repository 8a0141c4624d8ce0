import type { Figure } from '@avouch/core/gate'
import { canonicalJson, formatFigure, formatInterval, type Json, type ProofBundle } from '@avouch/verify'
import type { Piece } from './prose.ts'
import type { Report } from './report.ts'
import { standing } from './verdict.ts'

/** The two signed parts of `report.json`: what the report says, and its figures. */
export type CoveredJson = { report: Json; figures: Figure[] }

/** The report as data. Prose keeps `{{figure-id}}` where a number stands; withheld parts carry their commitment. */
export function coveredJson(report: Report): CoveredJson {
  const { release, moment, verdict, cites } = report
  const document = {
    format: 'avouch-report/v1',
    draft: report.draft,
    release,
    moment,
    gate: {
      ready: verdict.ready,
      scope: { decision: verdict.scope.decision, why: verdict.scope.why },
      // Not the reason: it is sealed in its evidence, and nobody chose to publish it.
      decision: verdict.decision && {
        decision: verdict.decision.decision,
        decidedBy: verdict.decision.decidedBy,
      },
      obligations: standing(report).map(({ id, title, status, why, due }) => ({
        id,
        title,
        status,
        why,
        due,
      })),
      openFindings: verdict.openFindings.map(({ title, severity, domain }) => ({ title, severity, domain })),
      basis: verdict.basis,
    },
    cites,
    sections: report.sections.map((section) => ({
      id: section.id,
      title: section.title,
      claims: section.claims.map((claim) => ({
        title: source(claim.title),
        serves: claim.serves,
        prose: claim.prose.map(source),
        figures: claim.figures,
        tables: claim.tables.map((table) => ({
          caption: source(table.caption),
          columns: table.columns.map(source),
          rows: table.rows.map((row) => ({ label: source(row.label), cells: row.cells })),
        })),
        withheld: claim.withheld.map((part) => ({
          title: source(part.title),
          reason: source(part.reason),
          evidence: part.evidence.digest,
          pointer: part.pointer,
          commitment: part.commitment ?? null,
        })),
        evidence: claim.evidence.map(({ record, pointers }) => ({ evidence: record.digest, pointers })),
      })),
    })),
  }
  // Through JSON, so that members that are undefined are absent from what is hashed and from what is written alike.
  return JSON.parse(
    JSON.stringify({ report: document, figures: report.notes.map((note) => note.figure) }),
  ) as CoveredJson
}

/** The file: the covered parts and the proof, in canonical form (RFC 8785). */
export function assembleJson(covered: CoveredJson, proof: ProofBundle): string {
  return `${canonicalJson({ ...covered, proof })}\n`
}

function source(pieces: readonly Piece[]): string {
  return pieces.map((piece) => (piece.kind === 'figure' ? `{{${piece.id}}}` : piece.text)).join('')
}

/** "4.8 % (2.2 % to 10.1 %)": a figure with its interval, as plain text. */
export function figureText({ value, unit, interval }: Figure): string {
  const text = formatFigure(value, unit)
  return interval ? `${text} (${formatInterval(interval, unit)})` : text
}
