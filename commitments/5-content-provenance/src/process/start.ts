import { type ChildProcess, spawn } from 'node:child_process'
import { setPriority } from 'node:os'
import { fileURLToPath } from 'node:url'
import { makeProcessFolder, removeProcessFolder } from './folder.ts'

export type StartOptions = {
  /** The module that each process runs; it calls `serve`. */
  module: URL
  /** Of a process's JavaScript heap. */
  heapMib: number
  /** Of all a process's memory, where the system can hold it to that (Linux). */
  memoryMib: number
  /** Whether others come first where processors are scarce. */
  yields?: boolean
}

/**
 * What the shell does before it becomes the process, each where the system can: memory is limited; a crash leaves no picture
 * of it on the disk; the process has no network, and nothing it starts has; it cannot gain rights; it ends when the program
 * that started it does, whatever it is busy with. `$0` and what follows are no text of anybody's.
 */
const HELD = `ulimit -c 0 2>/dev/null
ulimit -d "$1" 2>/dev/null
shift
apart='unshare --net'
[ "$(id -u)" = 0 ] || apart='unshare --user --map-current-user --net'
$apart true 2>/dev/null || apart=
bound='setpriv --pdeathsig KILL --no-new-privs'
$bound true 2>/dev/null || bound=
exec $apart $bound "$0" "$@"`

/**
 * For the allocator of glibc, in bytes: what pictures of usual size take is used again, and not given back to the system and
 * fetched anew, zeroed, a dozen times for each.
 */
const KEEPS_MEMORY = {
  MALLOC_MMAP_THRESHOLD_: String(2 ** 25),
  MALLOC_TRIM_THRESHOLD_: String(2 ** 27),
  MALLOC_TOP_PAD_: String(2 ** 24),
}

/**
 * Garbage is collected in one thread, and when the heap, pixels outside of it counted, is four times what lives in it: with
 * more threads, or at every picture, that took a third of a mark.
 */
const COLLECTS_SELDOM = ['--single-threaded-gc', '--heap-growing-percent=300']

/** Niceness of processes that yield. */
const YIELDING = 5

/** Starts a process with a folder of its own for what must pass through files, which goes when it ends. */
export function startProcess({ module, heapMib, memoryMib, yields = false }: StartOptions): ChildProcess {
  const folder = makeProcessFolder()
  const run = [`--max-old-space-size=${heapMib}`, '--no-warnings', ...COLLECTS_SELDOM, fileURLToPath(module)]
  const [command, args] =
    process.platform === 'linux'
      ? ['/bin/sh', ['-c', HELD, process.execPath, String(memoryMib * 1024), ...run]]
      : [process.execPath, run]
  const child = spawn(command, args, {
    // a group of its own: what it started ends with it, and Ctrl-C is for the program that asks
    detached: true,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe'],
    // neither keys nor addresses of this installation are any of its business
    env: {
      PATH: process.env.PATH ?? '',
      TMPDIR: folder,
      ...KEEPS_MEMORY,
      AVOUCH_FFMPEG: process.env.AVOUCH_FFMPEG ?? '',
    },
  })
  const remove = (): void => removeProcessFolder(folder)
  child.once('exit', remove).once('error', remove)
  if (yields && child.pid !== undefined)
    try {
      setPriority(child.pid, YIELDING)
    } catch {
      // it ended already, or this system has no such thing
    }
  return child
}

/** Ends a process and whatever it started. */
export function killProcess(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
  } catch {
    // it has ended already
  }
}
