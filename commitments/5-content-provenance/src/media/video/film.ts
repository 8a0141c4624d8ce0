import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import { type Mastering, masteringOf } from './hdr.ts'
import { filmWithinLimits, VIDEO_LIMITS } from './limits.ts'
import { type Container, inputOf, outputOf, start, unreadable } from './process.ts'

/** The sound of a film. */
export type FilmSound = {
  codec: string
  channels: number
  rate: number
  layout: string | undefined
  bitRate: number
}

/** A film as its headers tell: already held to the limits. */
export type Film = {
  container: Container
  file: string
  bytes: number
  width: number
  height: number
  pixelFormat: string
  /** Bits of a sample, of a film that is to be marked. */
  depth: 8 | 10
  /** What a film in HDR that is to be marked says of its brightness; absent where it says nothing. */
  mastering: Mastering | undefined
  seconds: number
  /** Counted where the file says so, else reckoned by the mean rate. */
  frames: number
  framesPerSecond: number
  turned: boolean
  subtitles: boolean
  /** ffmpeg's names for what the samples mean; absent where nothing is said. */
  colour: { range?: string; space?: string; primaries?: string; transfer?: string }
  sound: FilmSound | undefined
}

const short = z.string().max(200)
const number = z.union([z.number(), short.transform(Number)]).pipe(z.number())
const stream = z.object({
  codec_type: short.optional(),
  codec_name: short.optional(),
  codec_tag_string: short.optional(),
  width: z.int().min(0).optional(),
  height: z.int().min(0).optional(),
  pix_fmt: short.optional(),
  field_order: short.optional(),
  color_range: short.optional(),
  color_space: short.optional(),
  color_primaries: short.optional(),
  color_transfer: short.optional(),
  avg_frame_rate: short.optional(),
  nb_frames: number.optional(),
  duration: number.optional(),
  channels: z.int().min(0).optional(),
  channel_layout: short.optional(),
  sample_rate: number.optional(),
  bit_rate: number.optional(),
  disposition: z.record(z.string(), z.number()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  side_data_list: z
    .array(z.object({ side_data_type: short.optional(), rotation: z.number().optional() }))
    .max(50)
    .optional(),
})
type Stream = z.infer<typeof stream>
const probed = z.object({
  streams: z.array(stream).max(100).default([]),
  format: z.object({ duration: number.optional() }).default({}),
})

/** Seconds and bytes that telling what a film is may take. */
const PROBE_SECONDS = 20
const PROBE_BYTES = 4 * 2 ** 20

/** What a film is, by its headers. Throws `input` with the reason where it is refused, `limit` where it is too large. */
export async function readFilm(
  file: string,
  container: Container,
  bytes: number,
  purpose: 'mark' | 'look',
): Promise<Film> {
  const text = await outputOf(
    start(
      'ffprobe',
      [
        ...['-hide_banner', '-loglevel', 'error', '-max_alloc', String(256 * 2 ** 20)],
        ...['-show_streams', '-show_format', '-of', 'json', ...inputOf(file, container)],
      ],
      { seconds: PROBE_SECONDS, stdout: true },
    ),
    PROBE_BYTES,
  )
  const read = probed.safeParse(JSON.parse(text.toString('utf8')))
  if (!read.success) throw unreadable()
  const { streams, format } = read.data
  const picture = pictureOf(streams)
  const { width = 0, height = 0 } = picture
  if (width === 0 || height === 0) refuse('the picture of the film has no size', 'The file is damaged.')
  if (purpose === 'mark') {
    refuseOthers(streams)
    refusePicture(picture)
  }
  const seconds = picture.duration ?? format.duration ?? 0
  const longest = Math.max(seconds, format.duration ?? 0)
  if (!Number.isFinite(longest)) throw unreadable()
  const rate = rateOf(picture.avg_frame_rate)
  const frames = picture.nb_frames ?? Math.ceil(seconds * rate)
  filmWithinLimits({ width, height, seconds: longest, frames })
  const colour = colourOf(picture)
  const mastering =
    purpose === 'mark' && HDR.test(colour.transfer ?? '') ? await masteringOf(file, container) : undefined
  if (container === 'webm' && mastering && Object.keys(mastering).length > 0)
    refuse(
      'the film says in WebM on what screen it was made, which would be lost',
      'Give it as MP4 with H.265, or in HLG without.',
    )
  return {
    container,
    file,
    bytes,
    width,
    height,
    pixelFormat: picture.pix_fmt ?? '',
    depth: /10le$/.test(picture.pix_fmt ?? '') ? 10 : 8,
    mastering: mastering && Object.keys(mastering).length > 0 ? mastering : undefined,
    seconds,
    frames,
    framesPerSecond: rate,
    turned: (picture.side_data_list ?? []).some(({ rotation }) => rotation !== undefined && rotation !== 0),
    subtitles: streams.some(({ codec_type }) => codec_type === 'subtitle'),
    colour,
    sound: soundOf(streams),
  }
}

/** Transfers that are HDR: PQ (SMPTE ST 2084) and HLG (ARIB STD-B67). */
const HDR = /^(smpte2084|arib-std-b67)$/

function refuse(why: string, fix: string): never {
  throw new AvouchError('input', why, { fix })
}

function pictureOf(streams: readonly Stream[]): Stream {
  const [first] = streams.filter(({ codec_type }) => codec_type === 'video')
  if (first === undefined)
    refuse('there is no moving picture in the file', 'Give sound alone as WAV, FLAC, MP3, M4A or Ogg.')
  return first
}

function refuseOthers(streams: readonly Stream[]): void {
  if (streams.filter(({ codec_type }) => codec_type === 'video').length > 1)
    refuse(
      'the film holds several pictures: a cover, or more than one angle',
      'Leave one: what is not marked must not go out with what is.',
    )
  if (streams.filter(({ codec_type }) => codec_type === 'audio').length > 1)
    refuse('the film has more than one sound track', 'Make one file for each, and mark them one by one.')
  const other = streams.find(
    ({ codec_type = 'unknown' }) => !['video', 'audio', 'subtitle'].includes(codec_type),
  )
  if (other)
    refuse(
      `the film holds a stream of type ${other.codec_type ?? 'unknown'}, which would be lost`,
      'Leave it out: pictures, sound and subtitles are kept.',
    )
}

/** Planes of 8 or 10 bits whose first is the brightness. */
const TAKEN = /^(yuvj?4(20|22|44)p|yuv4(20|22|44)p10le)$/

function refusePicture(picture: Stream): void {
  const { pix_fmt: format = 'unknown', field_order: order, width = 0, height = 0 } = picture
  const least = VIDEO_LIMITS.side.least
  if (Math.min(width, height) < least)
    refuse(
      `a picture of ${width} × ${height} pixels is too small to hold a mark`,
      `Use ${least} pixels or more.`,
    )
  if (picture.side_data_list?.some(({ side_data_type }) => side_data_type?.startsWith('DOVI')))
    refuse('the film is in Dolby Vision, which would be lost', 'Convert it to HDR10, HLG or standard range.')
  if (/^(yuva|gbrap|rgba|bgra|argb|abgr|ya)/.test(format) || picture.tags?.alpha_mode === '1')
    refuse('the film has an alpha channel, which would be lost', 'Lay it over a background first.')
  if (!TAKEN.test(format))
    refuse(
      `the film has samples of type ${format}, where YUV of 8 or 10 bits is taken`,
      'Convert it to yuv420p or yuv420p10le first, of 8 or 10 bits a sample.',
    )
  if (order !== undefined && order !== 'progressive' && order !== 'unknown')
    refuse('the film is interlaced', 'Deinterlace it first.')
}

/** `30000/1001` → frames a second; 0 where nothing is said. */
function rateOf(text: string | undefined): number {
  const [above = 0, below = 1] = (text ?? '0/1').split('/').map(Number)
  const rate = above / below
  return Number.isFinite(rate) ? rate : 0
}

const NAME = /^[a-z0-9][a-z0-9_.()+-]{0,39}$/i

function colourOf({ color_range, color_space, color_primaries, color_transfer }: Stream): Film['colour'] {
  const told = (name: string | undefined): name is string =>
    name !== undefined && name !== 'unknown' && name !== 'reserved' && NAME.test(name)
  return {
    ...(told(color_range) && { range: color_range }),
    ...(told(color_space) && { space: color_space }),
    ...(told(color_primaries) && { primaries: color_primaries }),
    ...(told(color_transfer) && { transfer: color_transfer }),
  }
}

function soundOf(streams: readonly Stream[]): FilmSound | undefined {
  const sound = streams.find(({ codec_type }) => codec_type === 'audio')
  if (sound === undefined) return undefined
  const {
    codec_name: codec = '',
    channels = 0,
    sample_rate: rate = 0,
    channel_layout: layout,
    bit_rate: bits,
  } = sound
  if (!(channels >= 1 && channels <= 8) || !(rate >= 8_000 && rate <= 192_000))
    refuse(
      `sound of ${channels} channels and ${rate} samples a second is not taken`,
      'Use 1 to 8 channels, 8 to 192 kHz.',
    )
  return {
    codec,
    channels,
    rate,
    layout: layout !== undefined && layout !== 'unknown' && NAME.test(layout) ? layout : undefined,
    bitRate: bits !== undefined && Number.isFinite(bits) ? bits : 128_000,
  }
}
