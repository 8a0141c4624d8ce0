import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { readGiven } from '../commands/given.ts'
import { inContentProcessFor } from '../process/content-process.ts'
import { type Medium, type Size, sizesOf, wordsOf } from './medium.ts'

const FILES = 20_000

/** A file of a folder that can be read as its medium. Its bytes are read again when they are needed. */
export type GivenFile = { path: string; sha256: string; size: Size }
export type GivenFiles = { files: GivenFile[]; unreadable: number; digest: string }

/**
 * The files of a medium in a folder, at most `limit`, in an order drawn by the seed, so that none is picked for how it
 * behaves. Folders within it are not looked into. Throws `input` where there is none.
 */
export async function listFiles(
  folder: string,
  { medium, limit, seed, signal }: { medium: Medium; limit: number; seed: string; signal: AbortSignal },
): Promise<GivenFiles> {
  const { one, kinds, most, seconds } = wordsOf(medium)
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new AvouchError('input', `the folder cannot be read: ${cause.code}`, { where: folder, cause })
  })
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  if (names.length > FILES)
    throw new AvouchError('limit', `the folder has more than ${FILES} files`, { where: folder })
  const drawn = names
    .map((name) => ({ name, rank: digest(`${seed}/${name}`) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
  const files: GivenFile[] = []
  let unreadable = 0
  for (const { name } of drawn) {
    if (files.length === limit || signal.aborted) break
    const path = join(folder, name)
    try {
      const bytes = await readGiven(path, most)
      const { size } = await inContentProcessFor(seconds, 'prepared', bytes, medium)
      files.push({ path, sha256: digest(bytes), size })
    } catch (error) {
      if (!(error instanceof AvouchError)) throw error
      unreadable++
    }
  }
  if (files.length === 0 && !signal.aborted)
    throw new AvouchError('input', `there is no ${one} in the folder that can be read`, {
      where: folder,
      fix: `Name a folder with files of these kinds: ${kinds.map(({ name }) => name).join(', ')}.`,
    })
  const all = files.map(({ sha256 }) => sha256).sort()
  return { files, unreadable, digest: digest(all.join('\n')) }
}

export function countSizes(medium: Medium, files: readonly GivenFile[]): Partial<Record<Size, number>> {
  return Object.fromEntries(
    sizesOf(medium).map((size) => [size, files.filter((file) => file.size === size).length]),
  )
}

function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
