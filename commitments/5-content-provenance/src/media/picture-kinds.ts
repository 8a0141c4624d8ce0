import type { Kind } from './family.ts'

const text = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to)

const starts = (bytes: Uint8Array, ...head: number[]): boolean =>
  head.every((byte, index) => bytes[index] === byte)

/** Pictures that can be marked, by their leading bytes. */
export const PICTURE_KINDS: readonly Kind[] = [
  {
    name: 'jpeg',
    mediaType: 'image/jpeg',
    endings: ['jpg', 'jpeg'],
    is: (bytes) => starts(bytes, 0xff, 0xd8, 0xff),
  },
  {
    name: 'png',
    mediaType: 'image/png',
    endings: ['png'],
    is: (bytes) => starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
  },
  {
    name: 'webp',
    mediaType: 'image/webp',
    endings: ['webp'],
    is: (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WEBP',
  },
  {
    name: 'avif',
    mediaType: 'image/avif',
    endings: ['avif'],
    is: (bytes) => text(bytes, 4, 8) === 'ftyp' && ['avif', 'avis'].includes(text(bytes, 8, 12)),
  },
  {
    name: 'tiff',
    mediaType: 'image/tiff',
    endings: ['tif', 'tiff'],
    is: (bytes) =>
      starts(bytes, 0x49, 0x49, 0x2a, 0) ||
      starts(bytes, 0x4d, 0x4d, 0, 0x2a) ||
      starts(bytes, 0x49, 0x49, 0x2b, 0) ||
      starts(bytes, 0x4d, 0x4d, 0, 0x2b),
  },
]

/** Whether a PNG holds frames (APNG), which decoders of stills pass over in silence. */
export function isAnimatedPng(bytes: Uint8Array): boolean {
  for (let at = 8; at + 8 <= bytes.length; ) {
    const length = Buffer.from(bytes.buffer, bytes.byteOffset + at, 4).readUInt32BE()
    const name = text(bytes, at + 4, at + 8)
    if (name === 'acTL') return true
    if (name === 'IDAT') return false
    at += length + 12
  }
  return false
}

/** Whether a WebP is coded without loss. */
export function isLosslessWebp(bytes: Uint8Array): boolean {
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = text(bytes, at, at + 4)
    if (name === 'VP8L') return true
    if (name === 'VP8 ') return false
    const length = Buffer.from(bytes.buffer, bytes.byteOffset + at + 4, 4).readUInt32LE()
    at += 8 + length + (length % 2)
  }
  return false
}

/**
 * The quality, 1 … 100, at which the Independent JPEG Group's encoder would have written this picture's first
 * quantisation table; 92 where there is none to tell by.
 */
export function jpegQuality(bytes: Uint8Array): number {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1]!
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!
    if (marker === 0xda) break
    if (marker === 0xdb && bytes[at + 4] === 0 && at + 5 + 64 <= bytes.length) {
      // the sum of the luminance table of ITU-T T.81, annex K, at quality 50, is 3688
      let sum = 0
      for (let index = 0; index < 64; index++) sum += bytes[at + 5 + index]!
      const scale = (sum * 100) / 3688
      const quality = scale <= 100 ? (200 - scale) / 2 : 5000 / scale
      return Math.round(Math.max(1, Math.min(100, quality)))
    }
    at += 2 + length
  }
  return 92
}
