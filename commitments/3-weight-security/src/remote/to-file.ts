import { createHash, type Hash } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, link, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { asOutput, isAlive, taken } from '../object/open-file.ts'
import { type RemoteRead, remotePlaintext } from './plaintext.ts'
import type { RemoteServer } from './server.ts'

export type Fetched = {
  bytes: number
  /** Of them, those that a run before had brought already. */
  kept: number
  sha256: string
}

/**
 * Writes bytes of an object from elsewhere to a new file of mode 0600. Until all are there and, where `digest` is told,
 * are those (SHA-256, hex), they lie beside it as `<path>.<what>.<pid>.partial`. Where the connection or this process
 * ended, the next run for the same bytes goes on there; where the server refuses the rest, or another object is sent,
 * nothing is left. Throws `conflict` where the file exists, `proof` for other bytes.
 */
export async function fetchToFile(
  server: RemoteServer,
  read: RemoteRead,
  path: string,
  options: { digest?: string; onProgress?: (bytes: number) => void } = {},
): Promise<Fetched> {
  try {
    if (await stat(path).catch(() => undefined)) throw taken(path)
    const partial = await claimPartial(server, read, path)
    const file = await openOwn(partial)
    try {
      const hash = createHash('sha256')
      const kept = await hashKept(file, read, hash)
      let done = kept
      options.onProgress?.(done)
      if (read.start + kept <= read.end || kept === 0)
        for await (const chunk of remotePlaintext(server, { ...read, start: read.start + kept })) {
          hash.update(chunk)
          await file.appendFile(chunk)
          done += chunk.length
          options.onProgress?.(done)
        }
      const sha256 = hash.digest('hex')
      if (options.digest !== undefined && sha256 !== options.digest)
        throw new AvouchError('proof', 'what came is not what was sealed: its digest is another', {
          where: `sha256:${sha256}`,
          fix: 'Nothing of it was kept. Find out who stands between here and the server.',
        })
      await file.sync()
      // a link, because a rename would replace what stands there
      await link(partial, path)
      await rm(partial, { force: true })
      return { bytes: done, kept, sha256 }
    } catch (error) {
      if (!goesOn(error, read.signal)) await rm(partial, { force: true })
      throw error
    } finally {
      await file.close()
    }
  } catch (error) {
    throw asOutput(error, path)
  }
}

/** Whether the same command may go on later with what is there: the connection ended, a budget is spent, or somebody stopped it. */
function goesOn(error: unknown, signal: AbortSignal): boolean {
  return signal.aborted || (error instanceof AvouchError && ['network', 'limit'].includes(error.code))
}

/** What a run that ended left of the same bytes, taken over under this process's name; of other bytes, removed. */
async function claimPartial(
  { url }: RemoteServer,
  { lease, start, end }: RemoteRead,
  path: string,
): Promise<string> {
  const what = createHash('sha256')
    .update(JSON.stringify([url.origin, lease.object, lease.objectDigest, start, end]))
    .digest('hex')
    .slice(0, 16)
  const [folder, base] = [dirname(path), basename(path)]
  const own = join(folder, `${base}.${what}.${process.pid}.partial`)
  for (const name of await readdir(folder)) {
    const left =
      name.startsWith(`${base}.`) && /^\.([0-9a-f]{16})\.(\d+)\.partial$/.exec(name.slice(base.length))
    if (!left || isAlive(Number(left[2]))) continue
    // of two that want it, one finds it gone
    if (left[1] === what) await rename(join(folder, name), own).catch(() => undefined)
    else await rm(join(folder, name), { force: true })
  }
  return own
}

/** Its own file, that nobody else can read: what somebody else laid there is not written to. */
async function openOwn(path: string): Promise<FileHandle> {
  const { O_RDWR, O_CREAT, O_APPEND, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants
  const file = await open(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_NONBLOCK, 0o600)
  const found = await file.stat()
  const isOwn = process.getuid === undefined || found.uid === process.getuid()
  if (found.isFile() && isOwn && (process.platform === 'win32' || (found.mode & 0o077) === 0)) return file
  await file.close()
  throw new AvouchError('disk', 'what lies there is not ours alone to read', {
    where: path,
    fix: 'Remove it, or choose a folder that nobody else may write to.',
  })
}

/** Takes in what is there already; more than there can be is none of ours. */
async function hashKept(file: FileHandle, { start, end }: RemoteRead, hash: Hash): Promise<number> {
  let kept = 0
  for await (const chunk of file.createReadStream({ start: 0, autoClose: false })) {
    hash.update(chunk as Buffer)
    kept += (chunk as Buffer).length
  }
  if (kept <= Math.max(0, end + 1 - start)) return kept
  throw new AvouchError('conflict', 'what a run before left is longer than what is asked for', {
    fix: 'Remove the `.partial` files beside it.',
  })
}
