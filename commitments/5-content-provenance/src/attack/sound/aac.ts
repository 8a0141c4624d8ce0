import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { throughCodec } from '../sound-raw.ts'

export default [128, 64, 32].map(
  (kilobits): Change<Samples> => ({
    kind: 'change',
    name: `aac-${kilobits}`,
    title: `AAC at ${kilobits} kbit/s`,
    family: 'compression',
    expected: kilobits < 64 ? 'may be lost' : 'survives',
    needs: 'ffmpeg',
    apply: (sound) =>
      throughCodec(sound, { kind: 'm4a', to: 'ipod', encoder: ['-c:a', 'aac', '-b:a', `${kilobits}k`] }),
  }),
)
