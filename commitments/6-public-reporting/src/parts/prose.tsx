import { Figure } from '@avouch/ui'
import type { Piece } from '../prose.ts'
import type { Setting } from './setting.ts'

/**
 * A figure in its place: leads to its note, whose number is printed beside it on paper. No rate stands without its
 * interval; `bare` is for tables that show the interval in a column of its own.
 */
export function Mention({ id, setting, bare }: { id: string; setting: Setting; bare?: boolean }) {
  const figure = setting.figure(id)
  const interval = bare ? undefined : setting.interval(id)
  return (
    <span
      className="rp-mention"
      id={setting.firstMention(id) ? `at-${id}` : undefined}
      data-note={setting.number(id)}
    >
      <Figure
        figure={{ id, value: figure.value, text: setting.text(id), kind: figure.kind }}
        href={`#note-${id}`}
      />
      {interval !== undefined && <span className="rp-interval"> ({interval})</span>}
    </span>
  )
}

/** A sentence that was read: words, names, figures. */
export function Prose({ pieces, setting }: { pieces: readonly Piece[]; setting: Setting }) {
  return pieces.map((piece, at) => {
    const key = `${at}`
    return piece.kind === 'figure' ? (
      <Mention key={key} id={piece.id} setting={setting} />
    ) : piece.kind === 'name' ? (
      <span key={key} className="rp-name">
        {piece.text}
      </span>
    ) : (
      piece.text
    )
  })
}
