import { CODE_BITS, CODE_STAGES } from './polar.ts'

/**
 * Decodes soft values by successive cancellation with a list (Tal and Vardy, 2015; metric by Balatsoukas-Stimming and
 * others, 2015).
 *
 * @param soft 512 log-likelihood ratios at any common scale: positive where the bit is rather 0
 * @param places the places that carry bits, ascending
 * @param listSize how many paths are kept, a power of two
 * @returns the bits of every surviving path, the likeliest first
 */
export function decodePolar(soft: Float32Array, places: Uint16Array, listSize: number): Uint8Array[] {
  const carries = new Uint8Array(CODE_BITS)
  for (const place of places) carries[place] = 1
  const paths = new Paths(listSize, places.length)
  paths.layers[0]!.soft.set(soft)
  let index = 0
  for (let place = 0; place < CODE_BITS; place++) {
    paths.advance(place)
    if (carries[place]) paths.fork(index++)
    else paths.freeze()
    paths.settle(place)
  }
  return paths.ranked()
}

/** The soft values and partial sums of one stage: `listSize` buffers, shared by paths until one of them writes. */
type Layer = {
  width: number
  soft: Float32Array
  /** Two partial sums, left and right, of `width` bits each. */
  sums: Uint8Array
  /** Which buffer a path uses, and how many paths use a buffer. */
  bufferOf: Int8Array
  users: Uint8Array
}

class Paths {
  readonly layers: Layer[]
  private readonly size: number
  private readonly metric: Float64Array
  private readonly bits: Uint8Array[]
  private readonly decided: Uint8Array
  private live: number[] = [0]
  private spare: number[]

  constructor(size: number, count: number) {
    this.size = size
    this.metric = new Float64Array(size)
    this.bits = Array.from({ length: size }, () => new Uint8Array(count))
    this.decided = new Uint8Array(size)
    this.spare = Array.from({ length: size - 1 }, (_, index) => size - 1 - index)
    this.layers = Array.from({ length: CODE_STAGES + 1 }, (_, stage) => {
      const width = CODE_BITS >> stage
      // The first layer is the received word, which no path writes.
      const buffers = stage === 0 ? 1 : size
      const users = new Uint8Array(buffers)
      users[0] = 1
      return {
        width,
        soft: new Float32Array(buffers * width),
        sums: new Uint8Array(buffers * width * 2),
        bufferOf: new Int8Array(size),
        users,
      }
    })
  }

  /** Computes the soft value of this place for every path: only the stages below the lowest set bit have changed. */
  advance(place: number): void {
    const first = place === 0 ? 1 : CODE_STAGES - trailingZeros(place)
    for (let stage = first; stage <= CODE_STAGES; stage++) {
      const right = (place >> (CODE_STAGES - stage)) & 1
      const above = this.layers[stage - 1]!
      const layer = this.layers[stage]!
      for (const path of this.live) {
        const from = (stage === 1 ? 0 : above.bufferOf[path]!) * above.width
        const sums = layer.bufferOf[path]! * layer.width * 2
        const buffer = own(layer, path, right === 1)
        if (right) this.addSide(layer, above.soft, from, sums, buffer * layer.width)
        else this.checkSide(layer, above.soft, from, buffer * layer.width)
      }
    }
  }

  private checkSide({ width, soft }: Layer, above: Float32Array, from: number, to: number): void {
    for (let at = 0; at < width; at++) {
      const a = above[from + at]!
      const b = above[from + width + at]!
      const least = Math.min(Math.abs(a), Math.abs(b))
      soft[to + at] = a < 0 !== b < 0 ? -least : least
    }
  }

  private addSide(layer: Layer, above: Float32Array, from: number, sums: number, to: number): void {
    const { width, soft, sums: known } = layer
    for (let at = 0; at < width; at++) {
      const a = above[from + at]!
      const b = above[from + width + at]!
      soft[to + at] = known[sums + at] ? b - a : b + a
    }
  }

