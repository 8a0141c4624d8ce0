import { shown } from '../signing/resource-name.ts'
import { type Custody, type CustodyLink, type CustodyNode, signedInWords } from './custody.ts'

const day = (at: string | undefined): string => at?.slice(0, 10) ?? ''

/**
 * The custody of a release as lines for a terminal: trees from the origins on. What has several origins is drawn in
 * full once and pointed to after. Marks are words, never colour alone.
 */
export function drawCustody({ release, complete, released, nodes, links, problems }: Custody): string[] {
  const byDigest = new Map(nodes.map((node) => [node.digest, node]))
  const onward = Map.groupBy(links, ({ from }) => from)
  const reached = new Set(links.map(({ to }) => to))
  const drawn = new Set<string>()
  const lines: string[] = []

  /** One node and all below it. Its own stack, because a chain may be longer than the engine's. */
  const draw = (top: CustodyNode): void => {
    const open: { node: CustodyNode; link?: CustodyLink; head: string; below: string }[] = [
      { node: top, head: '', below: '' },
    ]
    for (let next = open.pop(); next; next = open.pop()) {
      const { node, link, head, below } = next
      const again = drawn.has(node.digest)
      lines.push(
        head +
          (link ? labelOf(link) : beginningOf(node)) +
          (again ? `${nameOf(node)} (above)` : describe(node)),
      )
      if (again) continue
      drawn.add(node.digest)
      const children = onward.get(node.digest) ?? []
      for (const move of node.moves)
        lines.push(
          `${below}${children.length > 0 ? '│' : ' '}  ${move.step} ${day(move.at)}${byOf(move)}${move.afterRetirement ? '  AFTER RETIREMENT' : ''}`,
        )
      for (const [i, child] of [...children.entries()].reverse()) {
        const last = i === children.length - 1
        open.push({
          node: byDigest.get(child.to)!,
          link: child,
          head: `${below}${last ? '└─' : '├─'} `,
          below: `${below}${last ? '   ' : '│  '}`,
        })
      }
    }
  }
  for (const node of nodes) if (!reached.has(node.digest)) draw(node)
  // what lies on circles is reached from nowhere else
  for (const node of nodes) if (!drawn.has(node.digest)) draw(node)

  const whole = released.filter((one) => one.complete).length
  return [
    `Custody of ${release}: ${complete ? 'complete' : 'not complete'}; ${whole} of ${released.length} released lead back to training or import.`,
    ...lines,
    ...problems,
  ]
}

function nameOf({ digest, name, files }: CustodyNode): string {
  const what = name === undefined ? '' : ` ${shown(name)}`
  return `${digest.slice(0, 12)}…${what}${files ? ` (${files} ${files === 1 ? 'file' : 'files'})` : ''}`
}

function describe(node: CustodyNode): string {
  const marks = [
    node.gap && 'GAP',
    node.circle && 'CONTRADICTION',
    node.origin && 'origin',
    node.released && 'released',
    node.retired && 'retired',
    node.fork && 'fork, not part of the release',
    signedInWords(node).replace(/not .*/, (word) => word.toUpperCase()),
  ].filter(Boolean)
  return `${nameOf(node)}  [${marks.join(', ')}]`
}

function byOf({ by }: { by?: string }): string {
  return by === undefined ? '' : ` by ${shown(by)}`
}

function labelOf(link: CustodyLink): string {
  if (link.step === 'part') return 'has as a part → '
  return `${link.step} ${day(link.at)}${byOf(link)}${link.afterRetirement ? ' AFTER RETIREMENT' : ''} → `
}

function beginningOf({ origin, made }: CustodyNode): string {
  const [first] = origin ? made : []
  return first ? `${first.step} ${day(first.at)}${byOf(first)} → ` : ''
}
