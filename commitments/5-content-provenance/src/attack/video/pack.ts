import type { Change } from '../attack.ts'
import { type Clip, rewritten } from '../video-raw.ts'

/** The same stream of pictures in a file written anew: what was beside it is gone, the manifest first of all. */
const remuxed: Change<Clip> = {
  kind: 'change',
  name: 'remux',
  title: 'Put into another file as it is, without what stood beside it',
  family: 'none',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) => rewritten(clip, { encoder: ['-c:v', 'copy'] }),
}

/** A film that is turned when it is shown and not in its frames. */
const turned: Change<Clip> = {
  kind: 'change',
  name: 'turn-header',
  title: 'Turned by a quarter in its header alone',
  family: 'geometry',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) => rewritten(clip, { encoder: ['-c:v', 'copy', '-metadata:s:v:0', 'rotate=90'] }),
}
export default [remuxed, turned]
