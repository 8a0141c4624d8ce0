import { copyFile, readFile, stat } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import { filmGlance, packFilm } from '../fingerprint/film.ts'
import { soundLookOf, soundViewOf } from '../fingerprint/sound.ts'
import { detectInRuns } from '../watermark/picture/series.ts'
import { detectInSpectra, type Spectra } from '../watermark/sound/index.ts'
import type {
  FoundMark,
  InspectedMedia,
  InspectRequest,
  Kind,
  MarkedFile,
  MarkedMedia,
  MarkRequest,
} from './family.ts'
import type { OnDisk } from './on-disk.ts'
import { roomFor } from './room.ts'
import { type Film, readFilm } from './video/film.ts'
import { withFolder } from './video/folder.ts'
import { VIDEO_LIMITS } from './video/limits.ts'
import { keepTurn } from './video/matrix.ts'
import { containerOf } from './video/process.ts'
import { rewriteFilm } from './video/rewrite.ts'
import { sampleRuns } from './video/samples.ts'
import { type MarkedTrack, markTrack, spectraIn } from './video/track.ts'

/**
 * Marks the frames of a film and its sound, under the same content id, and reads both back out of the very bytes it
 * returns. Where the frames hold no mark, the film comes back as it was and says that the watermark is missing; where only
 * the sound holds none, that is said beside.
 */
export function markVideo(bytes: Uint8Array, kind: Kind, request: MarkRequest): Promise<MarkedMedia> {
  return withFolder(bytes, async (file, folder) => {
    const source = { file, size: bytes.length }
    const { file: written, ...marked } = await markFilm(source, folder, { kind, request, held: 3 })
    return { ...marked, bytes: written === file ? bytes : new Uint8Array(await readFile(written)) }
  })
}

/** Where the film lies in a file of its own already. */
const NOTHING = new Uint8Array()

/** The same of a film that lies in a file, into another: no more of it is held than a frame and what stands beside. */
export function markVideoFile(
  source: OnDisk,
  kind: Kind,
  request: MarkRequest,
  out: string,
): Promise<MarkedFile> {
  return withFolder(NOTHING, async (_, folder) => {
    const { file: written, ...marked } = await markFilm(source, folder, { kind, request, held: 0 })
    await copyFile(written, out)
    return marked
  })
}

/** `held`: how often the bytes of the film are held beside. `file` is the marked one, or the one given. */
async function markFilm(
  { file, size }: OnDisk,
  folder: string,
  { kind, request, held }: { kind: Kind; request: MarkRequest; held: number },
): Promise<MarkedFile & { file: string }> {
  const film = await readFilm(file, containerOf(kind.name), size, 'mark')
  if (film.turned && film.container === 'webm')
    throw new AvouchError('input', 'the film is turned by its header, which WebM cannot keep here', {
      fix: 'Turn its frames instead.',
    })
  await roomFor(roomOf(film, held))
  const { sound } = film
  const track: MarkedTrack | undefined = sound && (await markTrack({ ...film, sound }, folder, request))
  const kept = track && 'missing' in track ? file : track?.file
  const rewritten = await rewriteFilm(film, kept, folder, request)
  if ((await stat(rewritten.file)).size > VIDEO_LIMITS.bytes)
    throw new AvouchError('limit', `the film, written anew, has more than ${VIDEO_LIMITS.bytes} bytes`, {
      fix: 'Use a smaller or shorter film, or mark it in parts.',
    })
  if (film.turned) await keepTurn(film.file, rewritten.file)
  const { service, contentId } = request.payload
  const written = await look(
    { ...film, file: rewritten.file, frames: rewritten.frames },
    request.key,
    'intact',
  )
  const { hash, quality } = rewritten.glance.hash()
  const seen = {
    width: film.width,
    height: film.height,
    milliseconds: Math.round(film.seconds * 1000),
    hash,
    quality,
    layout: packFilm(rewritten.glance.view(), written.spectra && soundLookOf(written.spectra)),
  }
  if (written.picture?.contentId !== contentId || written.picture.service !== service)
    return {
      file,
      watermark: {
        state: 'missing',
        why: `a film of ${film.width} × ${film.height} pixels like this one is too small or too plain to hold it`,
      },
      look: seen,
    }
  return {
    file: rewritten.file,
    watermark: {
      state: 'embedded',
      psnr: Math.round(rewritten.psnr * 100) / 100,
      sound: soundLayer(track, written.sound, request.payload),
    },
    look: seen,
  }
}

