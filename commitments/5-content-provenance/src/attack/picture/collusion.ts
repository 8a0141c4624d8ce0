import type { Scheme } from '../attack.ts'
import type { Raw } from '../picture-raw.ts'

/** One picture marked so many times: what differs between the copies is the marks. */
const COPIES = 4

const collusion: Scheme<Raw> = {
  kind: 'removal',
  name: 'collusion',
  title: `${COPIES} markings of the same picture averaged`,
  expected: 'may succeed',
  files: 1,
  attempt({ files, mark }) {
    const picture = files[0]!
    const sum = new Float32Array(picture.pixels.length)
    for (let copy = 0; copy < COPIES; copy++) {
      const { pixels } = mark(picture)
      for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! + pixels[at]!
    }
    return { ...picture, pixels: Uint8Array.from(sum, (value) => Math.round(value / COPIES)) }
  },
}
export default [collusion]
