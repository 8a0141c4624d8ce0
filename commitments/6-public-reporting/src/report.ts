import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord } from '@avouch/core/evidence'
import type { Claim, ClaimTable, Figure, ObligationResult, Verdict } from '@avouch/core/gate'
import { type FigureNote, traceFigures } from './figures.ts'
import { figuresIn, type Piece, parseProse } from './prose.ts'
import { liveRecord, type Records, recordIndex } from './records.ts'
import { type SectionPlan, sectionPlans } from './sections.ts'

/** A part kept back: what it is, why, and the salted hash that binds the company to it all the same. */
export type WithheldPart = {
  title: Piece[]
  reason: Piece[]
  evidence: EvidenceRecord
  pointer: string
  /** SHA-256, hex; undefined until the signed Statement was read. */
  commitment: string | undefined
}

export type ReportTable = {
  caption: Piece[]
  columns: Piece[][]
  rows: { label: Piece[]; cells: string[] }[]
}
export type ReportPlot = {
  id: string
  caption: Piece[]
  alt: Piece[]
  unit: 'rate' | 'score'
  rows: { label: Piece[]; figure: string; compare?: string }[]
}

/** A claim whose every sentence was read and whose every figure holds. */
export type ReportClaim = {
  id: string
  title: Piece[]
  serves: string[]
  prose: Piece[][]
  figures: string[]
  tables: ReportTable[]
  plots: ReportPlot[]
  withheld: WithheldPart[]
  /** Evidence that the prose rests on beside its figures. */
  evidence: { record: EvidenceRecord; pointers: string[] }[]
}

export type ReportSection = SectionPlan & { claims: ReportClaim[] }

/** All that a report says, ready to be set as HTML, JSON or a model card. */
export type Report = {
  release: { name: string; snapshot: string | undefined; configuration: string | undefined }
  /** The moment of the verdict it reports. */
  moment: string
  verdict: Verdict
  /** How obligations stand once this very report counts as published, by id: only those that it changes. */
  onPublication: ReadonlyMap<string, ObligationResult>
  /** A draft is neither signed nor logged, and says so. */
  draft: boolean
  /** Headings of the commitments, by number. */
  commitments: Record<number, string>
  sections: ReportSection[]
  /** In the order in which the reader meets them; a note's number is its place here, from 1. */
  notes: FigureNote[]
  withheld: WithheldPart[]
  /** Obligations served by claims that hold a figure, a withheld part or evidence; sorted. */
  cites: string[]
}

export type ReportInput = {
  release: { name: string; snapshot: string | undefined; configuration: string | undefined }
  claims: readonly Claim[]
  verdict: Verdict
  commitments: Record<number, string>
  /** All evidence of the release and the company, retired pieces included: a stale reference must be found out. */
  evidence: readonly EvidenceRecord[]
  /** Commitment hashes of withheld parts, by `<evidence digest> <pointer>`. */
  sealed?: ReadonlyMap<string, string>
}

/**
 * Builds the report, or refuses it whole. Throws `input` for a bare number in prose, a figure that is used but not
 * defined or defined twice; `proof` for a stale digest or a computed figure that does not recompute. Each error names
 * claim and figure. Pure.
 */
export function buildReport(input: ReportInput): Report {
  const { claims, release, verdict } = input
  const records = recordIndex(input.evidence)
  const figures = defineFigures(claims)
  const read = claims.map((claim, at) => ({
    claim,
    made: readClaim(claim, `claim-${at + 1}`, input, records),
  }))
  const sections = sectionPlans.map((plan) => ({
    ...plan,
    claims: read.filter(({ claim }) => claim.section === plan.id).map(({ made }) => made),
  }))
  const used = sections.flatMap((section) =>
    section.claims.flatMap((claim) => usesOf(claim).map((id) => ({ id, claim }))),
  )
  const order = new Map<string, Figure>()
  for (const { id, claim } of used) {
    const figure = figures.get(id)
    if (!figure)
      throw new AvouchError('input', `figure "${id}" is used but no claim defines it`, {
        where: whereOf(claim),
        fix: 'Define it among the figures of a claim, or take the reference out.',
      })
    order.set(id, figure.figure)
  }
  for (const [id, { figure }] of figures) order.set(id, figure)
  const notes = traceFigures(
    [...order.values()].map((figure) => ({ figure, claim: figures.get(figure.id)!.claim })),
    records,
  )
  return {
    release,
    moment: verdict.basis.moment,
    verdict,
    onPublication: new Map(),
    draft: true,
    commitments: input.commitments,
    sections,
    notes,
    withheld: sections.flatMap((section) => section.claims.flatMap((claim) => claim.withheld)),
    cites: [...new Set(sections.flatMap((section) => section.claims.flatMap(servedBy)))].sort(byNumber),
  }
}

