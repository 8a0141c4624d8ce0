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

const rate: Change<Clip> = {
  kind: 'change',
  name: 'rate-15',
  title: '15 frames a second; H.264 at CRF 23',
  family: 'speed',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) => rewritten(clip, { filters: 'fps=15' }),
}

const faster: Change<Clip> = {
  kind: 'change',
  name: 'speed-105',
  title: 'Played 5 % faster; H.264 at CRF 23',
  family: 'speed',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) => rewritten(clip, { filters: 'setpts=PTS/1.05', soundFilters: 'atempo=1.05' }),
}
export default [cut, rate, faster]
