import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withFolder } from '../media/video/folder.ts'
import { VIDEO_LIMITS } from '../media/video/limits.ts'
import { beginning, type Container, inputOf, start } from '../media/video/process.ts'

/** A film as a file, since its frames together are too many to be held. */
export type Clip = { bytes: Uint8Array; container: Container }

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
  { bytes, container }: Clip,
  { filters, soundFilters, encoder = [...H264, '-crf', '23'], container: to = 'mp4', from = [] }: Rewriting,
): Promise<Clip> {
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
  return { bytes: made, container: to }
}
