import { hash } from 'node:crypto'

/** Hashes in one tlog-tile: eight levels of the tree. */
export const TILE_WIDTH = 256

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** RFC 9162 section 2.1.1: SHA-256(0x00 ‖ data). */
export function leafHash(data: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([LEAF, data]), 'buffer')
}

/** RFC 9162 section 2.1.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash('sha256', Buffer.concat([NODE, left, right]), 'buffer')
}

/** The root of no leaves: SHA-256 of the empty string. */
export const EMPTY_ROOT: Buffer = hash('sha256', new Uint8Array(0), 'buffer')

/** A tile that has just filled: level, position, its 256 hashes in one buffer, and the hash over all of them. */
export type FullTile = { level: number; index: number; hashes: Buffer; root: Buffer }

/**
 * The right edge of a growing RFC 9162 tree: for each tile level, the hashes of the tile that is still filling.
 * Appending is amortised O(1); memory is at most 256 hashes a level. The whole tree is never held.
 */
export class TreeEdge {
  /** `levels[t]` are the hashes so far in the unfinished tile of tile level t. */
  readonly levels: Buffer[][]
  size: number

  constructor(size = 0, levels: Buffer[][] = []) {
    this.size = size
    this.levels = levels
  }

  /** Adds one leaf hash and returns the tiles it completed, lowest first. */
  append(leaf: Buffer): FullTile[] {
    const full: FullTile[] = []
    let carried = leaf
    for (let level = 0; ; level++) {
      const hashes = this.levels[level] ?? []
      this.levels[level] = hashes
      hashes.push(carried)
      if (hashes.length < TILE_WIDTH) break
      carried = perfectRoot(hashes)
      full.push({
        level,
        index: Math.floor(this.size / TILE_WIDTH ** (level + 1)),
        hashes: Buffer.concat(hashes),
        root: carried,
      })
      this.levels[level] = []
    }
    this.size++
    return full
  }

  /** The Merkle tree head over all leaves so far. */
  root(): Buffer {
    let root: Buffer | undefined
    for (const hashes of this.levels)
      for (const peak of peaks(hashes).reverse()) root = root === undefined ? peak : nodeHash(peak, root)
    return root ?? EMPTY_ROOT
  }
}

/** The root over all leaf hashes given; for trees small enough to hold, and for streams. */
export function merkleRoot(leaves: Iterable<Buffer>): Buffer {
  const edge = new TreeEdge()
  for (const leaf of leaves) edge.append(leaf)
  return edge.root()
}

/** The root of a perfect subtree; `hashes.length` is a power of two. */
export function perfectRoot(hashes: Buffer[]): Buffer {
  let row = hashes
  while (row.length > 1) {
    const next: Buffer[] = []
    for (let i = 0; i < row.length; i += 2) next.push(nodeHash(row[i]!, row[i + 1]!))
    row = next
  }
  return row[0]!
}

/** Splits a row into its perfect subtrees, largest first, and hashes each. */
function peaks(hashes: Buffer[]): Buffer[] {
  const found: Buffer[] = []
  let start = 0
  for (let bit = TILE_WIDTH; bit >= 1; bit /= 2)
    if (hashes.length & bit) {
      found.push(perfectRoot(hashes.slice(start, start + bit)))
      start += bit
    }
  return found
}
