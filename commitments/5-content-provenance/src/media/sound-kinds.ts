import type { Kind } from './family.ts'

const text = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to)

/** So many tags there may be: a file could be made of nothing else, and looking over millions takes long. */
const MOST_TAGS = 16

/** Where the sound begins behind tags of ID3v2, which any of these formats may have in front; C2PA puts manifests there. */
export function behindTags(bytes: Uint8Array): number {
  let at = 0
  for (let tag = 0; tag < MOST_TAGS && text(bytes, at, at + 3) === 'ID3' && at + 10 <= bytes.length; tag++) {
    const [a, b, c, d] = bytes.subarray(at + 6, at + 10)
    if ((a! | b! | c! | d!) > 0x7f) break
    at += 10 + ((a! << 21) | (b! << 14) | (c! << 7) | d!) + (bytes[at + 5]! & 0x10 ? 10 : 0)
  }
  return at
}

/** Whether a frame of MPEG audio begins there: 12 bits of ones (11 in version 2.5), with such a layer. */
function mpeg(bytes: Uint8Array, layers: readonly number[]): boolean {
  const at = behindTags(bytes)
  const second = bytes[at + 1] ?? 0
  return bytes[at] === 0xff && (second & 0xe0) === 0xe0 && layers.includes((second >> 1) & 3)
}

/** The first packet of an Ogg stream tells its codec. */
function ogg(bytes: Uint8Array, first: string): boolean {
  if (text(bytes, 0, 4) !== 'OggS') return false
  const start = 27 + (bytes[26] ?? 0)
  return text(bytes, start, start + first.length) === first
}

/** Sound that can be marked, by its leading bytes. */
export const SOUND_KINDS: readonly Kind[] = [
  {
    name: 'wav',
    mediaType: 'audio/wav',
    endings: ['wav'],
    is: (bytes) => text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'WAVE',
  },
  {
    name: 'flac',
    mediaType: 'audio/flac',
    endings: ['flac'],
    is: (bytes) => text(bytes, behindTags(bytes), behindTags(bytes) + 4) === 'fLaC',
  },
  { name: 'mp3', mediaType: 'audio/mpeg', endings: ['mp3'], is: (bytes) => mpeg(bytes, [1, 2, 3]) },
  {
    name: 'm4a',
    mediaType: 'audio/mp4',
    endings: ['m4a'],
    is: (bytes) => text(bytes, 4, 8) === 'ftyp' && ['M4A ', 'M4B '].includes(text(bytes, 8, 12)),
  },
  {
    name: 'aac',
    mediaType: 'audio/aac',
    endings: ['aac'],
    noManifest: 'C2PA knows no place for a manifest in a bare AAC stream; M4A has one',
    is: (bytes) => mpeg(bytes, [0]),
  },
  {
    name: 'opus',
    mediaType: 'audio/ogg',
    endings: ['opus', 'ogg'],
    noManifest: 'the C2PA library cannot put a manifest into an Ogg file',
    is: (bytes) => ogg(bytes, 'OpusHead'),
  },
  {
    name: 'vorbis',
    mediaType: 'audio/ogg',
    endings: ['ogg'],
    noManifest: 'the C2PA library cannot put a manifest into an Ogg file',
    is: (bytes) => ogg(bytes, '\x01vorbis'),
  },
]
