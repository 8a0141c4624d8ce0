import {
  type Custody,
  type CustodyAct,
  type CustodyLink,
  type CustodyNode,
  signedInWords,
} from './custody.ts'
import { drawCustody } from './draw.ts'

const WIDTH = 190
const HEIGHT = 114
const GAP_X = 18
const GAP_Y = 46
const MARGIN = 14
const MOST = 300

/**
 * The custody of a release as a self-contained SVG: origins at the top, one row for each step away from them. It wears
 * the reader's light or dark, says in words whatever colour or dashes say, and carries the same as text for those who
 * cannot see it. Of more than 300 digests it draws the first and says so. Its size is that at which the words are readable: a
 * narrow page scrolls it.
 */
export function custodySvg(custody: Custody): string {
  const nodes = custody.nodes.slice(0, MOST)
  const rows = rowsOf(nodes, custody.links)
  const widest = Math.max(1, ...rows.map((row) => row.length))
  const width = MARGIN * 2 + widest * WIDTH + (widest - 1) * GAP_X
  const height = MARGIN * 2 + Math.max(1, rows.length) * (HEIGHT + GAP_Y) - GAP_Y
  const place = new Map<string, { x: number; y: number }>()
  for (const [row, members] of rows.entries()) {
    const own = members.length * WIDTH + (members.length - 1) * GAP_X
    for (const [i, node] of members.entries())
      place.set(node.digest, {
        x: (width - own) / 2 + i * (WIDTH + GAP_X),
        y: MARGIN + row * (HEIGHT + GAP_Y),
      })
  }
  const links = custody.links.flatMap((link) => {
    const from = place.get(link.from)
    const to = place.get(link.to)
    return from && to ? [drawLink(link, from, to)] : []
  })
  const left = custody.nodes.length - nodes.length
  const more =
    left > 0 ? [`Of ${custody.nodes.length} digests, ${left} ${left === 1 ? 'is' : 'are'} not drawn.`] : []
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="custody-title custody-text">`,
    `<title id="custody-title">Custody of ${xml(custody.release)}</title>`,
    `<desc id="custody-text">${xml([...more, ...drawCustody(custody)].join('\n'))}</desc>`,
    `<style>${STYLE}</style>`,
    '<defs><marker id="custody-tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8Z" class="tip"/></marker></defs>',
    ...links,
    ...nodes.map((node) => drawNode(node, place.get(node.digest)!)),
    '</svg>',
  ].join('\n')
}

/** Each digest as many rows down as its longest way from an origin; what is on circles below all else. */
function rowsOf(nodes: readonly CustodyNode[], links: readonly CustodyLink[]): CustodyNode[][] {
  const row = new Map<string, number>()
  const from = Map.groupBy(links, ({ to }) => to)
  // nodes come from the origins on, so that what one is made out of has its row already
  for (const { digest } of nodes) {
    const above = (from.get(digest) ?? []).map((link) => row.get(link.from) ?? -1)
    row.set(digest, Math.max(-1, ...above) + 1)
  }
  const deepest = Math.max(-1, ...row.values())
  return Array.from({ length: deepest + 1 }, (_, n) => nodes.filter(({ digest }) => row.get(digest) === n))
}

function drawNode(node: CustodyNode, { x, y }: { x: number; y: number }): string {
  const kind = node.gap || node.circle ? 'bad' : node.released ? 'released' : node.fork ? 'fork' : 'plain'
  const what =
    node.name ?? (node.files ? `model of ${node.files} ${node.files === 1 ? 'file' : 'files'}` : '')
  const marks = [
    node.gap && 'gap',
    node.circle && 'contradiction',
    node.origin && 'origin',
    node.released && 'released',
    node.retired && 'retired',
    node.fork && 'fork',
  ].filter(Boolean)
  const lines: [text: string, kind?: 'marks'][] = [
    [what],
    [told(node.made), 'marks'],
    [marks.join(', '), 'marks'],
    [signedInWords(node), 'marks'],
    [told(node.moves.filter(({ step }) => step !== 'retire')), 'marks'],
  ]
  return [
    `<g class="node ${kind}${node.signed ? (node.pinned ? '' : ' unpinned') : ' unsigned'}">`,
    `<rect x="${x}" y="${y}" width="${WIDTH}" height="${HEIGHT}" rx="6"/>`,
    `<text x="${x + 10}" y="${y + 20}" class="digest">${node.digest.slice(0, 12)}…</text>`,
    ...lines
      .filter(([text]) => text !== '')
      .map(
        ([text, style], i) =>
          `<text x="${x + 10}" y="${y + 37 + 16 * i}"${style ? ` class="${style}"` : ''}>${xml(cut(text, style ? 28 : 22))}</text>`,
      ),
    '</g>',
  ].join('')
}

/** Steps in the room of a line: the first with its day, and how many more. */
function told(acts: readonly CustodyAct[]): string {
  const act = acts.find(({ afterRetirement }) => afterRetirement) ?? acts[0]
  if (act === undefined) return ''
  const more = acts.length > 1 ? ` +${acts.length - 1}` : ''
  return act.afterRetirement
    ? `${act.step} after retirement${more}`
    : `${act.step} ${act.at.slice(0, 10)}${more}`
}

function drawLink(link: CustodyLink, from: { x: number; y: number }, to: { x: number; y: number }): string {
  const start = { x: from.x + WIDTH / 2, y: from.y + HEIGHT }
  const end = { x: to.x + WIDTH / 2, y: to.y - 2 }
  const bend = Math.max(24, Math.abs(end.y - start.y) / 2)
  const dash = link.step === 'part' ? ' part' : link.signed ? '' : ' unsigned'
  return `<path class="link${dash}${link.afterRetirement ? ' late' : ''}" d="M${start.x} ${start.y}C${start.x} ${start.y + bend} ${end.x} ${end.y - bend} ${end.x} ${end.y}" marker-end="url(#custody-tip)"/>`
}

/** Text for XML; what XML 1.0 cannot hold at all is replaced, so that no name can break the picture. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

function cut(text: string, most: number): string {
  const letters = [...text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')]
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : letters.join('')
}

const STYLE = `
svg{--ink:#1b1f24;--soft:#57606a;--paper:#fff;--line:#6e7781;--bad:#a40e26;--done:#116329;font:13px system-ui,sans-serif}
@media(prefers-color-scheme:dark){svg{--ink:#e6edf3;--soft:#9da7b3;--paper:#161b22;--line:#8b949e;--bad:#ff9b93;--done:#6fdd8b}}
.node rect{fill:var(--paper);stroke:var(--line);stroke-width:1.5}
.node.unsigned rect{stroke-dasharray:5 4}.node.unpinned rect{stroke-dasharray:14 3}
.node.released rect{stroke:var(--done);stroke-width:2.5}
.node.bad rect{stroke:var(--bad);stroke-width:2.5}
text{fill:var(--ink)}.digest{font-family:ui-monospace,monospace;font-weight:600}
.marks{fill:var(--soft);font-size:12px}.bad .marks{fill:var(--bad)}
.link{fill:none;stroke:var(--line);stroke-width:1.5}.link.unsigned{stroke-dasharray:5 4}.link.part{stroke-dasharray:1 4}
.link.late{stroke:var(--bad)}.tip{fill:var(--line)}
`
