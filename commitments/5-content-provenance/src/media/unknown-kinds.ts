const text = (bytes: Uint8Array, from: number, to: number): string =>
  Buffer.from(bytes.subarray(from, to)).toString('latin1')

type Stranger = { name: string; fix: string; is(bytes: Uint8Array): boolean }

const AS_PICTURE = 'Save it as PNG or JPEG, and use that.'
const AS_SOUND = 'Save it as WAV or FLAC, and use that.'
const AS_FILM = 'Save it as MP4, and use that.'

const starts = (...beginnings: string[]) => {
  return (bytes: Uint8Array): boolean =>
    beginnings.some((beginning) => text(bytes, 0, beginning.length) === beginning)
}
/** A container of the RIFF or IFF family, by the word after its length. */
const holds = (container: string, ...contents: string[]) => {
  return (bytes: Uint8Array): boolean =>
    text(bytes, 0, 4) === container && contents.includes(text(bytes, 8, 12))
}
const head = (bytes: Uint8Array): string => text(bytes, 0, 512).toLowerCase()

/** Kinds that people have and that are not taken here: told by name, with what to do, for "unknown" helps nobody. */
const STRANGERS: readonly Stranger[] = [
  { name: 'a GIF', fix: 'Save one of its pictures as PNG, or all of them as MP4.', is: starts('GIF8') },
  {
    name: 'a HEIC picture',
    fix: AS_PICTURE,
    is: (bytes) => text(bytes, 4, 8) === 'ftyp' && /^(he[iv][cxms]|mif1|msf1)$/.test(text(bytes, 8, 12)),
  },
  { name: 'a JPEG XL picture', fix: AS_PICTURE, is: starts('\xff\x0a', '\0\0\0\x0cJXL ') },
  { name: 'a Photoshop file', fix: AS_PICTURE, is: starts('8BPS') },
  { name: 'a BMP picture', fix: AS_PICTURE, is: (bytes) => /^BM.{4}\0{4}/s.test(text(bytes, 0, 10)) },
  { name: 'a PDF', fix: 'Save the picture in it by itself, and use that.', is: starts('%PDF') },
  {
    name: 'a Matroska film',
    fix: AS_FILM,
    is: (bytes) => starts('\x1aE\xdf\xa3')(bytes) && head(bytes).includes('matroska'),
  },
  { name: 'an AVI film', fix: AS_FILM, is: holds('RIFF', 'AVI ') },
  {
    name: 'a Windows Media file',
    fix: 'Save it as MP4, or sound as WAV, and use that.',
    is: starts('0&\xb2u'),
  },
  { name: 'an MPEG film', fix: AS_FILM, is: starts('\0\0\x01\xba', '\0\0\x01\xb3') },
  { name: 'a Flash film', fix: AS_FILM, is: starts('FLV') },
  { name: 'an AIFF sound', fix: AS_SOUND, is: holds('FORM', 'AIFF', 'AIFC') },
  { name: 'an AMR sound', fix: AS_SOUND, is: starts('#!AMR') },
  {
    name: 'a drawing in SVG, which is text',
    fix: 'Save it as PNG, and use that.',
    is: (bytes) => head(bytes).trimStart().startsWith('<') && head(bytes).includes('<svg'),
  },
  {
    name: 'a web page',
    fix: 'Open the picture, sound or film in it by itself, and use its own address, or save it.',
    is: (bytes) => /^\s*<(!doctype html|html|head|body)\b/.test(head(bytes).replace(/^\xef\xbb\xbf/, '')),
  },
  { name: 'an archive', fix: 'Unpack it, and use the file in it.', is: starts('PK\x03\x04') },
]

/** What a file that is of no kind taken here seems to be, if that can be told. */
export function strangerOf(bytes: Uint8Array): Pick<Stranger, 'name' | 'fix'> | undefined {
  return STRANGERS.find((stranger) => stranger.is(bytes))
}
