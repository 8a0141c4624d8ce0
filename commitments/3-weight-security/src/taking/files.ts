import type { Dirent } from 'node:fs'
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { asAvouch } from '../intake/lines.ts'

const MOST_FILES = 1_000_000
const DEEPEST = 32
/** The moment in the name of a file that CloudTrail delivers: `ACCOUNT_CloudTrail_REGION_20260105T0900Z_….json.gz`. */
const DELIVERED = /_(\d{8}T\d{4}Z)_[^/]*$/
const NAMED = /\.(json|jsonl|ndjson|log)(\.gz)?$/i

/**
 * The files of a log: the file itself, or everything in a folder that is named as one (`.json`, `.jsonl`, `.log`, with
 * `.gz` or not): by the time of delivery where the names tell it, as CloudTrail's do, over all regions and accounts; else by
 * path. Links are not followed, and CloudTrail's own digest files, which hold no records, left out.
 * Throws `input` where there is nothing to read, `limit` where there are more than a million.
 */
export async function filesOf(path: string): Promise<string[]> {
  if (path === '-') return [path]
  try {
    const kind = await lstat(path)
    if (!kind.isDirectory()) return [path]
  } catch (error) {
    throw asAvouch(error, path)
  }
  const files: string[] = []
  await walk(path, 0, files)
  if (files.length === 0)
    throw new AvouchError('input', 'it holds no file of a log', {
      where: path,
      fix: 'Files are named .json, .jsonl or .log, with .gz behind it or not.',
    })
  return files
    .map((file) => ({ file, key: `${DELIVERED.exec(file)?.[1] ?? ''} ${file}` }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ file }) => file)
}

async function walk(folder: string, depth: number, files: string[]): Promise<void> {
  if (depth > DEEPEST)
    throw new AvouchError('limit', `it is nested deeper than ${DEEPEST} folders`, { where: folder })
  let entries: Dirent[]
  try {
    entries = await readdir(folder, { withFileTypes: true })
  } catch (error) {
    throw asAvouch(error, folder)
  }
  for (const entry of entries) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('CloudTrail-Digest')) await walk(path, depth + 1, files)
    } else if (entry.isFile() && NAMED.test(entry.name)) files.push(path)
    if (files.length > MOST_FILES)
      throw new AvouchError('limit', `it holds more than ${MOST_FILES} files`, { where: folder })
  }
}
