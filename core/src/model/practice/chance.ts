/**
 * A 32-bit hash of text (FNV-1a with a final mix), for decisions that must come out the same each time. Not for
 * security.
 */
export function hashText(text: string, start = 0x811c9dc5): number {
  let hash = start
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** Mixes a hash so that near inputs land far apart (the finaliser of MurmurHash3). */
export function mix(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** A number in [0, 1) decided by a hash and a label. */
export function chance(hash: number, label: string): number {
  return mix(hashText(label, hash)) / 0x1_0000_0000
}

/** One of the items, decided by a hash and a label. */
export function pick<T>(items: readonly T[], hash: number, label: string): T {
  return items[Math.floor(chance(hash, label) * items.length)]!
}

/** A standard normal value decided by a hash and a label (sum of twelve uniforms). */
export function normal(hash: number, label: string): number {
  let sum = -6
  for (let i = 0; i < 12; i += 1) sum += chance(hash, `${label}/${i}`)
  return sum
}

/** Log odds as a probability. */
export function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x))
}
