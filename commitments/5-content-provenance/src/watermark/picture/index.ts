import { detect, inspect } from './detect.ts'
import { embed } from './embed.ts'

export type { MarkKey } from '../code/keyed.ts'
export type { Payload } from '../code/payload.ts'
export type { Detection, DetectOptions, Seen, Trace } from './detect.ts'
export type { Embedded, EmbedOptions, Pixels } from './embed.ts'
export type { Geometry } from './geometry.ts'

/** The invisible, blind, keyed watermark for pictures: pure functions on samples. */
export type PictureMark = { embed: typeof embed; detect: typeof detect; inspect: typeof inspect }

export const pictureMark: PictureMark = { embed, detect, inspect }
