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

/** Lists of the sizes used so far: two at most, whose rows serve every decoding. */
const lists = new Map<number, List>()

function listFor(size: number): List {
  const known = lists.get(size)
  if (known !== undefined) return known
  const made = new List(size)
  lists.set(size, made)
  return made
}

/**
 * One stage of the tree, where all paths are at the same node of `width` places. Each path owns one row of what the stage
 * holds when the node is entered; paths that split off later share it, by `softOf` and `leftOf`.
 */
type Stage = {
  width: number
  soft: Int32Array
  softOf: Uint8Array
  /** What was decided on at the first half of the node, `width` / 2 bits. */
  left: Uint8Array
  leftOf: Uint8Array
  /** What was decided on at the node. */
  word: Uint8Array
}

/** Soft values are counted in whole numbers up to this, which never overflow: sums of 512 stay below 2^28. */
const LARGEST = 2 ** 18

class List {
  readonly size: number
  private readonly stages: Stage[]
  /** How many places before each carry bits. */
  private readonly carried = new Uint16Array(CODE_BITS + 1)
  private readonly metric: Float64Array
  private readonly ways: Float64Array
  private readonly order: Float64Array
  /** The first `count` rows of `paths` are those of paths that live; no path uses the rest. */
  private readonly paths: Uint8Array
  private count = 1

