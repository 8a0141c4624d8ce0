import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

/**
 * A watermark key: at least 16 random bytes. Every purpose takes a key of its own from it by HMAC-SHA-256 over a label,
 * so that what one purpose shows tells nothing of another.
 */
export type MarkKey = Uint8Array

/** HMAC-SHA-256 of `data` under the key of this purpose: 32 bytes. */
export function keyedDigest(key: MarkKey, label: string, data: Uint8Array): Uint8Array {
  return createHmac('sha256', derive(key, label)).update(data).digest()
}

/** An endless stream of words, 0 … 2^32 − 1, drawn by key and label: HMAC-SHA-256 of a counter. */
export function keyedWords(key: MarkKey, label: string): () => number {
  const own = derive(key, label)
  const count = Buffer.alloc(4)
  let block = Buffer.alloc(0)
  let at = 0
  let next = 0
  return () => {
    if (at === block.length) {
      count.writeUInt32BE(next++)
      block = createHmac('sha256', own).update(count).digest()
      at = 0
    }
    at += 4
    return block.readUInt32BE(at - 4)
  }
}

/**
 * 0 … length − 1 in an order drawn by the words (Fisher–Yates). A remainder of 32 bits favours no place by more than
 * length / 2^32, which is nothing at the lengths of a tile.
 */
export function keyedOrder(words: () => number, length: number): Uint16Array {
  const order = Uint16Array.from({ length }, (_, index) => index)
  for (let last = length - 1; last > 0; last--) {
    const chosen = words() % (last + 1)
    const kept = order[last]!
    order[last] = order[chosen]!
    order[chosen] = kept
  }
  return order
}

/** The keys of the purposes of the key last used: decoding asks for them some thousand times a check. */
let kept: { key: MarkKey; own: Map<string, KeyObject> } | undefined

function derive(key: MarkKey, label: string): KeyObject {
  if (key.length < 16) throw new RangeError(`a watermark key has at least 16 bytes, not ${key.length}`)
  if (kept === undefined || Buffer.compare(kept.key, key) !== 0)
    kept = { key: Uint8Array.from(key), own: new Map() }
  const known = kept.own.get(label)
  if (known !== undefined) return known
  const own = createSecretKey(createHmac('sha256', key).update(`avouch watermark/v1 ${label}`).digest())
  kept.own.set(label, own)
  return own
}
