import { AvouchError } from '@avouch/core/errors'

/** A piece of a sentence: words, a name that may hold digits, or the place of a figure. */
export type Piece =
  | { kind: 'text'; text: string }
  | { kind: 'name'; text: string }
  | { kind: 'figure'; id: string }

const TOKEN = /\{\{([^{}]*)\}\}|`([^`]*)`/g
const FIGURE_ID = /^[a-z0-9-]+$/
/** What holds digits and is no number: a word that starts with a letter (`base64`), and the level of an interval. */
const NO_NUMBER =
  /(?<![\p{L}\p{N}])\p{L}[\p{L}\p{N}]*|\b9[059][ {2}]?% (?=(?:confidence |credible )?intervals?\b)/gu
/** Any number sign: digits of every script, fractions, superscripts, Roman numeral signs. */
const NUMBER = /\p{N}/u

/**
 * Reads a report's sentence. `{{figure-id}}` is the one way for a number to enter; backticks hold names that carry
 * digits (`` `RFC 6962` ``, `` `6.3` ``). Words that start with a letter (base64) and the level of an interval ("95 %
 * interval") need none. `names` are further names that may stand as they are, such as the release's.
 * Throws `input` at a bare number, an unfinished brace or backtick, or an id that is none; `where` names the claim.
 */
export function parseProse(sentence: string, where: string, names: readonly string[] = []): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of sentence.matchAll(TOKEN)) {
    addText(pieces, sentence.slice(end, match.index), where, names)
    const [whole, id, name] = match
    if (id !== undefined) {
      if (!FIGURE_ID.test(id.trim()))
        throw new AvouchError('input', `"${whole}" does not name a figure`, {
          where,
          fix: 'Figure ids are lower-case letters, digits and hyphens.',
        })
      pieces.push({ kind: 'figure', id: id.trim() })
    } else if (name) pieces.push({ kind: 'name', text: name })
    end = match.index + whole.length
  }
  addText(pieces, sentence.slice(end), where, names)
  return pieces
}

/** The ids of the figures that a sentence names. */
export function figuresIn(pieces: readonly Piece[]): string[] {
  return pieces.flatMap((piece) => (piece.kind === 'figure' ? [piece.id] : []))
}

/** The sentence as plain text, with `text` giving each figure's. */
export function plainProse(pieces: readonly Piece[], text: (id: string) => string): string {
  return pieces.map((piece) => (piece.kind === 'figure' ? text(piece.id) : piece.text)).join('')
}

function addText(pieces: Piece[], text: string, where: string, names: readonly string[]): void {
  if (text === '') return
  if (/[`{}]/.test(text))
    throw new AvouchError(
      'input',
      `a brace or backtick is left open in "${excerpt(text, text.search(/[`{}]/))}"`,
      {
        where,
        fix: 'Write figures as {{figure-id}} and names with digits between backticks.',
      },
    )
  const blank = (word: string) => ' '.repeat(word.length)
  const bare = names.reduce((rest, name) => rest.replaceAll(name, blank), text).replace(NO_NUMBER, blank)
  const at = bare.search(NUMBER)
  if (at >= 0)
    throw new AvouchError('input', `the report may not hold the bare number in "${excerpt(text, at)}"`, {
      where,
      fix: 'Write a measured number as {{figure-id}}, traced to evidence; put a name that holds digits between backticks.',
    })
  pieces.push({ kind: 'text', text })
}

function excerpt(text: string, at: number): string {
  const from = Math.max(0, at - 24)
  return `${from > 0 ? '…' : ''}${text.slice(from, at + 24).trim()}${at + 24 < text.length ? '…' : ''}`
}
