import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { throughCodec } from '../sound-raw.ts'

export default [128, 64, 32].map(
  (kilobits): Change<Samples> => ({
    kind: 'change',
    name: `opus-${kilobits}`,
    title: `Opus at ${kilobits} kbit/s`,
    family: 'compression',
    expected: 'survives',
    needs: 'ffmpeg',
    apply: (sound) =>
      throughCodec(sound, { kind: 'opus', to: 'opus', encoder: ['-c:a', 'libopus', '-b:a', `${kilobits}k`] }),
  }),
)
