import { readdir } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Source } from './source.ts'

const FOLDER = new URL('./sources/', import.meta.url)

let listed: Promise<Source[]> | undefined

/** Every source of the folder, by kind: adding one is adding a file. */
export function loadSources(): Promise<Source[]> {
  listed ??= readdir(FOLDER).then((names) =>
    Promise.all(
      names
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .sort()
        .map(async (name) => ((await import(new URL(name, FOLDER).href)) as { default: Source }).default),
    ),
  )
  return listed
}

/** The source of a kind. Throws `usage` where there is none. */
export async function sourceOf(kind: string): Promise<Source> {
  const sources = await loadSources()
  const found = sources.find((source) => source.kind === kind)
  if (found) return found
  throw new AvouchError('usage', `"${kind.slice(0, 40)}" is no kind of source`, {
    where: '--source',
    fix: `Give one of ${sources.map((source) => source.kind).join(', ')}.`,
  })
}
