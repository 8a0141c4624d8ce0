import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'

/** Bytes that one process may hold, and that it may ask for at once. */
const MOST_MEMORY = 3 * 2 ** 30
const MOST_AT_ONCE = 256 * 2 ** 20
/** How often its memory is looked at. */
const EVERY = 500

/** The demuxers that may read a file: one each, told from the bytes, so that no playlist leads to other files. */
export const DEMUXERS = { mp4: 'mov', mov: 'mov', webm: 'matroska' } as const
export type Container = keyof typeof DEMUXERS

export function containerOf(name: string): Container {
  if (name === 'mp4' || name === 'mov' || name === 'webm') return name
  throw new AvouchError('internal', `no demuxer for ${name}`)
}

/** Reads this file, by its own demuxer and no protocol but files. */
export function inputOf(file: string, container: Container): string[] {
  return ['-protocol_whitelist', 'file', '-f', DEMUXERS[container], '-i', file]
}

/** What every call of ffmpeg begins with. `seconds` of processor are all it may take. */
export function beginning(seconds: number): string[] {
  return [
    ...['-nostdin', '-hide_banner', '-loglevel', 'error', '-y'],
    ...['-timelimit', String(Math.ceil(seconds)), '-max_alloc', String(MOST_AT_ONCE)],
  ]
}

/** Which program: `$AVOUCH_FFMPEG` names ffmpeg by its path, ffprobe lies beside it; else both are looked for on the path. */
function programOf(name: 'ffmpeg' | 'ffprobe'): string {
  const given = process.env.AVOUCH_FFMPEG
  if (given === undefined || given === '') return name
  return name === 'ffmpeg' ? given : join(dirname(given), 'ffprobe')
}

export type Running = {
  child: ChildProcess
  /** Resolves when it ended well; throws `unavailable`, `input` or `limit` where it did not. */
  ended: Promise<void>
  /** Ends it at once, by its id. */
  stop(): void
}

/**
 * Starts ffmpeg or ffprobe: without a shell, without this installation's environment, ended after so many seconds by the
 * clock or above 3 GiB of memory. Its input is closed unless `stdin` is asked for; what it complains of is kept nowhere.
 */
export function start(
  name: 'ffmpeg' | 'ffprobe',
  args: readonly string[],
  { seconds, stdin = false, stdout = false }: { seconds: number; stdin?: boolean; stdout?: boolean },
): Running {
  const child = spawn(programOf(name), args, {
    stdio: [stdin ? 'pipe' : 'ignore', stdout ? 'pipe' : 'ignore', 'ignore'],
    shell: false,
    timeout: Math.ceil(seconds * 1000),
    killSignal: 'SIGKILL',
    env: { PATH: process.env.PATH ?? '', LANG: 'C' },
  })
  let swollen = false
  let stopped = false
  const watch = setInterval(async () => {
    if ((await residentOf(child.pid)) > MOST_MEMORY) {
      swollen = true
      child.kill('SIGKILL')
    }
  }, EVERY)
  watch.unref()
  // a pipe that breaks is told by how the process ends
  child.stdin?.on('error', () => {})
  child.stdout?.on('error', () => {})
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(cause.code === 'ENOENT' || cause.code === 'EACCES' ? missing(name) : cause),
    )
    child.once('close', (code, signal) => {
      if (code === 0) resolve()
      else if (swollen) reject(tooMuch('more memory than it may'))
      // what ran out of processor time ends by a signal too
      else if (signal !== null && !stopped) reject(tooMuch('longer than it may'))
      else reject(unreadable())
    })
  }).finally(() => clearInterval(watch))
  // looked at by whoever awaits it; until then an early end is no unhandled one
  ended.catch(() => {})
  return {
    child,
    ended,
    stop: () => {
      stopped = true
      child.kill('SIGKILL')
    },
  }
}

/** All that a process writes, at most so many bytes. Throws like `start`, and `limit` where it writes more. */
export async function outputOf(running: Running, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of running.child.stdout as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) {
      running.stop()
      throw tooMuch('more room than it may')
    }
    chunks.push(chunk)
  }
  await running.ended
  return Buffer.concat(chunks)
}

/** Bytes of memory a process holds; 0 where this system does not tell. */
async function residentOf(pid: number | undefined): Promise<number> {
  if (pid === undefined || process.platform !== 'linux') return 0
  const text = await readFile(`/proc/${pid}/statm`, 'utf8').catch(() => '')
  return Number(text.split(' ')[1] ?? 0) * 4_096
}

function missing(name: string): AvouchError {
  return new AvouchError('unavailable', `video is read and written through ffmpeg, and there is no ${name}`, {
    fix: 'Install ffmpeg (on Debian: apt install ffmpeg), or name it by its path in AVOUCH_FFMPEG. Nothing was marked.',
  })
}

function tooMuch(what: string): AvouchError {
  return new AvouchError('limit', `ffmpeg took ${what} over the film`, {
    fix: 'Use a smaller or shorter film.',
  })
}

export function unreadable(): AvouchError {
  return new AvouchError('input', 'ffmpeg cannot read or write this film', {
    fix: 'It is cut off, damaged, or not what its first bytes say; else the ffmpeg here lacks its codec.',
  })
}
