/** Coverages told apart: what is still new to a reader depends on how much they hold already. */
const EDGES = [0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6, 0.75, 0.9]
const BINS = EDGES.length + 1
/** Chance that a sitting of one who gathers a model serves that; the rest of their sittings is ordinary work. */
const GATHERS = 0.35
/** So many sittings weigh as much as what chance would give: a part taken anywhere is new as far as it is not held. */
const BORROWED = 8
/** Days after which the company's counts count half, and one's own. */
const HALF_LIFE = 45
/** So much of one's own sittings weighs as much as the company's. */
const OTHERS = 3
/** While there is so much evidence, one's own habit is learnt slower: a thief must not become it. */
const SUSPECT = 1
const SLOWLY = 0.25

const binOf = (held: number): number => {
  let bin = 0
  while (bin < EDGES.length && held >= EDGES[bin]!) bin++
  return bin
}

/** How many sittings with a model, by how much of it the reader held already, brought nearly nothing but new parts. */
export class Repeating {
  readonly #sittings = new Float64Array(BINS)
  readonly #anew = new Float64Array(BINS)
  #day = 0

  note(held: number, isAnew: boolean, day: number): void {
    if (day > this.#day) {
      const factor = 0.5 ** ((day - this.#day) / HALF_LIFE)
      this.#day = day
      for (let bin = 0; bin < BINS; bin++) {
        this.#sittings[bin]! *= factor
        this.#anew[bin]! *= factor
      }
    }
    const bin = binOf(held)
    this.#sittings[bin]!++
    if (isAnew) this.#anew[bin]!++
  }

  /** The share of sittings that bring nothing but new parts to one who holds so much, with everybody but `own`. */
  without(held: number, own: Gathering): number {
    const bin = binOf(held)
    const anew = Math.max(0, this.#anew[bin]! - own.anewAt(bin))
    const sittings = Math.max(anew, this.#sittings[bin]! - own.sittingsAt(bin))
    return (anew + BORROWED * (1 - held) + 0.2) / (sittings + BORROWED + 0.4)
  }
}

/** A run of sittings of which surprisingly many repeated nothing. */
export type Run = { sittings: number; anew: number; segments: number; since: number; held: number }

/**
 * Whether somebody gathers a model: sitting after sitting they read what they do not hold yet, in whatever order, at
 * whatever pace and with whatever ordinary work in between, as one who draws without putting back. Whoever reads to
 * work comes back to the same parts, the oftener the more of it they hold. A cumulative sum of log-likelihood ratios
 * (Page 1954) against the company's sittings at the same coverage, and against one's own before: somebody who always
 * looks here and there keeps finding new parts. One sitting is one draw, however many pieces it has. By Lorden's bound it comes to h without cause with a chance of 10^−h.
 */
export class Gathering {
  readonly #sittings = new Float32Array(BINS)
  readonly #anew = new Float32Array(BINS)
  #sum = 0
  /** Sittings that repeated nothing, and how many of them chance would have so; older ones fading. */
  #found = 0
  #expected = 0
  #day = 0
  run: Run = { sittings: 0, anew: 0, segments: 0, since: 0, held: 0 }

  /** Takes a sitting into account that brought `segments`, to one who held the share `held` of the model before. */
  note(held: number, isAnew: boolean, segments: number, usual: Repeating, day: number): void {
    const chance = this.#chance(held, usual, day)
    usual.note(held, isAnew, day)
    const bin = binOf(held)
    this.#sittings[bin]!++
    if (isAnew) this.#anew[bin]!++
    const weight = this.#sum > SUSPECT ? SLOWLY : 1
    this.#expected += weight * (1 - held)
    if (isAnew) this.#found += weight
    if (this.#sum <= 0 && !isAnew) return
    if (this.#sum <= 0) this.run = { sittings: 0, anew: 0, segments: 0, since: day, held }
    const ratio = isAnew ? (GATHERS + (1 - GATHERS) * chance) / chance : 1 - GATHERS
    this.#sum = Math.max(0, this.#sum + Math.log10(ratio))
    this.run.sittings++
    if (isAnew) {
      this.run.anew++
      this.run.segments += segments
    }
    this.run.held = held
  }

  /** Chance that this reader's sitting repeats nothing: what one who takes parts anywhere finds new, times their habit. */
  #chance(held: number, usual: Repeating, day: number): number {
    if (day > this.#day) {
      const factor = 0.5 ** ((day - this.#day) / HALF_LIFE)
      this.#day = day
      this.#found *= factor
      this.#expected *= factor
    }
    const anywhere = Math.max(0.02, 1 - held)
    const habit = (this.#found + (OTHERS * usual.without(held, this)) / anywhere) / (this.#expected + OTHERS)
    return Math.min(0.98, Math.max(0.005, habit * anywhere))
  }

  /** The cumulative sum, in powers of ten. */
  get sum(): number {
    return this.#sum
  }

  sittingsAt(bin: number): number {
    return this.#sittings[bin]!
  }

  anewAt(bin: number): number {
    return this.#anew[bin]!
  }
}