function soundLayer(
  track: MarkedTrack | undefined,
  found: FoundMark | undefined,
  { service, contentId }: MarkRequest['payload'],
) {
  if (track === undefined) return { state: 'missing' as const, why: 'the film has no sound' }
  if ('missing' in track) return { state: 'missing' as const, why: track.missing }
  if (found?.contentId !== contentId || found.service !== service)
    return { state: 'missing' as const, why: 'it could not be read back out of the film' }
  return { state: 'embedded' as const, snr: Math.round(track.snr * 100) / 100 }
}

/** What a film takes outside of the heap: itself, read and written; runs of frames; its sound as spectra. */
function roomOf({ bytes, width, height, seconds }: Film, held: number): number {
  return held * bytes + 80 * width * height + 120_000 * seconds
}

/** Looks at frames from all over a film and at its whole sound. */
export function inspectVideo(
  bytes: Uint8Array,
  kind: Kind,
  request: InspectRequest,
): Promise<InspectedMedia> {
  return withFolder(bytes, (file) => inspectFilm({ file, size: bytes.length }, kind, { ...request, held: 3 }))
}

/** The same of a film that lies in a file. */
export function inspectVideoFile(
  source: OnDisk,
  kind: Kind,
  request: InspectRequest,
): Promise<InspectedMedia> {
  return inspectFilm(source, kind, { ...request, held: 0 })
}

async function inspectFilm(
  { file, size }: OnDisk,
  kind: Kind,
  { key, geometry = 'blind', held }: InspectRequest & { held: number },
): Promise<InspectedMedia> {
  const film = await readFilm(file, containerOf(kind.name), size, 'look')
  await roomFor(roomOf(film, held))
  const { picture, sound, spectra, glance } = await look(film, key, geometry)
  const { hash, quality } = glance.hash()
  const mark = picture ?? sound
  return {
    look: {
      width: film.width,
      height: film.height,
      milliseconds: Math.round(film.seconds * 1000),
      hash,
      quality,
      layout: packFilm(glance.view(), spectra && soundLookOf(spectra)),
    },
    mark: mark && { ...mark, layers: layersOf(picture, sound) },
    view: { hashes: glance.view(), sound: spectra && soundViewOf(spectra, sound?.speed) },
  }
}

function layersOf(picture: FoundMark | undefined, sound: FoundMark | undefined): FoundMark['layers'] {
  if (picture === undefined) return 'sound'
  if (sound === undefined) return 'frames'
  return sound.contentId === picture.contentId ? 'frames and sound' : 'frames, the sound of other content'
}

async function look(film: Film, key: Uint8Array, geometry: 'intact' | 'blind') {
  const glance = filmGlance()
  const runs = await sampleRuns(film, (frame) => glance.add(frame))
  const seen = detectInRuns(runs, key, { geometry })
  const picture = seen && plain(seen, seen.geometry)
  const spectra: Spectra | undefined = film.sound && (await spectraIn(film.file, film.container))
  const heard = spectra && detectInSpectra(spectra, key, { geometry })
  const sound = heard && { ...plain(heard, { scale: 1, rotation: 0, mirrored: false }), speed: heard.speed }
  return { glance, picture, sound, spectra }
}

function plain(
  { service, contentId, confidence, bitErrors }: Omit<FoundMark, 'scale' | 'rotation' | 'mirrored'>,
  { scale, side, rotation, mirrored }: Pick<FoundMark, 'scale' | 'side' | 'rotation' | 'mirrored'>,
): FoundMark {
  return { service, contentId, confidence, bitErrors, scale, ...(side && { side }), rotation, mirrored }
}
