import { hash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { AvouchError } from '../errors.ts'
import type { Logged } from '../evidence/type.ts'
import type { Installation } from '../installation.ts'
import { thresholdsEvidence } from './evidence.ts'
import { parseThresholds } from './threshold.ts'

/** Adopts a thresholds file: its text becomes evidence, and the newest adopted counts at every gate. */
export async function adoptThresholds(
  installation: Installation,
  path: string,
): Promise<Logged & { count: number }> {
  let file: string
  try {
    file = await readFile(path, 'utf8')
  } catch (error) {
    throw new AvouchError('input', `the thresholds file cannot be read: ${(error as Error).message}`, {
      where: path,
      cause: error,
    })
  }
  const list = parseThresholds(file, path)
  const before = (await installation.evidence.list({ type: thresholdsEvidence })).findLast(
    (r) => !r.supersededBy,
  )
  const logged = await installation.evidence.append({
    type: thresholdsEvidence,
    about: {},
    fields: { file, digest: hash('sha256', file) },
    ...(before && { supersedes: before.id }),
  })
  return { ...logged, count: list.length }
}
