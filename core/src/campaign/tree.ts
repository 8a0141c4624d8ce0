import type { Database, Tx } from '../db/database.ts'
import { leafHash, nodeHash, TreeEdge } from '../log/tree.ts'
import type { LeafMaker } from './attempt.ts'
import { leavesBetween } from './batch-store.ts'

/** Leaves read from the database at a time. */
const PAGE = 8192

/** What a campaign's tree is read from. */
export type TreeSource = {
  db: Database | Tx
  campaign: string
  items: number
  /** As the campaign stood at the end of this round. */
  round: number
  leaves: LeafMaker
}

/**
 * Leaf hashes of the planned items in [from, to), in item order: the recorded leaf, or for an item of which nothing
 * is recorded the leaf that says so. Holds one page at a time.
 */
async function* leafHashes(
  { db, campaign, round, leaves }: TreeSource,
  from: number,
  to: number,
): AsyncGenerator<Buffer[]> {
  for (let start = from; start < to; start += PAGE) {
    const end = Math.min(start + PAGE, to)
    const rows = await leavesBetween(db, campaign, round, start, end)
    const page: Buffer[] = []
    let next = 0
    for (let item = start; item < end; item++) {
      const row = rows[next]
      if (row?.item === item) {
        page.push(leafHash(row.leaf))
        next++
      } else page.push(leafHash(leaves.notRun(item)))
    }
    yield page
  }
}

/** RFC 9162 tree head over one leaf for each planned item. Bounded memory. */
export async function campaignRoot(source: TreeSource): Promise<Buffer> {
  return rangeRoot(source, 0, source.items)
}

/** The path from an item's leaf to the root (RFC 9162 section 2.1.3), nearest sibling first. Bounded memory. */
export async function campaignPath(source: TreeSource, item: number): Promise<Buffer[]> {
  const path: Buffer[] = []
  let low = 0
  let high = source.items
  while (high - low > 1) {
    const middle = low + largestPowerBelow(high - low)
    if (item < middle) {
      path.push(await rangeRoot(source, middle, high))
      high = middle
    } else {
      path.push(await rangeRoot(source, low, middle))
      low = middle
    }
  }
  return path.reverse()
}

/** The root a leaf and its path lead to (RFC 9162 section 2.1.3.2); undefined where the path has the wrong length. */
export function rootFromPath(
  leafData: Uint8Array,
  item: number,
  items: number,
  path: Buffer[],
): Buffer | undefined {
  let index = item
  let last = items - 1
  let root = leafHash(leafData)
  for (const sibling of path) {
    if (last === 0) return undefined
    if (index % 2 === 1 || index === last) {
      root = nodeHash(sibling, root)
      while (index % 2 === 0 && index !== 0) {
        index /= 2
        last = Math.floor(last / 2)
      }
    } else root = nodeHash(root, sibling)
    index = Math.floor(index / 2)
    last = Math.floor(last / 2)
  }
  return last === 0 ? root : undefined
}

async function rangeRoot(source: TreeSource, from: number, to: number): Promise<Buffer> {
  const edge = new TreeEdge()
  for await (const page of leafHashes(source, from, to)) for (const leaf of page) edge.append(leaf)
  return edge.root()
}

/** The largest power of two below `count`. */
function largestPowerBelow(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1))
}
