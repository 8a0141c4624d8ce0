import type { Samples } from '../../media/sound/samples.ts'
import type { Change } from '../attack.ts'
import { throughCodec } from '../sound-raw.ts'

/** Each with its encoder in ffmpeg, and the lowest rate in kbit/s at which marks are to survive. */
const CODECS = [
  { codec: 'AAC', kind: 'm4a', to: 'ipod', encoder: 'aac', least: 64 },
  { codec: 'MP3', kind: 'mp3', to: 'mp3', encoder: 'libmp3lame', least: 64 },
  { codec: 'Opus', kind: 'opus', to: 'opus', encoder: 'libopus', least: 32 },
] as const

export default CODECS.flatMap(({ codec, kind, to, encoder, least }) =>
  [128, 64, 32].map(
    (kilobits): Change<Samples> => ({
      kind: 'change',
      name: `${codec.toLowerCase()}-${kilobits}`,
      title: `${codec} at ${kilobits} kbit/s`,
      family: 'compression',
      expected: kilobits < least ? 'may be lost' : 'survives',
      needs: 'ffmpeg',
      apply: (sound) => throughCodec(sound, { kind, to, encoder: ['-c:a', encoder, '-b:a', `${kilobits}k`] }),
    }),
  ),
)
