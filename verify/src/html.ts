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

/** Elements in which a browser reads markup by other rules, or which act by themselves: a report has none of them. */
const REFUSED = new Set(
  'base embed foreignobject frame frameset iframe image link math noembed noframes noscript object plaintext select template textarea xmp'.split(
    ' ',
  ),
)

/** One tag, whole: its name and its attributes, each value in quotes and without the sign that opens a tag. */
const TAG = new RegExp(
  `${LT}(/?)([a-zA-Z][a-zA-Z0-9-]*)((?:\\s+[^\\s"'${LT}>/=]+(?:\\s*=\\s*(?:"[^"${LT}]*"|'[^'${LT}]*'|[^\\s"'${LT}>=\`]+))?)*)\\s*(/?)>`,
  'y',
)
const ATTRIBUTE = /([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>=`]+)))?/g

/**
 * Finds the JSON blocks and the figures of a page. Comments, scripts, styles and the title are passed over as a
 * browser would; what a browser might read otherwise than this does (half comments, foreign elements, signs of markup
 * in attributes) is refused. Throws `report` where a block's id stands there twice, a tag does not end, or a figure's
 * markup is of another form than `figureElement` writes (so that none escapes the check).
 */
export function readPage(html: string): PageParts {
  const blocks = new Map<string, string>()
  const displayed: DisplayedFigure[] = []
  let drawing = 0
  for (let at = html.indexOf(LT); at >= 0; ) {
    let next: number
    if (html.startsWith('!--', at + 1)) next = endOfComment(html, at + 2)
    else if (/^!doctype html>/i.test(html.slice(at + 1, at + 15))) next = at + 15
    else {
      const { name, attributes, closes, closed, end } = readTag(html, at)
      next = end
      if (name === 'svg') drawing = Math.max(0, drawing + (closes ? -1 : closed ? 0 : 1))
      if (name === 'data' && !closes) {
        const figure = readFigure(html, at)
        displayed.push(figure)
        next = at + figureElement(figure).length
      } else refuseDisguise(name, attributes, drawing > 0)
      if (!closes && drawing === 0 && (name === 'script' || name === 'style' || name === 'title')) {
        const close = closing(html, name, end)
        if (name === 'script') readBlock(blocks, html.slice(at, end), html.slice(end, close))
        next = readTag(html, close).end
      }
    }
    at = html.indexOf(LT, next)
  }
  return { blocks, displayed }
}

type Tag = { name: string; attributes: [string, string][]; closes: boolean; closed: boolean; end: number }

function readTag(html: string, at: number): Tag {
  TAG.lastIndex = at
  const found = TAG.exec(html)
  if (found === null)
    throw new VerifyError(
      'report',
      `The page holds markup that browsers read in their own ways, at character ${at + 1}.`,
    )
  const [whole, slash, name, list, closed] = found
  const attributes = [...(list ?? '').matchAll(ATTRIBUTE)].map(
    ([, key, quoted, single, bare]): [string, string] => [key!.toLowerCase(), quoted ?? single ?? bare ?? ''],
  )
  return {
    name: name!.toLowerCase(),
    attributes,
    closes: slash === '/',
    closed: closed === '/',
    end: at + whole.length,
  }
}

/** Refuses what could show a figure that is not checked, or change one that is. */
function refuseDisguise(name: string, attributes: [string, string][], inDrawing: boolean): void {
  const refuse = (what: string): never => {
    throw new VerifyError('report', `The page holds ${what}, in which figures could hide or change.`)
  }
  if (REFUSED.has(name) || (inDrawing && (name === 'script' || name === 'style')))
    refuse(`the element ${name}`)
  for (const [key, value] of attributes) {
    if (key === 'data-figure') refuse(`a figure in the element ${name}`)
    if (key.startsWith('on')) refuse(`the attribute ${key}`)
    if (key === 'http-equiv' && value.toLowerCase() === 'refresh') refuse('a refresh')
    if (key === 'id' && (value.includes('&') || (BLOCK_ID.test(value) && name !== 'script')))
      refuse(`the id ${value.slice(0, 60)}`)
  }
}

/** The ids of the blocks that are checked. */
const BLOCK_ID = /^avouch-(?:figures|proof)$/

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

/** HTML also ends a comment at `--!>`, and at once in the forms of it that hold nothing. */
function endOfComment(html: string, from: number): number {
  const pattern = /--!?>/g
  pattern.lastIndex = from
  if (pattern.exec(html) === null) throw new VerifyError('report', 'A comment of the page does not end.')
  return pattern.lastIndex
}
