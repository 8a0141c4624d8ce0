import type { Samples } from '../../media/sound/samples.ts'
import type { Scheme } from '../attack.ts'

/** One sound marked so many times: what differs between the copies is the marks. */
const COPIES = 4

const collusion: Scheme<Samples> = {
  kind: 'removal',
  name: 'collusion',
  title: `${COPIES} markings of the same sound averaged`,
  expected: 'may succeed',
  files: 1,
  attempt({ files, mark }) {
    const { channels, rate } = files[0]!
    const sums = channels.map(({ length }) => new Float32Array(length))
    for (let copy = 0; copy < COPIES; copy++)
      mark(files[0]!).channels.forEach((samples, channel) => {
        const sum = sums[channel]!
        for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! + samples[at]! / COPIES
      })
    return { channels: sums, rate }
  },
}
export default [collusion]
