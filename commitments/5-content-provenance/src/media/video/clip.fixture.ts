import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeWav } from '../sound/wav.ts'
import { music } from '../sound-sample.ts'

/** Whether films can be made and read here at all. */
export const hasFfmpeg =
  spawnSync('ffmpeg', ['-version']).status === 0 && spawnSync('ffprobe', ['-version']).status === 0

/** Whether it writes H.265 too. */
export const hasX265 =
  hasFfmpeg &&
  spawnSync('ffmpeg', ['-hide_banner', '-encoders'], { encoding: 'utf8' }).stdout.includes('libx265')

/** Runs ffmpeg on files that are given and taken by name in a folder of its own; returns the file `out`. */
export function ffmpeg(args: readonly string[], files: Record<string, Uint8Array> = {}): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), 'avouch-clip-'))
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes)
    const { status, stderr } = spawnSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], {
      cwd: folder,
      encoding: 'utf8',
      // a clip that does not end is a mistake in a test
      timeout: 60_000,
    })
    if (status !== 0) throw new Error(stderr)
    return new Uint8Array(readFileSync(join(folder, args.at(-1)!)))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Six seconds of a dive into a fractal, at five frames a second, with music; `more` goes to the encoder. */
export function clip(more: readonly string[] = [], name = 'out.mp4'): Uint8Array {
  const sound = writeWav({ channels: [music(6, 16_000, 5)], rate: 16_000 }, { depth: 16, float: false })
  return ffmpeg(
    [
      ...['-f', 'lavfi', '-i', 'mandelbrot=s=480x320:r=5', '-i', 'sound.wav', '-t', '6'],
      ...['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '12', '-pix_fmt', 'yuv420p', '-c:a', 'aac'],
      ...[...more, name],
    ],
    { 'sound.wav': sound },
  )
}
