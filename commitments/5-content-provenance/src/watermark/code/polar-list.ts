import { CODE_BITS, CODE_STAGES, transformed } from './polar.ts'

/**
 * Decodes soft values by successive cancellation with a list (Tal and Vardy, 2015; metric by Balatsoukas-Stimming and
 * others, 2015). Stretches of places that carry nothing, or only a last bit, are decided at once, which makes no
 * difference to the metric (Hashemi and others, 2016).
 *
 * @param soft 512 log-likelihood ratios at any common scale: positive where the bit is rather 0
 * @param places the places that carry bits, ascending
 * @param listSize how many paths are kept, a power of two
 * @returns the bits of every surviving path, the likeliest first; holds until the next decoding
 */
export function* decodePolar(
  soft: Float32Array,
  places: Uint16Array,
  listSize: number,
): Generator<Uint8Array> {
  const list = listFor(listSize)
  for (const word of list.decode(soft, places)) {
    // The code is its own inverse: the code word of a code word is what all places carry.
    const carried = transformed(word)
    const bits = new Uint8Array(places.length)
    for (let index = 0; index < places.length; index++) bits[index] = carried[places[index]!]!
    yield bits
  }
}

let kept: List | undefined

/** The list last used, if it is as long: its rows are the same for every decoding. */
function listFor(size: number): List {
  if (kept?.size !== size) kept = new List(size)
  return kept
}

/**
 * One stage of the tree, where all paths are at the same node of `width` places. Each path owns one row of what the stage
 * holds when the node is entered; paths that split off later share it, by `softOf` and `leftOf`.
 */
type Stage = {
  width: number
  soft: Float32Array
  softOf: Uint8Array
  /** What was decided on at the first half of the node, `width` / 2 bits. */
  left: Uint8Array
  leftOf: Uint8Array
  /** What was decided on at the node. */
  word: Uint8Array
}

class List {
  readonly size: number
  private readonly stages: Stage[]
  /** How many places before each carry bits. */
  private readonly carried = new Uint16Array(CODE_BITS + 1)
  private readonly metric: Float64Array
  private readonly ways: Float64Array
  /** Paths that live, and rows that no path uses. */
  private live: number[] = []
  private free: number[] = []

  constructor(size: number) {
    this.size = size
    this.metric = new Float64Array(size)
    this.ways = new Float64Array(2 * size)
    this.stages = Array.from({ length: CODE_STAGES + 1 }, (_, at) => {
      const width = CODE_BITS >> at
      return {
        width,
        // The first stage is the received word, which all paths share.
        soft: new Float32Array(width * (at === 0 ? 1 : size)),
        softOf: new Uint8Array(size),
        left: new Uint8Array((width >> 1) * size),
        leftOf: new Uint8Array(size),
        word: new Uint8Array(width * size),
      }
    })
  }

  /** The words of all paths that survive, the likeliest first. */
  decode(soft: Float32Array, places: Uint16Array): Uint8Array[] {
    this.carried.fill(0)
    for (const place of places) this.carried[place + 1] = 1
    for (let place = 0; place < CODE_BITS; place++) this.carried[place + 1]! += this.carried[place]!
    const [first] = this.stages as [Stage]
    first.soft.set(soft)
    this.live = [0]
    this.free = Array.from({ length: this.size - 1 }, (_, at) => this.size - 1 - at)
    this.metric[0] = 0
    this.decide(0, 0)
    return this.live
      .toSorted((a, b) => this.metric[a]! - this.metric[b]!)
      .map((path) => first.word.slice(path * CODE_BITS, (path + 1) * CODE_BITS))
  }

  /** Decides on the node of a stage whose first place is `from`, for every path. */
  private decide(at: number, from: number): void {
    const stage = this.stages[at]!
    const carried = this.carried[from + stage.width]! - this.carried[from]!
    if (carried === 0) this.freeze(stage)
    // A last bit is repeated all over the node. (The last place of a node is the first to carry one.)
    else if (carried === 1) this.repeat(stage, at)
    else this.divide(stage, at, from)
  }

