import { decodeSound } from '../media/sound/decode.ts'
import { type FfmpegJob, runFfmpeg } from '../media/sound/ffmpeg.ts'
import type { Samples } from '../media/sound/samples.ts'
import { writeWav } from '../media/sound/wav.ts'
import { SOUND_KINDS } from '../media/sound-kinds.ts'

/** Every channel changed by itself. */
export function eachChannel(
  { channels, rate }: Samples,
  to: (samples: Float32Array) => Float32Array,
): Samples {
  return { channels: channels.map(to), rate }
}

/** Written by this encoder of ffmpeg's, and read again by the decoders that a check reads with. */
export async function throughCodec(
  samples: Samples,
  { kind, ...job }: Pick<FfmpegJob, 'to' | 'encoder'> & { kind: string },
): Promise<Samples> {
  const input = writeWav(samples, { depth: 32, float: true })
  const bytes = await runFfmpeg({ input, from: 'wav', ...job })
  return decodeSound(bytes, SOUND_KINDS.find(({ name }) => name === kind)!)
}

/** Through a chain of ffmpeg's filters. */
export async function filtered(samples: Samples, filters: string): Promise<Samples> {
  return throughCodec(samples, { kind: 'wav', to: 'wav', encoder: ['-af', filters, '-c:a', 'pcm_f32le'] })
}

/** From one second to another, as far as there is sound. */
export function between({ channels, rate }: Samples, from: number, to: number): Samples {
  return { channels: channels.map((own) => own.slice(Math.round(from * rate), Math.round(to * rate))), rate }
}

/** Mean square over all channels. */
export function powerOf({ channels }: Samples): number {
  let [sum, count] = [0, 0]
  for (const own of channels) {
    for (const sample of own) sum += sample * sample
    count += own.length
  }
  return sum / Math.max(1, count)
}

/** Half the length of the kernel by which sound is read between its samples, in samples of the slower rate. */
const HALF = 16

/** The kernel's right half, so finely. */
const FINELY = 512
const KERNEL = Float64Array.from({ length: HALF * FINELY + 2 }, (_, at) => {
  const x = (Math.PI * at) / FINELY
  return at > HALF * FINELY ? 0 : (at === 0 ? 1 : Math.sin(x) / x) * (0.5 + 0.5 * Math.cos(x / HALF))
})

/**
 * Read so much faster than it was written: by a windowed sinc, cut off where what is above would fold. Played at the same
 * rate it is faster and higher; at a rate as much lower, it is the same sound, resampled.
 */
export function resampled(samples: Float32Array, by: number): Float32Array {
  const cut = Math.min(1, 1 / by)
  const half = HALF / cut
  const made = new Float32Array(Math.floor(samples.length / by))
  for (let n = 0; n < made.length; n++) {
    const at = n * by
    let sum = 0
    for (
      let from = Math.max(0, Math.ceil(at - half));
      from <= Math.min(samples.length - 1, at + half);
      from++
    ) {
      const x = Math.abs(from - at) * cut * FINELY
      const near = Math.floor(x)
      const tap = KERNEL[near]! + (KERNEL[near + 1]! - KERNEL[near]!) * (x - near)
      sum += samples[from]! * cut * tap
    }
    made[n] = sum
  }
  return made
}

/** A Butterworth low-pass of second order (bilinear transform). */
export function lowPassed(samples: Float32Array, rate: number, hertz: number): Float32Array {
  const w = Math.tan((Math.PI * Math.min(hertz, rate * 0.49)) / rate)
  const scale = 1 / (1 + Math.SQRT2 * w + w * w)
  const [b, a1, a2] = [w * w * scale, 2 * (w * w - 1) * scale, (1 - Math.SQRT2 * w + w * w) * scale]
  const made = new Float32Array(samples.length)
  let [x1, x2, y1, y2] = [0, 0, 0, 0]
  for (let at = 0; at < samples.length; at++) {
    const x = samples[at]!
    const y = b * (x + 2 * x1 + x2) - a1 * y1 - a2 * y2
    made[at] = y
    ;[x2, x1, y2, y1] = [x1, x, y1, y]
  }
  return made
}

/** What marking changed, all channels as one, at this rate. */
export function differenceAt(before: Samples, after: Samples, rate: number): Float32Array {
  const { length } = before.channels
  const sum = new Float32Array(before.channels[0]?.length ?? 0)
  after.channels.forEach((samples, channel) => {
    const was = before.channels[channel]!
    for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! + (samples[at]! - was[at]!) / length
  })
  return before.rate === rate ? sum : resampled(sum, before.rate / rate)
}

/** Another sound added to every channel, so many times as loud; from the beginning again where it is shorter. */
export function laidOver(sound: Samples, other: Float32Array, times: number): Samples {
  if (other.length === 0) return sound
  return eachChannel(sound, (samples) =>
    samples.map((sample, at) => Math.max(-1, Math.min(1, sample + times * other[at % other.length]!))),
  )
}
