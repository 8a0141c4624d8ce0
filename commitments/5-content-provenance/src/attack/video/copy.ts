import type { Scheme } from '../attack.ts'
import { type Clip, woven } from '../video-raw.ts'

/** Laid on more thickly than it was, for it must drown what the other film has there. */
const STRENGTH = 2

/** Who had a film marked has what marking changed in each of its frames, and adds that to the frames of another film. */
const copy: Scheme<Clip, Promise<Clip>> = {
  kind: 'forgery',
  name: 'copy',
  title: 'What marking changed in one film, added to another of its size',
  expected: 'fails',
  files: 2,
  async attempt({ files, mark }) {
    const [one, other] = [files[0]!, files[1]!]
    return woven(
      [await mark(one), one, other],
      [
        '[0:v]format=yuv420p[marked]',
        '[1:v]format=yuv420p[plain]',
        // A − B + 128, and that added to the other film again
        '[marked][plain]blend=c0_mode=grainextract:c1_expr=128:c2_expr=128:shortest=1[fine]',
        `[fine]lutyuv=y=clip(128+(val-128)*${STRENGTH}\\,0\\,255)[mark]`,
        '[2:v]format=yuv420p[target]',
        '[target][mark]scale2ref=flags=bicubic[shaped][laid]',
        '[shaped][laid]blend=c0_mode=grainmerge:c1_mode=normal:c2_mode=normal:shortest=1[out]',
      ],
    )
  },
}
export default [copy]
