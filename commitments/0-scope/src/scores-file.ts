import { hash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { parseScores, type ScoreTable } from './scores.ts'

/** A scores file as read: its bytes are kept beside the evidence, so that the comparison can be made again. */
export type ScoresFile = {
  name: string
  bytes: Uint8Array
  sha256: string
  mediaType: string
  table: ScoreTable
}

const MAX_BYTES = 32 * 1024 * 1024

/** Reads and parses a scores file. Throws `input` where it cannot be read or is wrong, `limit` where it is too large. */
export async function readScores(path: string): Promise<ScoresFile> {
  const bytes = await read(path)
  const name = basename(path)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new AvouchError('input', 'the scores are not UTF-8 text', {
      where: path,
      fix: 'Save the file as UTF-8.',
      cause,
    })
  }
  const table = parseScores(text, path)
  const mediaType = /^\s*[[{]/.test(text) ? 'application/json' : 'text/csv'
  return { name, bytes, sha256: hash('sha256', bytes), mediaType, table }
}

async function read(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > MAX_BYTES)
      throw new AvouchError('limit', `the scores are larger than ${MAX_BYTES / 1024 / 1024} MiB`, {
        where: path,
      })
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof AvouchError) throw cause
    throw new AvouchError(
      'input',
      `the scores cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      {
        where: path,
        fix: 'Name a CSV or JSON file with benchmark scores.',
        cause,
      },
    )
  }
}
