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

/** The fine detail that 50 frames have in common is taken for the mark and taken away from each of them. */
const common: Change<Clip> = {
  kind: 'change',
  name: 'common-50',
  title: 'What 50 frames have in common taken away, to remove the mark; H.264 at CRF 23',
  family: 'damage',
  expected: 'may be lost',
  needs: 'ffmpeg',
  apply: (clip) =>
    rewritten(clip, {
      filters: [
        'format=yuv420p,split=3[whole][fine][soft]',
        '[soft]gblur=sigma=2[low]',
        // A − B + 128, and the same again with the mean of 50 such frames
        '[fine][low]blend=c0_mode=grainextract,tmix=frames=50[mean]',
        '[whole][mean]blend=c0_mode=grainextract',
      ].join(';'),
    }),
}
export default [mixed, common]
