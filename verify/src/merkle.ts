import { concat, equal } from './bytes.ts'
import { VerifyError } from './errors.ts'
import { sha256 } from './hash.ts'

/** A SHA-256 tree of 2^53 leaves is 53 levels high; no honest proof is longer than twice that. */
const MAX_PROOF = 106

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

/** RFC 6962 section 2.1: SHA-256(0x00 ‖ entry). */
export function leafHash(entry: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(concat(LEAF, entry))
}

/** RFC 6962 section 2.1: SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(concat(NODE, left, right))
}

/** The root of a tree without leaves: SHA-256 of nothing. */
export function emptyRoot(): Promise<Uint8Array<ArrayBuffer>> {
  return sha256(new Uint8Array(0))
}

/** A leaf's way to the root; hashes have 32 bytes, the proof's first one is the leaf's sibling. */
export type InclusionProof = {
  index: number
  size: number
  leafHash: Uint8Array
  proof: readonly Uint8Array[]
}

/**
 * The root to which an inclusion proof leads (RFC 9162 section 2.1.3.2). Sizes up to 2^53 − 1.
 * Throws `inclusion` where the proof cannot be one for this index and size.
 */
export async function rootFromInclusion({
  index,
  size,
  leafHash,
  proof,
}: InclusionProof): Promise<Uint8Array> {
  checkCount(index, 'inclusion')
  checkCount(size, 'inclusion')
  if (index >= size)
    throw new VerifyError('inclusion', `Leaf ${index} is outside of a tree of ${size} leaves.`)
  checkHashes([leafHash, ...proof], 'inclusion')
  let fn = index
  let sn = size - 1
  let root = leafHash
  for (const hash of proof) {
    if (sn === 0) throw new VerifyError('inclusion', 'The inclusion proof is too long for this tree.')
    if (fn % 2 === 1 || fn === sn) {
      root = await nodeHash(hash, root)
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else {
      root = await nodeHash(root, hash)
    }
    fn = half(fn)
    sn = half(sn)
  }
  if (sn !== 0) throw new VerifyError('inclusion', 'The inclusion proof is too short for this tree.')
  return root
}

/** Checks that the leaf stands at `index` in the tree of `size` leaves with this root. Throws `inclusion`. */
export async function verifyInclusion(claim: InclusionProof & { root: Uint8Array }): Promise<void> {
  if (!equal(await rootFromInclusion(claim), claim.root))
    throw new VerifyError('inclusion', `The proof of leaf ${claim.index} does not lead to the tree's root.`)
}

/** Two heads of one log, and the proof that the older is a prefix of the newer. */
export type ConsistencyProof = {
  size1: number
  root1: Uint8Array
  size2: number
  root2: Uint8Array
  proof: readonly Uint8Array[]
}

/**
 * Checks that the first `size1` leaves of the newer tree are the older tree (RFC 9162 section 2.1.4.2). A tree
 * without leaves is a prefix of every tree, with an empty proof (as tlog-witness asks). Throws `consistency`.
 */
export async function verifyConsistency({
  size1,
  root1,
  size2,
  root2,
  proof,
}: ConsistencyProof): Promise<void> {
  checkCount(size1, 'consistency')
  checkCount(size2, 'consistency')
  checkHashes([root1, root2, ...proof], 'consistency')
  if (size1 > size2)
    throw new VerifyError('consistency', `The older tree (${size1}) is larger than the newer one (${size2}).`)
  if (size1 === size2 || size1 === 0) {
    if (proof.length > 0)
      throw new VerifyError('consistency', 'The consistency proof should be empty for these sizes.')
    if (!equal(root1, size1 === size2 ? root2 : await emptyRoot()))
      throw new VerifyError(
        'consistency',
        size1 === size2 ? 'Two heads of one size have two roots.' : 'The empty tree has another root.',
      )
    return
  }
  let fn = size1 - 1
  let sn = size2 - 1
  while (fn % 2 === 1) {
    fn = half(fn)
    sn = half(sn)
  }
  // A first tree of a power of two leaves is itself a node of the second: the proof leaves its root out.
  const path = fn === 0 ? [root1, ...proof] : proof
  const [first, ...rest] = path
  if (first === undefined) throw new VerifyError('consistency', 'The consistency proof is empty.')
  let older = first
  let newer = first
  for (const hash of rest) {
    if (sn === 0) throw new VerifyError('consistency', 'The consistency proof is too long for these trees.')
    if (fn % 2 === 1 || fn === sn) {
      older = await nodeHash(hash, older)
      newer = await nodeHash(hash, newer)
      while (fn % 2 === 0 && fn !== 0) {
        fn = half(fn)
        sn = half(sn)
      }
    } else {
      newer = await nodeHash(newer, hash)
    }
    fn = half(fn)
    sn = half(sn)
  }
  if (sn !== 0) throw new VerifyError('consistency', 'The consistency proof is too short for these trees.')
  if (!equal(older, root1))
    throw new VerifyError('consistency', 'The proof does not lead to the root of the older tree.')
  if (!equal(newer, root2))
    throw new VerifyError('consistency', 'The proof does not lead to the root of the newer tree.')
}

function half(value: number): number {
  return Math.floor(value / 2)
}

function checkCount(value: number, code: 'inclusion' | 'consistency'): void {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new VerifyError(code, 'Index and size must be integers from 0 to 2^53 − 1.')
}

function checkHashes(hashes: readonly Uint8Array[], code: 'inclusion' | 'consistency'): void {
  if (hashes.length > MAX_PROOF)
    throw new VerifyError(code, 'The proof has more hashes than any tree is high.')
  if (hashes.some((hash) => hash.length !== 32))
    throw new VerifyError(code, 'A hash of this proof does not have 32 bytes.')
}
