import { createHash } from 'node:crypto'
import { Remembered } from './remembered.ts'

/** Sessions whose caller is remembered. */
const MOST = 50_000
const LONGEST = 8

/**
 * Who took on a session of a role, by the access key that the session was given. Keys are kept as digests: they are no
 * secrets, and nothing else here needs them. What is new since it was last asked can be kept elsewhere.
 */
export class Sessions {
  readonly #known = new Remembered<string[]>(MOST)
  #fresh = new Map<string, { names: string[]; at: number }>()

  get(key: string): string[] | undefined {
    return this.#known.get(digestOf(key))
  }

  set(key: string, names: readonly string[], at: number): void {
    const digest = digestOf(key)
    const kept = names.slice(0, LONGEST)
    this.#known.set(digest, kept)
    if (this.#fresh.size < MOST) this.#fresh.set(digest, { names: kept, at })
  }

  /** What an earlier reading kept. */
  restore(digest: string, names: string[]): void {
    this.#known.set(digest, names)
  }

  takeFresh(): { digest: string; names: string[]; at: number }[] {
    const fresh = [...this.#fresh].map(([digest, one]) => ({ digest, ...one }))
    this.#fresh = new Map()
    return fresh
  }
}

function digestOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
