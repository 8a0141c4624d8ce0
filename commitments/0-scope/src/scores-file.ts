import { hash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { type FrozenItems, parseItems } from './items.ts'
import { parseScores, type ScoreTable } from './scores.ts'

/** A file a comparison rests on, as read: its bytes are kept beside the evidence, so that it can be made again. */
export type InputFile = { name: string; bytes: Uint8Array; sha256: string; mediaType: string }

const MAX_BYTES = 32 * 1024 * 1024

/** Reads and parses a scores file. Throws `input` where it cannot be read or is wrong, `limit` where it is too large. */
export async function readScores(path: string): Promise<{ table: ScoreTable; files: InputFile[] }> {
  const { text, file } = await readInput(path)
  return { table: parseScores(text, path), files: [file] }
}

/** Reads and parses a file of frozen items; throws as `readScores` does. */
export async function readItems(path: string): Promise<{ frozen: FrozenItems; files: InputFile[] }> {
  const { text, file } = await readInput(path)
  return { frozen: parseItems(text, path), files: [file] }
}

async function readInput(path: string): Promise<{ text: string; file: InputFile }> {
  const bytes = await read(path)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AvouchError('input', 'the file is not UTF-8 text', {
      where: path,
      fix: 'Save it as UTF-8.',
      cause,
    })
  }
  const mediaType = /^\s*[[{]/.test(text) ? 'application/json' : 'text/csv'
  return { text, file: { name: basename(path), bytes, sha256: hash('sha256', bytes), mediaType } }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES)
      throw new AvouchError('limit', `the file is larger than ${MAX_BYTES / 1024 / 1024} MiB`, {
        where: path,
      })
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof AvouchError) throw cause
    throw new AvouchError(
      'input',
      `the file cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      {
        where: path,
        fix: 'Name a CSV or JSON file with benchmark scores, or a CSV file of frozen items.',
        cause,
      },
    )
  }
}
