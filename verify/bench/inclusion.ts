import { leafHash, nodeHash, verifyInclusion } from '../src/merkle.ts'

/**
 * Checks `count` inclusion proofs from a tree of `2 ** levels` leaves, `inFlight` at a time, and answers how long it
 * took. Making the proofs is not timed. Throws where one does not hold.
 */
export async function checkInclusionProofs({ count = 4096, levels = 20, inFlight = 256 } = {}): Promise<{
  proofs: number
  seconds: number
  perSecond: number
}> {
  // A full tree over few distinct leaves: 2^k leaves whose left half is the whole tree of 2^(k−1), so that every proof
  // is made of one hash a level, and yet each index has a proof of full length.
  const leaf = await leafHash(new Uint8Array(32))
  const path: Uint8Array[] = [leaf]
  for (let level = 1; level <= levels; level++) path.push(await nodeHash(path[level - 1]!, path[level - 1]!))
  const root = path.pop()!
  const size = 2 ** levels
  let next = 0
  const worker = async () => {
    for (let at = next++; at < count; at = next++)
      await verifyInclusion({ index: (at * 7919) % size, size, leafHash: leaf, proof: path, root })
  }
  const start = performance.now()
  await Promise.all(Array.from({ length: inFlight }, worker))
  const seconds = (performance.now() - start) / 1000
  return { proofs: count, seconds, perSecond: count / seconds }
}
