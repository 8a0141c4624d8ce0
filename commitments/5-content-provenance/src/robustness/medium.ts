import { SOUND_WATERMARK_ALG, VIDEO_WATERMARK_ALG, WATERMARK_ALG } from '../content.ts'
import type { Kind } from '../media/family.ts'
import { PICTURE_KINDS } from '../media/picture-kinds.ts'
import { SOUND_KINDS } from '../media/sound-kinds.ts'
import { VIDEO_LIMITS } from '../media/video/limits.ts'
import { VIDEO_KINDS } from '../media/video-kinds.ts'

type Words = {
  /** Our watermark, and the rules by which it is attacked: raised whenever an attack changes what it does. */
  algorithm: string
  attacks: string
  /** How files of it are called: one, and many. */
  one: string
  many: string
  kinds: readonly Kind[]
  /** The form in which a file is worked with and handed to another's marker. */
  plain: { name: string; mediaType: string }
  /** The largest file taken, in bytes. */
  most: number
  /** By the clock, for one try; a minute where nothing is said. */
  seconds?: number
  /** Sizes, the largest first, each as a table and as a sentence has it (behind `one` or `many`). The first is what is promised of marks. */
  sizes: Readonly<Record<string, { short: string; long: string }>>
  /** How near a marked file is to the original: the measures of it, as a table has them. */
  measures: readonly Measure[]
}
export type Measure = 'psnr' | 'ssim' | 'snr'

/**
 * The media that marks are tried in. What the table needs to know of one stands here as words and numbers, free of any
 * decoder; how one is read, marked and attacked stands in `bench/<medium>.ts` and `attack/<medium>/`.
 */
export const MEDIA = {
  picture: {
    algorithm: WATERMARK_ALG,
    attacks: 'picture-attacks/v1',
    one: 'picture',
    many: 'pictures',
    kinds: PICTURE_KINDS,
    plain: { name: 'PNG', mediaType: 'image/png' },
    most: 64 * 2 ** 20,
    sizes: {
      large: { short: '≥ 0.5 MP', long: 'of half a megapixel and more' },
      quarter: { short: '≥ 0.25 MP', long: 'of a quarter of a megapixel and more' },
      small: { short: 'smaller', long: 'of less than that' },
    },
    measures: ['psnr', 'ssim'],
  },
  sound: {
    algorithm: SOUND_WATERMARK_ALG,
    attacks: 'sound-attacks/v1',
    one: 'sound',
    many: 'sounds',
    kinds: SOUND_KINDS,
    plain: { name: 'WAV', mediaType: 'audio/wav' },
    most: 128 * 2 ** 20,
    sizes: {
      long: { short: '≥ 10 s', long: 'of ten seconds and more' },
      short: { short: 'shorter', long: 'of less than ten seconds' },
    },
    measures: ['snr'],
  },
  video: {
    algorithm: VIDEO_WATERMARK_ALG,
    attacks: 'video-attacks/v2',
    one: 'film',
    many: 'films',
    kinds: VIDEO_KINDS,
    plain: { name: 'MP4', mediaType: 'video/mp4' },
    most: VIDEO_LIMITS.bytes,
    seconds: 1_200,
    sizes: {
      hd: { short: '≥ 720p', long: 'of 1280 × 720 pixels and more' },
      sd: { short: '≥ 360p', long: 'of 640 × 360 pixels and more' },
      tiny: { short: 'smaller', long: 'of fewer pixels' },
    },
    measures: ['psnr'],
  },
} as const satisfies Record<string, Words>

export type Medium = keyof typeof MEDIA
export const MEDIUM_NAMES = Object.keys(MEDIA) as Medium[]

export type Size = { [name in Medium]: keyof (typeof MEDIA)[name]['sizes'] }[Medium]
export const SIZES = MEDIUM_NAMES.flatMap((name) => sizesOf(name))

/** The sizes of a medium, the largest first. */
export function sizesOf(medium: Medium): Size[] {
  return Object.keys(MEDIA[medium].sizes) as Size[]
}

/** What the table knows of a medium, whichever it is. */
export function wordsOf(medium: Medium): Words {
  return MEDIA[medium]
}

/** The medium of a plan or result; those of the first version were of pictures, and named none. */
export function mediumOf(fields: Record<string, unknown>): Medium | undefined {
  const name = fields.medium ?? 'picture'
  return MEDIUM_NAMES.find((known) => known === name)
}
