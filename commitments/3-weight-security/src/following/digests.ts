import { createHash } from 'node:crypto'
import type { Dirent } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { asAvouch, bytesOf } from '../intake/lines.ts'
import { at, listAt, textAt } from '../taking/field.ts'

const FOLDER = 'CloudTrail-Digest'
const MOST_BYTES = 16 * 2 ** 20
const MOST_NAMED = 100_000
const DEEPEST = 32

/** What CloudTrail's digest files say of the files beside them. */
export type DigestCheck = {
  /** Digest files that were looked at. */
  digests: number
  /** Log files that they name; of these the ones that are not there, and those that are not as they were delivered. */
  named: number
  missing: number
  altered: number
  /** Digest files that are not what the next one says they were, or cannot be read. */
  broken: number
}

/** One digest file: what it is, and whether everything it names was found in order. */
export type CheckedDigest = { path: string; sha256: string; bytes: number; isFine: boolean }

/**
 * Holds the log files of a folder against CloudTrail's digest files in it: each names the log files of an hour with the
 * SHA-256 of what they hold unpacked, and the digest file before it in the same way ("CloudTrail digest file structure",
 * CloudTrail user guide). Their signatures stand in the bucket's metadata, which a folder does not hold: this finds what
 * got lost or was changed on the way, not what somebody changed together with the digest files. `isChecked` tells, by
 * the SHA-256 of a digest file, that it was found in order before. Undefined where there are none. Throws `disk`.
 */
export async function checkDigests(
  folder: string,
  logs: readonly string[],
  isChecked: (sha256: string) => Promise<boolean>,
  signal?: AbortSignal,
): Promise<{ check: DigestCheck; files: CheckedDigest[] } | undefined> {
  const paths = await digestsIn(folder)
  if (paths.length === 0) return undefined
  const check: DigestCheck = { digests: 0, named: 0, missing: 0, altered: 0, broken: 0 }
  const files: CheckedDigest[] = []
  const logByName = new Map(logs.map((path) => [basename(path), path]))
  const digestByName = new Map(paths.map((path) => [basename(path), path]))
  for (const path of paths) {
    const digest = await readDigest(path, signal)
    if (digest && (await isChecked(digest.sha256))) continue
    check.digests++
    if (!digest) {
      check.broken++
      continue
    }
    const before = { ...check }
    const previous = textAt(digest.value, 'previousDigestS3Object')
    const previousPath = previous && digestByName.get(basename(previous))
    const told = textAt(digest.value, 'previousDigestHashValue')
    // the first one here names one that lies elsewhere
    if (previousPath && told !== (await readDigest(previousPath, signal))?.unpacked) check.broken++
    for (const { name, hash } of namedIn(digest.value)) {
      check.named++
      const log = logByName.get(name)
      if (!log) check.missing++
      else if ((await unpackedDigest(log, signal)) !== hash) check.altered++
    }
    const isFine =
      check.missing === before.missing && check.altered === before.altered && check.broken === before.broken
    files.push({ path, sha256: digest.sha256, bytes: digest.bytes, isFine })
  }
  return { check, files }
}

function namedIn(digest: unknown): { name: string; hash: string }[] {
  const files = at(digest, 'logFiles')
  if (!Array.isArray(files)) return []
  return files.slice(0, MOST_NAMED).flatMap((file) => {
    const [object, hash] = [textAt(file, 's3Object'), textAt(file, 'hashValue')]
    return object === undefined ? [] : [{ name: basename(object), hash: hash?.toLowerCase() ?? '' }]
  })
}

type ReadDigest = { value: unknown; sha256: string; unpacked: string; bytes: number }

/** Undefined where it is too long, cut off or no JSON. */
async function readDigest(path: string, signal?: AbortSignal): Promise<ReadDigest | undefined> {
  const hash = createHash('sha256')
  const chunks: Buffer[] = []
  let [bytes, length] = [0, 0]
  const packed = (chunk: Buffer): void => {
    hash.update(chunk)
    bytes += chunk.length
  }
  try {
    for await (const chunk of bytesOf(path, signal, packed)) {
      length += chunk.length
      if (length > MOST_BYTES) return undefined
      chunks.push(chunk)
    }
    const all = Buffer.concat(chunks)
    const unpacked = createHash('sha256').update(all).digest('hex')
    const value: unknown = JSON.parse(all.toString('utf8'))
    return listAt(value, 'logFiles').length > 0 || Array.isArray(at(value, 'logFiles'))
      ? { value, sha256: hash.digest('hex'), unpacked, bytes }
      : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error instanceof AvouchError && error.code === 'input'))
      return undefined
    throw error
  }
}

/** SHA-256 of what a file holds unpacked; undefined where it is not whole. */
async function unpackedDigest(path: string, signal?: AbortSignal): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of bytesOf(path, signal)) hash.update(chunk)
  } catch (error) {
    if (error instanceof AvouchError && error.code === 'input') return undefined
    throw error
  }
  return hash.digest('hex')
}

async function digestsIn(folder: string): Promise<string[]> {
  const found: string[] = []
  const walk = async (path: string, depth: number, inside: boolean): Promise<void> => {
    if (depth > DEEPEST) return
    let entries: Dirent[]
    try {
      entries = await readdir(path, { withFileTypes: true })
    } catch (error) {
      // a single file has no digests beside it
      if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return
      throw asAvouch(error, path)
    }
    for (const entry of entries) {
      if (entry.isDirectory())
        await walk(join(path, entry.name), depth + 1, inside || entry.name.startsWith(FOLDER))
      else if (inside && entry.isFile() && /\.json(\.gz)?$/.test(entry.name))
        found.push(join(path, entry.name))
    }
  }
  await walk(folder, 0, false)
  return found.sort()
}
