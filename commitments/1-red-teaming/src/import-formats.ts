import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { AvouchError } from '@avouch/core/errors'
import type { ImportFormat, Source } from './imported.ts'

const FOLDER = new URL('./imports/', import.meta.url)
const HEAD = 65_536

/** Every format of the folder, by the tool's name. */
export async function loadFormats(): Promise<Map<string, ImportFormat>> {
  const files = (await readdir(fileURLToPath(FOLDER)))
    .filter((name) => /^[a-z0-9-]+\.(ts|js)$/.test(name))
    .sort()
  const formats = new Map<string, ImportFormat>()
  for (const file of files) {
    const { default: format } = (await import(new URL(file, FOLDER).href)) as { default: ImportFormat }
    formats.set(format.name, format)
  }
  return formats
}

/** The format of a file, by what it begins with. Throws `input` where no tool's is recognised. */
export async function formatOf(source: Source): Promise<ImportFormat> {
  const parts: Buffer[] = []
  for await (const part of source.stream(0, Math.min(HEAD, source.size)) as AsyncIterable<Buffer>)
    parts.push(part)
  const head = Buffer.concat(parts)
  const formats = await loadFormats()
  if (head.length >= 4)
    for (const format of formats.values()) if (format.recognises(head, source.name)) return format
  throw new AvouchError(
    'input',
    `${source.name} is of none of the tools known here: ${[...formats.keys()].join(', ')}`,
    {
      where: source.name,
      fix: 'Give a garak report.jsonl, a promptfoo results file, an Inspect log (.eval or JSON) or a PyRIT memory export.',
    },
  )
}
