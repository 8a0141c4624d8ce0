import type { Change } from '../attack.ts'
import { type Clip, rewritten } from '../video-raw.ts'

export default [36].map(
  (crf): Change<Clip> => ({
    kind: 'change',
    name: `vp9-${crf}`,
    title: `WebM: VP9 at CRF ${crf}, Opus at 96 kbit/s`,
    family: 'compression',
    expected: 'survives',
    needs: 'libvpx-vp9',
    apply: (clip) =>
      rewritten(clip, {
        container: 'webm',
        encoder: [
          ...['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuv420p', '-b:v', '0', '-crf', String(crf)],
          ...['-deadline', 'realtime', '-cpu-used', '6', '-row-mt', '1'],
        ],
      }),
  }),
)