  constructor(size: number) {
    this.size = size
    this.metric = new Float64Array(size)
    this.ways = new Float64Array(2 * size)
    this.order = new Float64Array(2 * size)
    this.paths = new Uint8Array(size)
    this.stages = Array.from({ length: CODE_STAGES + 1 }, (_, at) => {
      const width = CODE_BITS >> at
      return {
        width,
        // The first stage is the received word, which all paths share.
        soft: new Int32Array(width * (at === 0 ? 1 : size)),
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
    let most = 0
    for (const value of soft) most = Math.max(most, Math.abs(value))
    const scale = most > 0 ? LARGEST / most : 0
    for (let place = 0; place < CODE_BITS; place++) first.soft[place] = Math.round(soft[place]! * scale)
    for (let path = 0; path < this.size; path++) this.paths[path] = path
    this.count = 1
    this.metric[0] = 0
    this.decide(0, 0)
    return Array.from(this.paths.subarray(0, this.count))
      .sort((a, b) => this.metric[a]! - this.metric[b]!)
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
    const { paths } = this
    const { width, soft, softOf, left, leftOf, word } = stage
    const half = width >> 1
    const below = this.stages[at + 1]!
    for (let index = 0; index < this.count; index++) {
      const path = paths[index]!
      checked(soft, softOf[path]! * width, half, below.soft, path * half)
      below.softOf[path] = path
    }
    this.decide(at + 1, from)
    for (let index = 0; index < this.count; index++) {
      const path = paths[index]!
      const row = path * half
      for (let place = row; place < row + half; place++) left[place] = below.word[place]!
      leftOf[path] = path
      added(soft, softOf[path]! * width, half, left, row, below.soft, row)
      below.softOf[path] = path
    }
    this.decide(at + 1, from + half)
    for (let index = 0; index < this.count; index++) {
      const path = paths[index]!
      const known = leftOf[path]! * half
      const to = path * width
      for (let place = 0; place < half; place++) {
        const right = below.word[path * half + place]!
        word[to + place] = left[known + place]! ^ right
        word[to + half + place] = right
      }
    }
  }

  /** A node that is known to be 0. */
  private freeze({ width, soft, softOf, word }: Stage): void {
    for (let index = 0; index < this.count; index++) {
      const path = this.paths[index]!
      const row = softOf[path]! * width
      let against = 0
      for (let place = row; place < row + width; place++) {
        const value = soft[place]!
        against -= value & (value >> 31)
      }
      this.metric[path]! += against
      fill(word, path * width, width, 0)
    }
  }

  /** A node that is all 0 or all 1: every path goes both ways, and the best are kept. */
  private repeat({ width, soft, softOf, word }: Stage, at: number): void {
    const { paths, ways, metric, count } = this
    for (let index = 0; index < count; index++) {
      const path = paths[index]!
      const row = softOf[path]! * width
      let zero = 0
      let one = 0
      for (let place = row; place < row + width; place++) {
        const value = soft[place]!
        const negative = value & (value >> 31)
        zero -= negative
        one += value - negative
      }
      ways[2 * index] = metric[path]! + zero
      ways[2 * index + 1] = metric[path]! + one
    }
    const worst = 2 * count > this.size ? smallest(ways, 2 * count, this.size, this.order) : Infinity
    // Of ways that are equally good, the first are kept.
    let room = this.size
    for (let way = 0; way < 2 * count; way++) if (ways[way]! < worst) room--
    let live = 0
    let gone = 0
    for (let index = 0; index < count; index++) {
      const path = paths[index]!
      const zero = ways[2 * index]!
      const one = ways[2 * index + 1]!
      const keepsZero = zero < worst || (zero === worst && room-- > 0)
      const keepsOne = one < worst || (one === worst && room-- > 0)
      if (keepsZero || keepsOne) {
        metric[path] = keepsZero ? zero : one
        fill(word, path * width, width, keepsZero ? 0 : 1)
        // Rows are turned over to live paths in place; where both ways are kept, the second is noted for a free row.
        paths[live] = path
        SPLIT[live++] = keepsZero && keepsOne ? index : -1
      } else GONE[gone++] = path
    }
    for (let index = 0; index < gone; index++) paths[live + index] = GONE[index]!
    this.count = live
    for (let index = 0; index < live; index++) {
      if (SPLIT[index]! < 0) continue
      const path = paths[index]!
      const other = paths[this.count++]!
      for (let above = 0; above <= at; above++) {
        const { softOf: rows, leftOf } = this.stages[above]!
        rows[other] = rows[path]!
        leftOf[other] = leftOf[path]!
      }
      metric[other] = ways[2 * SPLIT[index]! + 1]!
      fill(word, other * width, width, 1)
    }
  }
}

/** Room for one splitting of a list of any size that is asked for. */
const MOST_PATHS = 256
const SPLIT = new Int16Array(MOST_PATHS)
const GONE = new Uint8Array(MOST_PATHS)

/** The `rank`-th smallest of the first `count` values (Hoare's selection, in `room`). */
function smallest(values: Float64Array, count: number, rank: number, room: Float64Array): number {
  for (let at = 0; at < count; at++) room[at] = values[at]!
  let low = 0
  let high = count - 1
  const wanted = rank - 1
  while (low < high) {
    const pivot = room[(low + high) >> 1]!
    let left = low
    let right = high
    while (left <= right) {
      while (room[left]! < pivot) left++
      while (room[right]! > pivot) right--
      if (left > right) break
      const kept = room[left]!
      room[left++] = room[right]!
      room[right--] = kept
    }
    if (wanted <= right) high = right
    else if (wanted >= left) low = left
    else break
  }
  return room[wanted]!
}

/** Soft values of the first half of a node: of the sum of both halves. */
function checked(soft: Int32Array, from: number, half: number, out: Int32Array, to: number): void {
  for (let place = 0; place < half; place++) {
    const a = soft[from + place]!
    const b = soft[from + half + place]!
    const least = Math.min(Math.abs(a), Math.abs(b))
    // Negative where one of both is: −x is (x ^ −1) + 1.
    const sign = (a ^ b) >> 31
    out[to + place] = (least ^ sign) - sign
  }
}

/** Soft values of the second half of a node, once the first is known. */
function added(
  soft: Int32Array,
  from: number,
  half: number,
  known: Uint8Array,
  at: number,
  out: Int32Array,
  to: number,
): void {
  for (let place = 0; place < half; place++) {
    const sign = -known[at + place]!
    out[to + place] = soft[from + half + place]! + ((soft[from + place]! ^ sign) - sign)
  }
}

/** Typed arrays' own fill costs more than most nodes are wide. */
function fill(word: Uint8Array, from: number, count: number, bit: number): void {
  for (let place = from; place < from + count; place++) word[place] = bit
}
