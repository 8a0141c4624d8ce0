import { leafHash, nodeHash } from '../src/merkle.ts'

/** RFC 6962 section 2.1, word for word and slow: what the verifier is tested against. */
export async function treeHash(leaves: Uint8Array[]): Promise<Uint8Array> {
  if (leaves.length === 1) return leaves[0]!
  const k = split(leaves.length)
  return nodeHash(await treeHash(leaves.slice(0, k)), await treeHash(leaves.slice(k)))
}

/** RFC 6962 section 2.1.1: PATH(m, D[n]). `leaves` are leaf hashes. */
export async function path(m: number, leaves: Uint8Array[]): Promise<Uint8Array[]> {
  if (leaves.length === 1) return []
  const k = split(leaves.length)
  return m < k
    ? [...(await path(m, leaves.slice(0, k))), await treeHash(leaves.slice(k))]
    : [...(await path(m - k, leaves.slice(k))), await treeHash(leaves.slice(0, k))]
}

/** RFC 6962 section 2.1.2: PROOF(m, D[n]), for 0 < m < n. */
export async function consistency(m: number, leaves: Uint8Array[]): Promise<Uint8Array[]> {
  return subproof(m, leaves, true)
}

async function subproof(m: number, leaves: Uint8Array[], whole: boolean): Promise<Uint8Array[]> {
  if (m === leaves.length) return whole ? [] : [await treeHash(leaves)]
  const k = split(leaves.length)
  return m <= k
    ? [...(await subproof(m, leaves.slice(0, k), whole)), await treeHash(leaves.slice(k))]
    : [...(await subproof(m - k, leaves.slice(k), false)), await treeHash(leaves.slice(0, k))]
}

/** The largest power of two below n. */
function split(n: number): number {
  let k = 1
  while (2 * k < n) k *= 2
  return k
}

/** Leaf hashes of `n` distinct entries. */
export function leaves(n: number): Promise<Uint8Array[]> {
  return Promise.all(Array.from({ length: n }, (_, i) => leafHash(Uint8Array.of(i & 255, i >> 8))))
}
