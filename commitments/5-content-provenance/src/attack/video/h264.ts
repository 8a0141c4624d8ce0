import type { Change } from '../attack.ts'
import { type Clip, H264, rewritten } from '../video-raw.ts'

export default [23, 30, 40].map(
  (crf): Change<Clip> => ({
    kind: 'change',
    name: `h264-${crf}`,
    title: `H.264 at CRF ${crf}`,
    family: 'compression',
    expected: 'survives',
    needs: 'ffmpeg',
    apply: (clip) => rewritten(clip, { encoder: [...H264, '-crf', String(crf)] }),
  }),
)
