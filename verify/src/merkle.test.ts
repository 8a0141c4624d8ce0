import { existsSync, readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { consistency, leaves, path, treeHash } from '../test/tree.ts'
import { fromBase64, hex } from './bytes.ts'
import { VerifyError } from './errors.ts'
import { emptyRoot, rootFromInclusion, verifyConsistency, verifyInclusion } from './merkle.ts'

const vectors = new URL('../../../shared/vectors/merkle/', import.meta.url)
const present = existsSync(vectors)
type Inclusion = {
  leafIdx: number
  treeSize: number
  root: string
  leafHash: string
  proof: string[] | null
  wantErr: boolean
}
type Consistency = {
  size1: number
  size2: number
  root1: string
  root2: string
  proof: string[] | null
  wantErr: boolean
}

function read<T>(kind: string): [string, T][] {
  const folder = new URL(`${kind}/1/`, vectors)
  return readdirSync(folder).map((name) => [
    name,
    JSON.parse(readFileSync(new URL(encodeURIComponent(name), folder), 'utf8')) as T,
  ])
}

async function refused(work: () => Promise<unknown>): Promise<boolean> {
  try {
    await work()
    return false
  } catch (error) {
    if (error instanceof VerifyError) return true
    throw error
  }
}

describe('transparency-dev/merkle test data (needs ../shared/vectors)', () => {
  it.runIf(present)('inclusion', async () => {
    for (const [name, vector] of read<Inclusion>('inclusion')) {
      const claim = async () =>
        verifyInclusion({
          index: vector.leafIdx,
          size: vector.treeSize,
          leafHash: fromBase64(vector.leafHash),
          proof: (vector.proof ?? []).map((hash) => fromBase64(hash)),
          root: fromBase64(vector.root),
        })
      expect([name, await refused(claim)]).toEqual([name, vector.wantErr])
    }
  })

  it.runIf(present)('consistency', async () => {
    for (const [name, vector] of read<Consistency>('consistency')) {
      const claim = async () =>
        verifyConsistency({
          size1: vector.size1,
          root1: fromBase64(vector.root1),
          size2: vector.size2,
          root2: fromBase64(vector.root2),
          proof: (vector.proof ?? []).map((hash) => fromBase64(hash)),
        })
      expect([name, await refused(claim)]).toEqual([name, vector.wantErr])
    }
  })
})

describe('Merkle proofs', () => {
  it('hold for every leaf and every prefix of small trees, and for no other size', async () => {
    const all = await leaves(20)
    for (let size = 1; size <= 20; size++) {
      const tree = all.slice(0, size)
      const root = await treeHash(tree)
      for (let index = 0; index < size; index++) {
        const proof = await path(index, tree)
        await verifyInclusion({ index, size, leafHash: tree[index]!, proof, root })
        expect(
          await refused(() =>
            verifyInclusion({ index: index + 1, size, leafHash: tree[index]!, proof, root }),
          ),
        ).toBe(true)
      }
      for (let older = 1; older < size; older++) {
        const proof = await consistency(older, tree)
        const root1 = await treeHash(tree.slice(0, older))
        await verifyConsistency({ size1: older, root1, size2: size, root2: root, proof })
        expect(
          await refused(() =>
            verifyConsistency({ size1: older, root1: root, size2: size, root2: root, proof }),
          ),
        ).toBe(true)
      }
    }
  })

  it('fail after any flipped bit', async () => {
    const all = await leaves(200)
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 200 }),
        fc.nat(),
        fc.nat(),
        fc.nat(7),
        async (size, at, flip, bit) => {
          const tree = all.slice(0, size)
          const index = at % size
          const older = 1 + (at % (size - 1))
          const root = new Uint8Array(await treeHash(tree))
          const leaf = new Uint8Array(tree[index]!)
          const proof = (await path(index, tree)).map((hash) => new Uint8Array(hash))
          await verifyInclusion({ index, size, leafHash: leaf, proof, root })
          const parts = [root, leaf, ...proof]
          parts[flip % parts.length]![flip % 32]! ^= 1 << bit
          expect(await refused(() => verifyInclusion({ index, size, leafHash: leaf, proof, root }))).toBe(
            true,
          )

          const root1 = new Uint8Array(await treeHash(tree.slice(0, older)))
          const root2 = new Uint8Array(await treeHash(tree))
          const steps = (await consistency(older, tree)).map((hash) => new Uint8Array(hash))
          await verifyConsistency({ size1: older, root1, size2: size, root2, proof: steps })
          const hashes = [root1, root2, ...steps]
          hashes[flip % hashes.length]![flip % 32]! ^= 1 << bit
          expect(
            await refused(() => verifyConsistency({ size1: older, root1, size2: size, root2, proof: steps })),
          ).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('count beyond 32 bits', async () => {
    const [leaf, ...proof] = await leaves(54)
    const size = Number.MAX_SAFE_INTEGER
    const left = await rootFromInclusion({ index: 0, size, leafHash: leaf!, proof: proof.slice(0, 53) })
    const other = await rootFromInclusion({
      index: 2 ** 40,
      size,
      leafHash: leaf!,
      proof: proof.slice(0, 53),
    })
    expect(hex(left)).not.toBe(hex(other))
    await expect(
      rootFromInclusion({ index: 0, size, leafHash: leaf!, proof: proof.slice(0, 52) }),
    ).rejects.toThrow('too short')
    await expect(rootFromInclusion({ index: 0, size: size + 1, leafHash: leaf!, proof })).rejects.toThrow(
      VerifyError,
    )
  })

  it('take an empty tree for a prefix of any other, with no proof', async () => {
    const [leaf] = await leaves(1)
    await verifyConsistency({ size1: 0, root1: await emptyRoot(), size2: 1, root2: leaf!, proof: [] })
    await expect(
      verifyConsistency({ size1: 0, root1: leaf!, size2: 1, root2: leaf!, proof: [] }),
    ).rejects.toThrow('empty tree')
    await expect(
      verifyConsistency({ size1: 0, root1: await emptyRoot(), size2: 1, root2: leaf!, proof: [leaf!] }),
    ).rejects.toThrow(VerifyError)
  })
})
