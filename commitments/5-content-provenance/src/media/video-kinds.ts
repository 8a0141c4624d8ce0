import type { Kind } from './family.ts'

const text = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, to)

/** Brands of ISO base media that hold films; those of stills (HEIC, AVIF) and of sound alone are no concern of video. */
const MP4_BRAND =
  /^(isom|iso[2-9a-c]|mp4[12]|avc1|hvc1|dash|cmfc|MSNV|mmp4|f4v |M4V[ HP]?|3gp[4-9]|3g2[a-c]) ?$/
/** Boxes with which QuickTime files begin that are older than brands. */
const OLD_MOV = ['moov', 'mdat', 'wide', 'free', 'skip', 'pnot']

/** Films that can be marked, by their leading bytes. */
export const VIDEO_KINDS: readonly Kind[] = [
  {
    name: 'mp4',
    mediaType: 'video/mp4',
    endings: ['mp4', 'm4v'],
    is: (bytes) => text(bytes, 4, 8) === 'ftyp' && MP4_BRAND.test(text(bytes, 8, 12)),
  },
  {
    name: 'mov',
    mediaType: 'video/quicktime',
    endings: ['mov'],
    is: (bytes) =>
      (text(bytes, 4, 8) === 'ftyp' && text(bytes, 8, 12) === 'qt  ') || OLD_MOV.includes(text(bytes, 4, 8)),
  },
  {
    name: 'webm',
    mediaType: 'video/webm',
    endings: ['webm'],
    noManifest:
      'C2PA knows no place for a manifest in WebM; the register has it instead, found by watermark and look',
    is: (bytes) => text(bytes, 0, 4) === '\x1aE\xdf\xa3' && text(bytes, 4, 64).includes('\x42\x82\x84webm'),
  },
]
