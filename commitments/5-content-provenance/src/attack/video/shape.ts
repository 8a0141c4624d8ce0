import type { Change } from '../attack.ts'
import { type Clip, rewritten } from '../video-raw.ts'

const geometry = (name: string, title: string, filters: string): Change<Clip> => ({
  kind: 'change',
  name,
  title: `${title}; H.264 at CRF 23`,
  family: 'geometry',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) => rewritten(clip, { filters }),
})

export default [
  geometry('half', 'Half the size each way', 'scale=trunc(iw/4)*2:trunc(ih/4)*2'),
  geometry('crop-75', 'Cropped to 75 % of its area', 'crop=trunc(iw*0.433)*2:trunc(ih*0.433)*2'),
  geometry('crop-90', 'Cropped to 90 % of its area', 'crop=trunc(iw*0.4743)*2:trunc(ih*0.4743)*2'),
  geometry('mirror', 'Mirrored', 'hflip'),
  geometry('turn-3', 'Turned by 3 degrees', 'rotate=3*PI/180'),
  geometry('letterbox', 'Between black bars', 'pad=iw:trunc(ih*0.65)*2:0:(oh-ih)/2'),
]
