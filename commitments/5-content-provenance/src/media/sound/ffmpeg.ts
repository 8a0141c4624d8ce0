import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'

/** Seconds of processor that one call may take, and by the clock. */
const CPU_SECONDS = 40
const SECONDS = 50
/** The longest output, in bytes: as many floats as `SOUND_LIMITS` has samples, and a little for it to be seen as too long. */
const MOST = 116 * 2 ** 20

export type FfmpegJob = {
  input: Uint8Array
  /** The one demuxer that may read it: nothing is guessed from the bytes of strangers. */
  from: 'mov' | 'aac' | 'wav'
  /** The muxer, and how its encoder is told to write. */
  to: 'wav' | 'flac' | 'mp3' | 'opus' | 'ogg' | 'ipod' | 'adts'
  encoder?: readonly string[]
}

/**
 * Has ffmpeg, found on the path, turn one file into another: without a shell, within limits, in a folder of its own that
 * is removed, with files as the only protocol. Throws `unavailable` where there is no ffmpeg, `input` where it refuses,
 * `limit` where it takes too long.
 */
export async function runFfmpeg({
  input,
  from,
  to,
  encoder = ['-c:a', 'pcm_f32le'],
}: FfmpegJob): Promise<Uint8Array> {
  const folder = await mkdtemp(join(tmpdir(), 'avouch-sound-'))
  try {
    const [source, target] = [join(folder, 'in'), join(folder, 'out')]
    await writeFile(source, input, { mode: 0o600 })
    await run([
      ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-threads', '1', '-timelimit', `${CPU_SECONDS}`],
      ...['-protocol_whitelist', 'file', '-f', from, '-i', source],
      ...['-map', '0:a:0', '-vn', '-sn', '-dn', '-map_metadata', '-1', '-fflags', '+bitexact'],
      ...[...encoder, '-fs', `${MOST}`, '-f', to, target],
    ])
    return new Uint8Array(await readFile(target))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Whether there is an ffmpeg on the path. */
export function ffmpegThere(): Promise<boolean> {
  return run(['-hide_banner', '-version']).then(
    () => true,
    () => false,
  )
}

/** Whether it has this encoder too. */
export function encoderThere(name: string): Promise<boolean> {
  return run([
    ...['-nostdin', '-loglevel', 'error', '-f', 'lavfi', '-i', 'color=s=64x64', '-frames:v', '1'],
    ...['-c:v', name, '-f', 'null', '-'],
  ]).then(
    () => true,
    () => false,
  )
}

async function run(args: readonly string[]): Promise<void> {
  const child = spawn('ffmpeg', args, {
    stdio: 'ignore',
    shell: false,
    timeout: SECONDS * 1000,
    killSignal: 'SIGKILL',
    // neither keys nor addresses of this installation are any of its business
    env: { PATH: process.env.PATH ?? '' },
  })
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT'
          ? new AvouchError(
              'unavailable',
              'this kind of sound is read and written through ffmpeg, and there is none',
              {
                fix: 'Install ffmpeg (on Debian: apt install ffmpeg), or use a WAV file, which needs none.',
              },
            )
          : cause,
      ),
    )
    child.once('close', (...ended) => resolve(ended))
  })
  if (signal !== null)
    throw new AvouchError('limit', 'ffmpeg took too long over the sound', { fix: 'Use a shorter sound.' })
  if (code !== 0)
    throw new AvouchError('input', 'ffmpeg cannot read or write this sound', {
      fix: 'It is damaged, or not what its first bytes say; else the ffmpeg here lacks its codec. Use a WAV file.',
    })
}
