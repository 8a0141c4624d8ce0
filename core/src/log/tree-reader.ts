import { nodeHash, TILE_WIDTH } from './tree.ts'

/** Reads the hashes of one tile: `width` of them, 32 bytes each, in one buffer. */
export type TileSource = (level: number, index: number, width: number) => Promise<Buffer>

/** All nodes inside one tile, level by level; `rows[0]` are the tile's own hashes. */
type Tile = Buffer[]

/**
 * Inclusion and consistency proofs (RFC 9162 sections 2.1.3 and 2.1.4) over a tree kept as tlog-tiles.
 * Full tiles are immutable and cached with their inner nodes, least recently used out first.
 */
export class TreeReader {
  readonly #source: TileSource
  readonly #cache = new Map<string, Tile>()
  readonly #limit: number

  constructor(source: TileSource, limit = 1024) {
    this.#source = source
    this.#limit = limit
  }

  /** Hashes from the leaf's sibling up to the root's child, for the tree of `size` leaves. */
  async inclusion(index: number, size: number): Promise<Buffer[]> {
    if (!(Number.isSafeInteger(index) && index >= 0 && index < size))
      throw new RangeError(`leaf ${index} is not in a tree of ${size}`)
    return this.#path(index, 0, size, size)
  }

  /** Hashes that show that the tree of `size` leaves begins with the tree of `from` leaves. */
  async consistency(from: number, size: number): Promise<Buffer[]> {
    if (!(from >= 0 && from <= size))
      throw new RangeError(`a tree of ${size} does not begin with one of ${from}`)
    if (from === 0 || from === size) return []
    return this.#subproof(from, 0, size, true, size)
  }

  /** The tree head at `size` leaves. */
  async root(size: number): Promise<Buffer> {
    return this.#range(0, size, size)
  }

  async #path(index: number, low: number, high: number, size: number): Promise<Buffer[]> {
    const proof: Buffer[] = []
    while (high - low > 1) {
      const middle = low + split(high - low)
      if (index < middle) {
        proof.push(await this.#range(middle, high, size))
        high = middle
      } else {
        proof.push(await this.#range(low, middle, size))
        low = middle
      }
    }
    return proof.reverse()
  }

  async #subproof(from: number, low: number, high: number, whole: boolean, size: number): Promise<Buffer[]> {
    if (from === high) return whole ? [] : [await this.#range(low, high, size)]
    const middle = low + split(high - low)
    if (from <= middle) {
      const proof = await this.#subproof(from, low, middle, whole, size)
      return [...proof, await this.#range(middle, high, size)]
    }
    const proof = await this.#subproof(from, middle, high, false, size)
    return [...proof, await this.#range(low, middle, size)]
  }

  /** The hash over leaves [low, high), which is a node of the tree or its unfinished right edge. */
  async #range(low: number, high: number, size: number): Promise<Buffer> {
    const count = high - low
    const level = Math.log2(count)
    if (Number.isInteger(level)) return this.#node(level, low / count, size)
    const middle = low + split(count)
    return nodeHash(await this.#range(low, middle, size), await this.#range(middle, high, size))
  }

  async #node(level: number, index: number, size: number): Promise<Buffer> {
    const tileLevel = Math.floor(level / 8)
    const row = level - tileLevel * 8
    const perTile = TILE_WIDTH / 2 ** row
    const tile = await this.#tile(tileLevel, Math.floor(index / perTile), size)
    const at = (index % perTile) * 32
    return tile[row]!.subarray(at, at + 32)
  }

  async #tile(level: number, index: number, size: number): Promise<Tile> {
    const filled = Math.floor(size / TILE_WIDTH ** level) - index * TILE_WIDTH
    const width = Math.min(TILE_WIDTH, filled)
    const key = `${level}/${index}/${width}`
    const cached = this.#cache.get(key)
    if (cached !== undefined) {
      this.#cache.delete(key)
      this.#cache.set(key, cached)
      return cached
    }
    const tile = innerNodes(await this.#source(level, index, width))
    this.#cache.set(key, tile)
    if (this.#cache.size > this.#limit) this.#cache.delete(this.#cache.keys().next().value!)
    return tile
  }
}

/** The largest power of two below `count`. */
function split(count: number): number {
  return 2 ** Math.floor(Math.log2(count - 1))
}

function innerNodes(hashes: Buffer): Tile {
  const rows: Tile = [hashes]
  for (let row = hashes; row.length >= 64; ) {
    const pairs = Math.floor(row.length / 64)
    const next = Buffer.allocUnsafe(pairs * 32)
    for (let i = 0; i < pairs; i++)
      nodeHash(row.subarray(i * 64, i * 64 + 32), row.subarray(i * 64 + 32, i * 64 + 64)).copy(next, i * 32)
    rows.push(next)
    row = next
  }
  return rows
}
