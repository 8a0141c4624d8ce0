import type { Change } from '../attack.ts'
import { type Clip, rewritten } from '../video-raw.ts'

/** Neighbouring frames mixed: what stands still stays, what moves is blurred. */
const mixed: Change<Clip> = {
  kind: 'change',
  name: 'mix-3',
  title: 'Each three frames averaged; H.264 at CRF 23',
  family: 'filter',
  expected: 'survives',
  needs: 'ffmpeg',
  apply: (clip) => rewritten(clip, { filters: 'tmix=frames=3' }),
}

/** The fine detail that frames have in common, over so many, is taken for the mark and taken away from each of them. */
const common = (frames: number, expected: Change['expected']): Change<Clip> => ({
  kind: 'change',
  name: `common-${frames}`,
  title: `What ${frames} frames have in common taken away, to remove the mark; H.264 at CRF 23`,
  family: 'damage',
  expected,
  needs: 'ffmpeg',
  apply: (clip) =>
    rewritten(clip, {
      filters: [
        'format=yuv420p,split=3[whole][fine][soft]',
        '[soft]gblur=sigma=2[low]',
        "[fine][low]blend=c0_expr='A-B+128':c1_expr='128':c2_expr='128'[detail]",
        `[detail]tmix=frames=${frames}[mean]`,
        "[whole][mean]blend=c0_expr='A-B+128':c1_expr='A':c2_expr='A'",
      ].join(';'),
    }),
})
export default [mixed, common(50, 'may be lost'), common(500, 'may be lost')]
