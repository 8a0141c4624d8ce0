import type { Change } from '../attack.ts'
import { type Clip, rewritten } from '../video-raw.ts'

const cut: Change<Clip> = {
  kind: 'change',
  name: 'cut-5',
  title: 'Five seconds from a quarter of a second on; H.264 at CRF 23',
  family: 'cut',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) =>
    rewritten(clip, {
      filters: 'trim=0.25:5.25,setpts=PTS-STARTPTS',
      soundFilters: 'atrim=0.25:5.25,asetpts=PTS-STARTPTS',
    }),
}

/** What is cut out begins between key frames, and ends before the film does. */
const middle: Change<Clip> = {
  kind: 'change',
  name: 'cut-middle',
  title: 'Two seconds from its middle; H.264 at CRF 23',
  family: 'cut',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) => {
    const from = Math.max(0, clip.seconds / 2 - 1).toFixed(3)
    const trim = `trim=start=${from}:duration=2`
    return rewritten(clip, {
      filters: `${trim},setpts=PTS-STARTPTS`,
      soundFilters: `a${trim},asetpts=PTS-STARTPTS`,
    })
  },
}

const rates = [15, 24].map(
  (rate): Change<Clip> => ({
    kind: 'change',
    name: `rate-${rate}`,
    title: `${rate} frames a second; H.264 at CRF 23`,
    family: 'speed',
    expected: 'survives',
    needs: 'ffmpeg',
    apply: (clip) => rewritten(clip, { filters: `fps=${rate}` }),
  }),
)

const faster: Change<Clip> = {
  kind: 'change',
  name: 'speed-105',
  title: 'Played 5 % faster; H.264 at CRF 23',
  family: 'speed',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) => rewritten(clip, { filters: 'setpts=PTS/1.05', soundFilters: 'atempo=1.05' }),
}
export default [cut, middle, ...rates, faster]
