import type { Change } from '../attack.ts'
import { type Clip, rewritten } from '../video-raw.ts'

export default [28].map(
  (crf): Change<Clip> => ({
    kind: 'change',
    name: `h265-${crf}`,
    title: `H.265 at CRF ${crf}`,
    family: 'compression',
    expected: 'survives',
    needs: 'libx265',
    apply: (clip) =>
      rewritten(clip, {
        encoder: [
          ...['-c:v', 'libx265', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-tag:v', 'hvc1'],
          ...['-x265-params', 'log-level=none', '-crf', String(crf)],
        ],
      }),
  }),
)
