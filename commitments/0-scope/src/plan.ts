import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { parse } from 'yaml'
import { z } from 'zod'

const section = z
  .strictObject({
    /** CSV or JSON of benchmark scores, beside the plan or absolute. */
    scores: z.string().min(1).optional(),
    /** CSV of frozen items, to be asked of the release and of the models below. */
    items: z.string().min(1).optional(),
    /** Further models to ask at the same endpoint: their name here → the name the endpoint knows. */
    models: z.record(z.string().min(1).max(200), z.string().min(1).max(200)).default({}),
    /** The most capable model released so far, and the most capable produced, as the scores name them. */
    released: z.string().min(1).max(200).optional(),
    produced: z.string().min(1).max(200).optional(),
    seed: z.number().int().min(0).max(0xffffffff).default(1),
    resamples: z.number().int().min(200).max(20_000).default(2_000),
  })
  .refine(
    (plan) => plan.scores !== undefined || plan.items !== undefined,
    'it names neither scores nor items',
  )

export type ScopePlan = z.infer<typeof section>

/**
 * Reads the `scope:` section of an assessment's plan (YAML or JSON); undefined where the plan has none, or is a program.
 * `scores` and `items` come back absolute. Throws `input` naming the key that is wrong.
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
      fix: 'It holds scores or items (files), and models, released, produced, seed and resamples where wanted.',
    })
  }
  const beside = (file: string | undefined): string | undefined => file && resolve(dirname(path), file)
  return { ...parsed.data, scores: beside(parsed.data.scores), items: beside(parsed.data.items) }
}

function lineOf(text: string): string {
  const index = text.split('\n').findIndex((line) => /^scope\s*:/.test(line))
  return index < 0 ? '' : ` (line ${index + 1})`
}