  /** A place that is known to be 0. */
  freeze(): void {
    const layer = this.layers[CODE_STAGES]!
    for (const path of this.live) {
      const soft = layer.soft[layer.bufferOf[path]!]!
      this.decided[path] = 0
      if (soft < 0) this.metric[path]! -= soft
    }
  }

  /** A place that carries bit `index`: every path goes both ways, and the best are kept. */
  fork(index: number): void {
    const layer = this.layers[CODE_STAGES]!
    const ways = this.live.flatMap((path) => {
      const soft = layer.soft[layer.bufferOf[path]!]!
      const likely = soft < 0 ? 1 : 0
      const metric = this.metric[path]!
      return [
        { path, bit: likely, metric },
        { path, bit: 1 - likely, metric: metric + Math.abs(soft) },
      ]
    })
    const kept = ways.length > this.size ? ways.sort((a, b) => a.metric - b.metric).slice(0, this.size) : ways
    const uses = new Uint8Array(this.size)
    for (const { path } of kept) uses[path]!++
    for (const path of this.live) if (uses[path] === 0) this.drop(path)
    this.live = []
    const taken = new Uint8Array(this.size)
    for (const { path, bit, metric } of kept) {
      const target = taken[path]!++ === 0 ? path : this.copy(path, index)
      this.live.push(target)
      this.metric[target] = metric
      this.decided[target] = bit
      this.bits[target]![index] = bit
    }
  }

  /** Carries the decided bits up as partial sums as far as they are complete. */
  settle(place: number): void {
    for (const path of this.live) {
      const last = this.layers[CODE_STAGES]!
      last.sums[own(last, path, true) * 2 + (place & 1)] = this.decided[path]!
    }
    for (let stage = CODE_STAGES; stage > 1 && (place >> (CODE_STAGES - stage)) & 1; stage--) {
      const layer = this.layers[stage]!
      const above = this.layers[stage - 1]!
      const side = ((place >> (CODE_STAGES - stage + 1)) & 1) * above.width
      for (const path of this.live) {
        const from = layer.bufferOf[path]! * layer.width * 2
        const to = own(above, path, true) * above.width * 2 + side
        for (let at = 0; at < layer.width; at++) {
          const rightSum = layer.sums[from + layer.width + at]!
          above.sums[to + at] = layer.sums[from + at]! ^ rightSum
          above.sums[to + layer.width + at] = rightSum
        }
      }
    }
  }

  ranked(): Uint8Array[] {
    return this.live.toSorted((a, b) => this.metric[a]! - this.metric[b]!).map((path) => this.bits[path]!)
  }

  private copy(path: number, index: number): number {
    const target = this.spare.pop()!
    for (let stage = 1; stage <= CODE_STAGES; stage++) {
      const layer = this.layers[stage]!
      const buffer = layer.bufferOf[path]!
      layer.bufferOf[target] = buffer
      layer.users[buffer]!++
    }
    this.bits[target]!.set(this.bits[path]!.subarray(0, index))
    return target
  }

  private drop(path: number): void {
    for (let stage = 1; stage <= CODE_STAGES; stage++) {
      const layer = this.layers[stage]!
      layer.users[layer.bufferOf[path]!]!--
    }
    this.spare.push(path)
  }
}

/** The path's buffer, its own from now on; what it held is kept if asked. */
function own(layer: Layer, path: number, keep: boolean): number {
  const buffer = layer.bufferOf[path]!
  if (layer.users[buffer] === 1) return buffer
  const free = layer.users.indexOf(0)
  layer.users[buffer]!--
  layer.users[free] = 1
  layer.bufferOf[path] = free
  const { width } = layer
  if (keep) layer.soft.copyWithin(free * width, buffer * width, (buffer + 1) * width)
  layer.sums.copyWithin(free * width * 2, buffer * width * 2, (buffer + 1) * width * 2)
  return free
}

function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value)
}
