import { VerifyError } from './errors.ts'

// The verifier itself stands inside the pages it reads, so its code must not hold the tags it looks for.
const LT = new TextDecoder().decode(Uint8Array.of(60))
const OPEN = `${LT}script`
const CLOSE = `${LT}/script>`

/** A figure as a page shows it. */
export type DisplayedFigure = { id: string; value: string; text: string }

/** What a report page holds beside its prose. */
export type PageParts = { blocks: Map<string, string>; displayed: DisplayedFigure[] }

/** A JSON block of a page: `<` is written `\u003c`, so that nothing in it ends the block. */
export function jsonBlock(id: string, json: string): string {
  return `${blockHead(id)}${blockText(json)}${CLOSE}`
}

/** The JSON as it stands inside its block. */
export function blockText(json: string): string {
  return json.replaceAll(LT, '\\u003c')
}

/** The opening tag of a JSON block. */
export function blockHead(id: string): string {
  return `${OPEN} type="application/json" id="${id}">`
}

/** The end of a JSON block. */
export const BLOCK_END = CLOSE

/** How a page shows a figure. `text` must hold no markup, as `formatFigure` never does. */
export function figureElement({ id, value, text }: DisplayedFigure): string {
  return `${LT}data class="figure" data-figure="${id}" value="${value}">${text}${LT}/data>`
}

/**
 * Finds the JSON blocks and the figures of a page. Comments, scripts and styles are passed over as a browser would.
 * Throws `report` where a block's id stands there twice, a tag does not end, or a figure's markup is of another form
 * than `figureElement` writes (so that none escapes the check).
 */
export function readPage(html: string): PageParts {
  const blocks = new Map<string, string>()
  const displayed: DisplayedFigure[] = []
  const pattern = new RegExp(
    `${LT}(?:!--|(script|style|textarea|title|iframe|xmp|plaintext|noembed|noframes|data)(?=[\\s/>]))`,
    'gi',
  )
  for (let found = pattern.exec(html); found !== null; found = pattern.exec(html)) {
    const tag = found[1]?.toLowerCase()
    if (tag === undefined) pattern.lastIndex = endOfComment(html, found.index + 2)
    else if (tag === 'data') {
      const figure = readFigure(html, found.index)
      displayed.push(figure)
      pattern.lastIndex = found.index + figureElement(figure).length
    } else {
      const body = endOf(html, '>', found.index)
      const end = closing(html, tag, body)
      if (tag === 'script') readBlock(blocks, html.slice(found.index, body), html.slice(body, end))
      else if (tag !== 'style' && tag !== 'title')
        throw new VerifyError('report', `The page holds the element ${tag}, in which figures could hide.`)
      pattern.lastIndex = end
    }
  }
  return { blocks, displayed }
}

function readFigure(html: string, at: number): DisplayedFigure {
  const pattern = new RegExp(
    `${LT}data class="figure" data-figure="([a-z0-9-]{1,100})" value="([^"${LT}>&]{1,40})">([^${LT}>&]{1,100})${LT}/data>`,
    'y',
  )
  pattern.lastIndex = at
  const [, id, value, text] = pattern.exec(html) ?? []
  if (id === undefined || value === undefined || text === undefined)
    throw new VerifyError(
      'report',
      `The page shows a figure in another form than a report's, at character ${at + 1}.`,
    )
  return { id, value, text }
}

function readBlock(blocks: Map<string, string>, head: string, content: string): void {
  const [, id] = /\sid\s*=\s*["']?([^"'\s>]+)/i.exec(head) ?? []
  if (id === undefined || !id.startsWith('avouch-')) return
  if (head !== blockHead(id) || blocks.has(id))
    throw new VerifyError(
      'report',
      `The page's block ${id.slice(0, 60)} stands there twice or in another form.`,
    )
  blocks.set(id, content)
}

function closing(html: string, tag: string, from: number): number {
  const pattern = new RegExp(`${LT}/${tag}(?=[\\s/>])`, 'gi')
  pattern.lastIndex = from
  const found = pattern.exec(html)
  if (found === null) throw new VerifyError('report', `An element ${tag} of the page does not end.`)
  return found.index
}

function endOf(html: string, sign: string, from: number): number {
  const found = html.indexOf(sign, from)
  if (found < 0) throw new VerifyError('report', 'A tag of the page does not end.')
  return found + sign.length
}

/** HTML also ends a comment at `--!>`, and at once in the forms of it that hold nothing. */
function endOfComment(html: string, from: number): number {
  const pattern = /--!?>/g
  pattern.lastIndex = from
  if (pattern.exec(html) === null) throw new VerifyError('report', 'A comment of the page does not end.')
  return pattern.lastIndex
}
