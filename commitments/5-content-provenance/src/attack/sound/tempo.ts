import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { filtered } from '../sound-raw.ts'

export default [
  { by: 1.05, name: 'tempo-105', title: '5 % faster at the same pitch' },
  { by: 0.95, name: 'tempo-95', title: '5 % slower at the same pitch' },
].map(
  ({ by, name, title }): Change<Samples> => ({
    kind: 'change',
    name,
    title,
    family: 'speed',
    expected: 'survives',
    needs: 'ffmpeg',
    apply: (sound) => filtered(sound, `atempo=${by}`),
  }),
)
