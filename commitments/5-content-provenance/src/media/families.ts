import { readdir } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Family, Kind } from './family.ts'
import { headOf, type OnDisk } from './on-disk.ts'
import { strangerOf } from './unknown-kinds.ts'

const FOLDER = new URL('./families/', import.meta.url)

let listed: Promise<Family[]> | undefined

/** Every family of the folder: adding one is adding a file. Loading them loads no decoder. */
export function loadFamilies(): Promise<Family[]> {
  listed ??= readdir(FOLDER).then((names) =>
    Promise.all(
      names
        .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
        .sort()
        .map(async (name) => ((await import(new URL(name, FOLDER).href)) as { default: Family }).default),
    ),
  )
  return listed
}

/**
 * The family and kind of a file, told from its bytes, of which the leading ones are enough. Throws `input` where it is empty or of no kind that can be marked
 * here, `limit` where it is larger than its family takes.
 */
export async function kindOf(
  bytes: Uint8Array,
  size = bytes.length,
): Promise<{ family: Family; kind: Kind }> {
  const families = await loadFamilies()
  for (const family of families)
    for (const kind of family.kinds)
      if (kind.is(bytes)) {
        if (size > family.most)
          throw new AvouchError('limit', `the file has ${size} bytes; ${family.most} are taken`, {
            fix: 'Use a smaller file.',
          })
        return { family, kind }
      }
  if (bytes.length === 0)
    throw new AvouchError('input', 'the file is empty', { fix: 'Choose a file that has something in it.' })
  const stranger = strangerOf(bytes)
  if (stranger)
    throw new AvouchError('input', `this is ${stranger.name}, which is not taken here`, { fix: stranger.fix })
  const known = families.flatMap(({ kinds }) => kinds.map(({ name }) => name)).join(', ')
  throw new AvouchError('input', 'the file is of no kind known here', {
    fix: `Use one of ${known}. What the bytes are counts, not the file's name.`,
  })
}

type KindOnDisk = {
  family: Family & Required<Pick<Family, 'markFile' | 'inspectFile'>>
  kind: Kind
  /** Its leading bytes. */
  head: Uint8Array
}

/** The same of a file on disk; undefined where its first bytes do not tell, or its family needs all of them anyway. */
export async function kindOnDisk(source: OnDisk): Promise<KindOnDisk | undefined> {
  const head = await headOf(source)
  for (const family of await loadFamilies()) {
    const { markFile, inspectFile } = family
    if (markFile && inspectFile && family.kinds.some((kind) => kind.is(head))) {
      const { kind } = await kindOf(head, source.size)
      return { family: { ...family, markFile, inspectFile }, kind, head }
    }
  }
  return undefined
}