/** The report as it is published: no draft any more, and `after`, the verdict that counts it, where that differs. */
export function asPublished(report: Report, after: Verdict): Report {
  const before = new Map(report.verdict.obligations.map(({ id, status }) => [id, status]))
  const changed = after.obligations.filter(({ id, status }) => before.get(id) !== status)
  return {
    ...report,
    draft: false,
    onPublication: new Map(changed.map((obligation) => [obligation.id, obligation])),
  }
}

function defineFigures(claims: readonly Claim[]): Map<string, { figure: Figure; claim: string }> {
  const figures = new Map<string, { figure: Figure; claim: string }>()
  for (const claim of claims)
    for (const figure of claim.figures) {
      const first = figures.get(figure.id)
      if (first)
        throw new AvouchError('input', `figure "${figure.id}" is defined twice`, {
          where: `claims "${first.claim}" and "${claim.title}"`,
          fix: 'Give each figure an id of its own; every claim may use any figure of the report.',
        })
      if (!/^[a-z0-9-]+$/.test(figure.id) || !Number.isFinite(figure.value))
        throw new AvouchError('input', `figure "${figure.id}" has no usable id or value`, {
          where: `claim "${claim.title}"`,
        })
      figures.set(figure.id, { figure, claim: claim.title })
    }
  return figures
}

function readClaim(claim: Claim, id: string, input: ReportInput, records: Records): ReportClaim {
  const where = `claim "${claim.title}"`
  const read = (text: string, part: string) => parseProse(text, `${where}, ${part}`, [input.release.name])
  for (const figure of claim.figures) {
    read(figure.label, `label of figure "${figure.id}"`)
  }
  return {
    id,
    title: read(claim.title, 'title'),
    serves: claim.serves,
    prose: claim.prose.map((sentence, at) => read(sentence, `sentence ${at + 1}`)),
    figures: claim.figures.map((figure) => figure.id),
    tables: (claim.tables ?? []).map((table) => ({
      caption: read(table.caption, 'caption of a table'),
      columns: columnsOf(table, where).map((column) => read(column, 'head of a column')),
      rows: table.rows.map((row) => ({ label: read(row.label, 'label of a row'), cells: row.cells })),
    })),
    plots: (claim.plots ?? []).map((plot, at) => ({
      id: `${id}-plot-${at + 1}`,
      caption: read(plot.caption, 'caption of a plot'),
      alt: read(plot.alt, 'alternative text of a plot'),
      unit: plot.unit,
      rows: plot.rows.map((row) => ({ ...row, label: read(row.label, 'label of a row') })),
    })),
    withheld: (claim.withheld ?? []).map((part) => {
      const record = liveRecord(records, part.evidence, `${where}, withheld part "${part.title}"`)
      return {
        title: read(part.title, 'title of a withheld part'),
        reason: read(part.reason, 'reason of a withheld part'),
        evidence: record,
        pointer: part.pointer,
        commitment: input.sealed?.get(`${record.digest} ${part.pointer}`),
      }
    }),
    evidence: (claim.evidence ?? []).map(({ evidence, pointers }) => ({
      record: liveRecord(records, evidence, where),
      pointers,
    })),
  }
}

/** Heads of all columns, that of the row labels first: empty where the claim names only those of the cells. */
function columnsOf({ caption, columns, rows }: ClaimTable, where: string): string[] {
  const width = rows[0]?.cells.length ?? Math.max(0, columns.length - 1)
  const wrong = rows.find((row) => row.cells.length !== width)
  if (wrong || (columns.length !== width && columns.length !== width + 1))
    throw new AvouchError('input', `the table "${caption}" has rows of other lengths than its columns`, {
      where,
      fix: 'Give each row one cell per column; an empty cell says that something was not tested.',
    })
  return columns.length === width ? ['', ...columns] : columns
}

function usesOf(claim: ReportClaim): string[] {
  return [
    ...figuresIn(claim.title),
    ...claim.prose.flatMap(figuresIn),
    ...claim.tables.flatMap((table) => [
      ...figuresIn(table.caption),
      ...table.columns.flatMap(figuresIn),
      ...table.rows.flatMap((row) => [...figuresIn(row.label), ...row.cells.filter((cell) => cell !== '')]),
    ]),
    ...claim.plots.flatMap((plot) => [
      ...figuresIn(plot.caption),
      ...figuresIn(plot.alt),
      ...plot.rows.flatMap((row) => [
        ...figuresIn(row.label),
        row.figure,
        ...(row.compare === undefined ? [] : [row.compare]),
      ]),
    ]),
    ...claim.withheld.flatMap((part) => [...figuresIn(part.title), ...figuresIn(part.reason)]),
    ...claim.figures,
  ]
}

function servedBy(claim: ReportClaim): string[] {
  return claim.figures.length + claim.withheld.length + claim.evidence.length > 0 ? claim.serves : []
}

function whereOf(claim: ReportClaim): string {
  return `claim "${claim.title.map((piece) => (piece.kind === 'figure' ? `{{${piece.id}}}` : piece.text)).join('')}"`
}

function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
