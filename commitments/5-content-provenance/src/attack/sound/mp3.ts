import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { throughCodec } from '../sound-raw.ts'

export default [128, 64, 32].map(
  (kilobits): Change<Samples> => ({
    kind: 'change',
    name: `mp3-${kilobits}`,
    title: `MP3 at ${kilobits} kbit/s`,
    family: 'compression',
    expected: kilobits < 64 ? 'may be lost' : 'survives',
    needs: 'ffmpeg',
    apply: (sound) =>
      throughCodec(sound, {
        kind: 'mp3',
        to: 'mp3',
        encoder: ['-c:a', 'libmp3lame', '-b:a', `${kilobits}k`],
      }),
  }),
)
