import type { Figure } from '@avouch/core/gate'
import { formatFigure, formatInterval } from '@avouch/verify'
import { type Piece, plainProse } from '../prose.ts'
import type { Report } from '../report.ts'

/** What every part of the page is given: the report, and how its figures are written and numbered. */
export type Setting = {
  report: Report
  figure(id: string): Figure
  /** The figure's text, as verifiers will compare it. */
  text(id: string): string
  /** Its interval's text; undefined where it has none. */
  interval(id: string): string | undefined
  /** The number of its note, from 1. */
  number(id: string): number
  /** True once for each figure: the mention that a note's way back leads to. */
  firstMention(id: string): boolean
  plain(pieces: readonly Piece[]): string
}

/** Makes the setting of one rendering. */
export function makeSetting(report: Report): Setting {
  const notes = new Map(
    report.notes.map((note, at) => [note.figure.id, { figure: note.figure, number: at + 1 }]),
  )
  const mentioned = new Set<string>()
  const noteOf = (id: string) => {
    const note = notes.get(id)
    if (!note) throw new TypeError(`figure "${id}" has no note`)
    return note
  }
  const text = (id: string) => formatFigure(noteOf(id).figure.value, noteOf(id).figure.unit)
  return {
    report,
    figure: (id) => noteOf(id).figure,
    text,
    interval: (id) => {
      const { interval, unit } = noteOf(id).figure
      return interval && formatInterval(interval, unit)
    },
    number: (id) => noteOf(id).number,
    firstMention: (id) => !mentioned.has(id) && mentioned.add(id) !== undefined,
    plain: (pieces) => plainProse(pieces, text),
  }
}
