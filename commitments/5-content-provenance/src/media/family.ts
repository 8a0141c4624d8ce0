import type { FilmView } from '../fingerprint/film.ts'
import type { Plane } from '../fingerprint/shrink.ts'
import type { SoundView } from '../fingerprint/sound.ts'
import type { Payload } from '../watermark/picture/index.ts'
import type { OnDisk } from './on-disk.ts'

/** A format, told from a file's own bytes; its name and what somebody says of it count for nothing. */
export type Kind = {
  /** `jpeg`, `png` …: stable, used in the register and in evidence. */
  name: string
  mediaType: string
  /** File endings, the usual one first. */
  endings: readonly string[]
  /** Why such a file can hold no C2PA manifest, where that is so. */
  noManifest?: string
  is(bytes: Uint8Array): boolean
}

export type MarkRequest = { payload: Payload; key: Uint8Array }

/** How far the change stays below what may be (PSNR, pictures) or below what is (SNR, sound), in dB. */
export type Embedded =
  | { state: 'embedded'; psnr: number; sound?: EmbeddedSound }
  | { state: 'embedded'; snr: number }
/** The mark in the sound of a film. */
export type EmbeddedSound = { state: 'embedded'; snr: number } | { state: 'missing'; why: string }

export type MarkedMedia = {
  bytes: Uint8Array
  watermark: Embedded | { state: 'missing'; why: string }
  look: Look
}

/** What was marked and stands in a file. */
export type MarkedFile = Omit<MarkedMedia, 'bytes'>

export type InspectRequest = { key: Uint8Array; geometry?: 'intact' | 'blind' }

/** What a mark reads as, and what was done to the shape of the content since. */
export type FoundMark = Payload & {
  /** Bits of evidence against chance. */
  confidence: number
  /** Of `bits` read, how many were wrong before correction. */
  bitErrors: number
  /** Guessed from its size now: see `side`. */
  scale: number
  /** Of a picture: how many pixels a side of the mark's tiles takes now, by which `scaleFrom` tells better. */
  side?: number
  rotation: number
  mirrored: boolean
  /** Of sound: how much faster and higher it plays. */
  speed?: { time: number; pitch: number }
  /** Of a film: where it was read. */
  layers?: 'frames' | 'sound' | 'frames and sound' | 'frames, the sound of other content'
}

/** What is left of a mark that cannot be read: chance explains it no more than a mark, but it names no content. */
export type FoundTrace = {
  /** Bits of evidence against chance. */
  confidence: number
}

/** `view`: the picture's brightness, perhaps smaller, or the run of sound, or both, to compare with what is registered. */
export type InspectedMedia = {
  look: Look
  mark: FoundMark | undefined
  /** Told of pictures and sound, where there is no mark. */
  trace?: FoundTrace
  view: Plane | SoundView | FilmView
}

/** The size of a picture, the length of sound; both for moving pictures. */
export type Extent = { width?: number; height?: number; milliseconds?: number }

/** How content looks or sounds, as far as that is kept: see `fingerprint/`. */
export type Look = Extent & {
  /** 256 bits. */
  hash: Uint8Array
  /** How much detail the hash rests on, 0 … 100; a plain surface has none. */
  quality: number
  /** The layout map of a picture, the rows of sound, both of a film's frames and sound; empty for what has none. */
  layout: Uint8Array
}

/**
 * A family of media: pictures, sound, video. `mark` and `inspect` run in a content process, on bytes of strangers; both
 * throw `input` with the reason where they refuse, and `limit` where the file is too large.
 */
export type Family = {
  name: string
  kinds: readonly Kind[]
  /** The largest file taken, in bytes. */
  most: number
  /** Seconds by the clock that may be taken for a file; a minute where nothing is said. What takes longer has a process of its own. */
  secondsFor?(bytes: Uint8Array, kind: Kind): { mark: number; inspect: number } | undefined
  mark(bytes: Uint8Array, kind: Kind, request: MarkRequest): Promise<MarkedMedia>
  inspect(bytes: Uint8Array, kind: Kind, request: InspectRequest): Promise<InspectedMedia>
  /** The same of content that need not be held: `mark` writes to `out`. Where there is none, all bytes are read. */
  markFile?(source: OnDisk, kind: Kind, request: MarkRequest, out: string): Promise<MarkedFile>
  inspectFile?(source: OnDisk, kind: Kind, request: InspectRequest): Promise<InspectedMedia>
}
