import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { parse } from 'yaml'
import { z } from 'zod'

const section = z.strictObject({
  /** CSV or JSON of benchmark scores, beside the plan or absolute. */
  scores: z.string().min(1),
  /** The most capable model released so far, and the most capable produced, as the scores name them. */
  released: z.string().min(1).max(200).optional(),
  produced: z.string().min(1).max(200).optional(),
  seed: z.number().int().min(0).max(0xffffffff).default(1),
  resamples: z.number().int().min(200).max(20_000).default(2_000),
})

export type ScopePlan = z.infer<typeof section>

/**
 * Reads the `scope:` section of an assessment's plan (YAML or JSON); undefined where the plan has none, or is a program.
 * `scores` comes back absolute. Throws `input` naming the key that is wrong.
 */
export async function readScopePlan(path: string): Promise<ScopePlan | undefined> {
  if (!/\.(ya?ml|json)$/i.test(path)) return undefined
  let text: string
  let document: unknown
  try {
    text = await readFile(path, 'utf8')
    document = parse(text, { maxAliasCount: 100 })
  } catch (cause) {
    throw new AvouchError(
      'input',
      `the plan cannot be read: ${cause instanceof Error ? cause.message : cause}`,
      {
        where: path,
        cause,
      },
    )
  }
  if (typeof document !== 'object' || document === null || !('scope' in document)) return undefined
  const parsed = section.safeParse(document.scope)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    throw new AvouchError('input', `the plan's scope section is wrong: ${issue.message}`, {
      where: `${path}, ${['scope', ...issue.path].join('.')}${lineOf(text)}`,
      fix: 'It holds scores (a file), and released, produced, seed and resamples where wanted.',
    })
  }
  return { ...parsed.data, scores: resolve(dirname(path), parsed.data.scores) }
}

function lineOf(text: string): string {
  const index = text.split('\n').findIndex((line) => /^scope\s*:/.test(line))
  return index < 0 ? '' : ` (line ${index + 1})`
}
