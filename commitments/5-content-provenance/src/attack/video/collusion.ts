import type { Scheme } from '../attack.ts'
import { type Clip, woven } from '../video-raw.ts'

/** One film marked so many times: what differs between the copies is the marks, and where they lie. */
const COPIES = 4

const collusion: Scheme<Clip, Promise<Clip>> = {
  kind: 'removal',
  name: 'collusion',
  title: `${COPIES} markings of the same film averaged`,
  expected: 'may succeed',
  files: 1,
  async attempt({ files, mark }) {
    const copies: Clip[] = []
    // one after the other: a film's frames are many
    for (let copy = 0; copy < COPIES; copy++) copies.push(await mark(files[0]!))
    const all = (stream: 'v' | 'a') => copies.map((_, at) => `[${at}:${stream}]`).join('')
    return woven(
      copies,
      [`${all('v')}mix=inputs=${COPIES}:duration=shortest,format=yuv420p[out]`],
      `${all('a')}amix=inputs=${COPIES}:duration=shortest[heard]`,
    )
  },
}
export default [collusion]
