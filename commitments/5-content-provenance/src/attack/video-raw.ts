import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readFilm } from '../media/video/film.ts'
import { withFolder } from '../media/video/folder.ts'
import { VIDEO_LIMITS } from '../media/video/limits.ts'
import { beginning, type Container, inputOf, start } from '../media/video/process.ts'

/** A film as a file, since its frames together are too many to be held. */
export type Clip = {
  bytes: Uint8Array
  container: Container
  width: number
  height: number
  seconds: number
}

/** Seconds by the clock and of processor that one change of a film may take. */
const SECONDS = 500

export type Rewriting = {
  /** Filters of the picture, and of the sound. */
  filters?: string
  soundFilters?: string
  /** How the picture is coded; H.264 at CRF 23 where nothing is said. */
  encoder?: readonly string[]
  container?: Container
  /** What goes before the input: where it is to begin. */
  from?: readonly string[]
}

export const H264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p'] as const

/** Through ffmpeg, picture and sound, as it usually happens to films: nothing but these two stays. */
export async function rewritten(
  clip: Clip,
  { filters, soundFilters, encoder = [...H264, '-crf', '23'], container: to = 'mp4', from = [] }: Rewriting,
): Promise<Clip> {
  const { bytes, container } = clip
  const made = await withFolder(bytes, async (file, folder) => {
    const target = join(folder, 'out')
    await start(
      'ffmpeg',
      [
        ...[...beginning(SECONDS), ...from, ...inputOf(file, container)],
        ...['-map', '0:v:0', '-map', '0:a:0?', '-sn', '-dn', '-map_metadata', '-1'],
        ...(filters ? ['-vf', filters] : []),
        ...(soundFilters ? ['-af', soundFilters] : []),
        ...[
          ...encoder,
          ...(to === 'webm' ? ['-c:a', 'libopus', '-b:a', '96k'] : ['-c:a', 'aac', '-b:a', '128k']),
        ],
        ...['-fs', String(VIDEO_LIMITS.bytes), '-f', to, target],
      ],
      { seconds: SECONDS },
    ).ended
    return new Uint8Array(await readFile(target))
  })
  return { ...clip, bytes: made, container: to }
}

/**
 * Several films made into one: `graph`, of ffmpeg's filters, leads from their pictures `[0:v]`, `[1:v]` … to `[out]`;
 * `heard`, where the first has sound, from their sounds to `[heard]`. Else there is no sound in it. H.264 at CRF 18.
 */
export async function woven(clips: readonly Clip[], graph: readonly string[], heard?: string): Promise<Clip> {
  const [{ bytes: first }] = clips as [Clip, ...Clip[]]
  const made = await withFolder(first, async (file, folder) => {
    const files = [file, ...clips.slice(1).map((_, at) => join(folder, `in-${at + 1}`))]
    for (const [at, { bytes }] of clips.entries()) if (at > 0) await writeFile(files[at]!, bytes)
    const target = join(folder, 'out')
    const sound =
      heard !== undefined && (await readFilm(file, clips[0]!.container, first.length, 'look')).sound
    await start(
      'ffmpeg',
      [
        ...beginning(SECONDS),
        ...clips.flatMap(({ container }, at) => inputOf(files[at]!, container)),
        ...['-filter_complex', [...graph, ...(sound && heard ? [heard] : [])].join(';'), '-map', '[out]'],
        ...(sound ? ['-map', '[heard]', '-c:a', 'aac', '-b:a', '128k'] : ['-an']),
        ...['-sn', '-dn', '-map_metadata', '-1', ...H264, '-crf', '18'],
        ...['-fs', String(VIDEO_LIMITS.bytes), '-f', 'mp4', target],
      ],
      { seconds: SECONDS },
    ).ended
    return new Uint8Array(await readFile(target))
  })
  return shapeOf(made, 'mp4')
}

/** A film with what its headers tell of it. Throws as `readFilm`. */
export async function shapeOf(bytes: Uint8Array, container: Container): Promise<Clip> {
  const { width, height, seconds } = await withFolder(bytes, (file) =>
    readFilm(file, container, bytes.length, 'look'),
  )
  return { bytes, container, width, height, seconds }
}
