import { lstat } from 'node:fs/promises'

/** What tells one state of a file from another. Nobody can set the time at which an inode was changed. */
type State = { inode: bigint; changed: bigint; size: bigint } | undefined

type Kept = { states: State[]; value: Promise<unknown> }

/** More than one program asks for. */
const MOST = 64

const kept = new Map<string, Kept>()

/** A file changed so short a time ago, in nanoseconds, may change again within the same tick of the file system's clock. */
const SETTLED = 2_000_000_000n

/**
 * What `read` makes of these files, and again only when one of them is another, was written, or had its mode or owner
 * changed. For small files that every request asks for: to open and read one takes five turns of waiting for the system.
 * Whatever `read` throws is thrown, and not kept.
 *
 * @param what names the reading, of which there may be several of the same files
 */
export async function whileUnchanged<T>(
  what: string,
  paths: readonly string[],
  read: () => Promise<T>,
): Promise<T> {
  const name = [what, ...paths].join('\0')
  // before they are read: what changes meanwhile is found next time
  const states = await Promise.all(paths.map(stateOf))
  const last = kept.get(name)
  if (last && states.every((state, at) => sameState(state, last.states[at]))) return last.value as Promise<T>
  const value = read()
  kept.delete(name)
  await value
  const now = BigInt(Date.now()) * 1_000_000n
  if (states.every((state) => state === undefined || state.changed < now - SETTLED)) {
    if (kept.size === MOST) kept.clear()
    kept.set(name, { states, value })
  }
  return value
}

function sameState(one: State, other: State): boolean {
  return one?.inode === other?.inode && one?.changed === other?.changed && one?.size === other?.size
}

async function stateOf(path: string): Promise<State> {
  const found = await lstat(path, { bigint: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  return found && { inode: found.ino, changed: found.ctimeNs, size: found.size }
}
