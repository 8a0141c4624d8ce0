import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EMPTY_ROOT, leafHash, merkleRoot, nodeHash, TreeEdge } from './tree.ts'
import { TreeReader } from './tree-reader.ts'

/** RFC 9162 section 2.1.1, word for word: the definition the fast forms are held against. */
function treeHead(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return EMPTY_ROOT
  if (leaves.length === 1) return leaves[0]!
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(treeHead(leaves.slice(0, k)), treeHead(leaves.slice(k)))
}

const leavesOf = (n: number): Buffer[] =>
  Array.from({ length: n }, (_, i) => leafHash(Buffer.from(`leaf ${i}`)))

function reader(leaves: Buffer[]): TreeReader {
  const rows: Buffer[][] = [leaves]
  for (let t = 1; t < 4; t++) {
    const below = rows[t - 1]!
    rows.push(
      Array.from({ length: Math.floor(below.length / 256) }, (_, i) =>
        treeHead(below.slice(i * 256, i * 256 + 256)),
      ),
    )
  }
  return new TreeReader(async (level, index, width) =>
    Buffer.concat(rows[level]!.slice(index * 256, index * 256 + width)),
  )
}

/** RFC 9162 section 2.1.3.2. */
function rootFromInclusion(index: number, size: number, leaf: Buffer, proof: Buffer[]): Buffer {
  let fn = index
  let sn = size - 1
  let r = leaf
  for (const p of proof) {
    if (sn === 0) throw new Error('proof too long')
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r)
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2)
        sn = Math.floor(sn / 2)
      }
    } else r = nodeHash(r, p)
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  if (sn !== 0) throw new Error('proof too short')
  return r
}

describe('TreeEdge', () => {
  it('has the tree head of the definition at every size', () => {
    const leaves = leavesOf(700)
    const edge = new TreeEdge()
    for (let n = 0; n <= 700; n++) {
      if (n % 13 === 0 || n % 256 < 2) expect(edge.root().equals(treeHead(leaves.slice(0, n)))).toBe(true)
      if (n < 700) edge.append(leaves[n]!)
    }
  })

  it('reports each full tile once, with its place', () => {
    const edge = new TreeEdge()
    const full = leavesOf(256 * 257).flatMap((leaf) => edge.append(leaf))
    expect(full.filter((tile) => tile.level === 0).map((tile) => tile.index)).toEqual(
      Array.from({ length: 257 }, (_, i) => i),
    )
    expect(full.filter((tile) => tile.level === 1).map((tile) => tile.index)).toEqual([0])
  })
})

describe('TreeReader', () => {
  const leaves = leavesOf(1500)
  const tree = reader(leaves)

  it('proves inclusion of any leaf at any size', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1500 }), fc.nat(), async (size, pick) => {
        const index = pick % size
        const proof = await tree.inclusion(index, size)
        expect(
          rootFromInclusion(index, size, leaves[index]!, proof).equals(merkleRoot(leaves.slice(0, size))),
        ).toBe(true)
      }),
    )
  })

  it('has the same root as the edge', async () => {
    for (const size of [1, 2, 255, 256, 257, 511, 512, 1000, 1500])
      expect((await tree.root(size)).equals(merkleRoot(leaves.slice(0, size)))).toBe(true)
  })

  it('refuses a leaf outside the tree', async () => {
    await expect(tree.inclusion(5, 5)).rejects.toThrow('not in a tree of 5')
  })
})
