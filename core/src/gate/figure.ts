import type { Figure } from '@avouch/verify'
import type { EvidenceRecord } from '../evidence/type.ts'

export type { Figure }

/** A section's contribution to the report: figures traced to evidence, and prose without numbers. */
export type Claim = {
  /** The report's section, one of a fixed set so that every commitment finds its place. */
  section:
    | 'scope'
    | 'safety-evaluations'
    | 'adversarial-testing'
    | 'capabilities'
    | 'limitations'
    | 'domains-of-use'
    | 'societal-risk'
    | 'security'
    | 'open-flaws'
  title: string
  /** Obligations this claim serves, such as `6.5`. */
  serves: string[]
  /** Prose may name a figure as `{{figure-id}}`; a bare number in prose fails the build. */
  prose: string[]
  figures: Figure[]
  /** Figures that belong side by side: a table with rows and columns of figure ids, or a plot of rates with intervals. */
  tables?: ClaimTable[]
  plots?: ClaimPlot[]
  /** Parts kept back, each shown as withheld with the commitment it stands behind. */
  withheld?: { title: string; reason: string; evidence: string; pointer: string }[]
  /** Evidence that the prose rests on beside its figures, by id or digest, and the fields of it to lay open. */
  evidence?: { evidence: string; pointers: string[] }[]
}

export type ClaimTable = { caption: string; columns: string[]; rows: { label: string; cells: string[] }[] }
/** Dots with intervals, one row each, all on one scale. `figures` are ids of this claim's figures. */
export type ClaimPlot = {
  caption: string
  alt: string
  unit: 'rate' | 'score'
  rows: { label: string; figure: string; compare?: string }[]
}

/** Turns evidence about one release into claims. Pure. */
export type Claims = (evidence: EvidenceRecord[], release: string) => Claim[]
