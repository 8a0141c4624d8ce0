import type { Change } from '../attack.ts'
import { type Clip, rewritten } from '../video-raw.ts'

/** What a site or a sharer lays over films. */
const logo: Change<Clip> = {
  kind: 'change',
  name: 'logo',
  title: 'A light box over 3 % of the picture, a line of bars below; H.264 at CRF 23',
  family: 'damage',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) =>
    rewritten(clip, {
      filters: [
        'drawbox=x=iw*0.74:y=ih*0.06:w=iw*0.2:h=ih*0.15:color=white@0.85:t=fill',
        'drawbox=x=iw*0.1:y=ih*0.88:w=iw*0.8:h=ih*0.06:color=black@0.7:t=fill',
        'drawgrid=x=iw*0.1:y=ih*0.88:w=iw*0.05:h=ih:t=2:color=yellow@0.5',
      ].join(','),
    }),
}

/** Three seconds of another film before it. */
const SECONDS = 3

const joined: Change<Clip> = {
  kind: 'change',
  name: 'joined',
  title: `${SECONDS} s of another film before it, at 25 frames a second; H.264 at CRF 23`,
  family: 'cut',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) =>
    rewritten(clip, {
      filters: [
        `[in]fps=25,setsar=1,format=yuv420p[own]`,
        `testsrc2=s=${clip.width}x${clip.height}:r=25:d=${SECONDS},setsar=1,format=yuv420p[other]`,
        '[other][own]concat[out]',
      ].join(';'),
      soundFilters: `adelay=${SECONDS * 1000}:all=1`,
    }),
}
export default [logo, joined]