  /** Decides on one half of a node, and with that on the other. */
  private divide(stage: Stage, at: number, from: number): void {
    const { width } = stage
    const half = width >> 1
    const below = this.stages[at + 1]!
    for (const path of this.live) {
      const row = stage.softOf[path]! * width
      checked(stage.soft, row, half, below.soft, path * half)
      below.softOf[path] = path
    }
    this.decide(at + 1, from)
    for (const path of this.live) {
      const end = (path + 1) * half
      for (let place = path * half; place < end; place++) stage.left[place] = below.word[place]!
      stage.leftOf[path] = path
      added(stage.soft, stage.softOf[path]! * width, half, stage.left, path * half, below.soft, path * half)
      below.softOf[path] = path
    }
    this.decide(at + 1, from + half)
    for (const path of this.live) {
      const left = stage.leftOf[path]! * half
      const to = path * width
      for (let place = 0; place < half; place++) {
        const right = below.word[path * half + place]!
        stage.word[to + place] = stage.left[left + place]! ^ right
        stage.word[to + half + place] = right
      }
    }
  }

  /** A node that is known to be 0. */
  private freeze({ width, soft, softOf, word }: Stage): void {
    for (const path of this.live) {
      const row = softOf[path]! * width
      let against = 0
      for (let place = row; place < row + width; place++) if (soft[place]! < 0) against -= soft[place]!
      this.metric[path]! += against
      fill(word, path * width, width, 0)
    }
  }

  /** A node that is all 0 or all 1: every path goes both ways, and the best are kept. */
  private repeat({ width, soft, softOf, word }: Stage, at: number): void {
    const { live, ways, metric } = this
    for (const [index, path] of live.entries()) {
      const row = softOf[path]! * width
      let zero = metric[path]!
      let one = zero
      for (let place = row; place < row + width; place++) {
        const value = soft[place]!
        if (value < 0) zero -= value
        else one += value
      }
      ways[2 * index] = zero
      ways[2 * index + 1] = one
    }
    const count = 2 * live.length
    const worst = count > this.size ? ways.slice(0, count).sort()[this.size - 1]! : Infinity
    let room = this.size
    for (let way = 0; way < count; way++) if (ways[way]! < worst) room--
    // Of ways that are equally good, the first are kept.
    const keeps = (way: number) => ways[way]! < worst || (ways[way]! === worst && room-- > 0)
    const next: number[] = []
    const split: [path: number, metric: number][] = []
    for (const [index, path] of live.entries()) {
      const [zero, one] = [keeps(2 * index), keeps(2 * index + 1)]
      if (!zero && !one) {
        this.free.push(path)
        continue
      }
      next.push(path)
      metric[path] = ways[2 * index + (zero ? 0 : 1)]!
      fill(word, path * width, width, zero ? 0 : 1)
      if (zero && one) split.push([path, ways[2 * index + 1]!])
    }
    for (const [path, own] of split) {
      const other = this.free.pop()!
      for (let above = 0; above <= at; above++) {
        const { softOf: soft, leftOf } = this.stages[above]!
        soft[other] = soft[path]!
        leftOf[other] = leftOf[path]!
      }
      metric[other] = own
      fill(word, other * width, width, 1)
      next.push(other)
    }
    this.live = next
  }
}

/** Soft values of the first half of a node: of the sum of both halves. */
function checked(soft: Float32Array, from: number, half: number, out: Float32Array, to: number): void {
  for (let place = 0; place < half; place++) {
    const a = soft[from + place]!
    const b = soft[from + half + place]!
    const least = Math.min(Math.abs(a), Math.abs(b))
    out[to + place] = a < 0 !== b < 0 ? -least : least
  }
}

/** Soft values of the second half of a node, once the first is known. */
function added(
  soft: Float32Array,
  from: number,
  half: number,
  known: Uint8Array,
  at: number,
  out: Float32Array,
  to: number,
): void {
  for (let place = 0; place < half; place++) {
    const a = soft[from + place]!
    const b = soft[from + half + place]!
    out[to + place] = known[at + place] ? b - a : b + a
  }
}

/** Typed arrays' own fill costs more than most nodes are wide. */
function fill(word: Uint8Array, from: number, count: number, bit: number): void {
  for (let place = from; place < from + count; place++) word[place] = bit
}
