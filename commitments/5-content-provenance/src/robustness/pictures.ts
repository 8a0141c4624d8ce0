import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { readGiven } from '../commands/given.ts'
import { inThread } from '../thread/thread.ts'
import { SIZES, type Size } from './evidence.ts'

const MOST = 64 * 2 ** 20
const FILES = 20_000

/** A file of a folder that can be read as a picture. Its bytes are read again when they are needed. */
export type PictureFile = { path: string; sha256: string; size: Size }
export type Pictures = { files: PictureFile[]; unreadable: number; digest: string }

/**
 * The pictures of a folder, at most `limit`, in an order drawn by the seed, so that none is picked for how it behaves.
 * Folders within it are not looked into. Throws `input` where there is no picture.
 */
export async function listPictures(
  folder: string,
  { limit, seed, signal }: { limit: number; seed: string; signal: AbortSignal },
): Promise<Pictures> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new AvouchError('input', `the folder cannot be read: ${cause.code}`, { where: folder, cause })
  })
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  if (names.length > FILES)
    throw new AvouchError('limit', `the folder has more than ${FILES} files`, { where: folder })
  const drawn = names
    .map((name) => ({ name, rank: digest(`${seed}/${name}`) }))
    .sort((one, other) => (one.rank < other.rank ? -1 : 1))
  const files: PictureFile[] = []
  let unreadable = 0
  for (const { name } of drawn) {
    if (files.length === limit || signal.aborted) break
    const path = join(folder, name)
    try {
      const bytes = await readGiven(path, MOST)
      const { width, height } = await inThread('prepared', bytes)
      files.push({ path, sha256: digest(bytes), size: sizeOf(width, height) })
    } catch (error) {
      if (!(error instanceof AvouchError)) throw error
      unreadable++
    }
  }
  if (files.length === 0 && !signal.aborted)
    throw new AvouchError('input', 'there is no picture in the folder', {
      where: folder,
      fix: 'Name a folder with pictures: JPEG, PNG, WebP, AVIF or TIFF.',
    })
  const all = files.map(({ sha256 }) => sha256).sort()
  return { files, unreadable, digest: digest(all.join('\n')) }
}

export function sizeOf(width: number, height: number): Size {
  const hundredths = Math.round((width * height) / 10_000)
  return hundredths >= 50 ? 'large' : hundredths >= 25 ? 'quarter' : 'small'
}

export function countSizes(files: readonly PictureFile[]): Record<Size, number> {
  const of = (size: Size): number => files.filter((file) => file.size === size).length
  return Object.fromEntries(SIZES.map((size) => [size, of(size)])) as Record<Size, number>
}

function digest(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
