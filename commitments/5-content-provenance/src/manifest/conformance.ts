import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import type { Conformance } from '../evidence.ts'
import { kindOf } from '../media/families.ts'
import { inContentProcess } from '../process/content-process.ts'

const MOST_FILES = 1_000

/** They are not ours to give: CC BY-SA, in a public repository. */
const FIX =
  'Get them with `git clone https://github.com/c2pa-org/public-testfiles`, and give its folder legacy/1.4/image/jpeg.'

/**
 * Reads C2PA's public test files (github.com/c2pa-org/public-testfiles) in a folder, and holds what is read against what
 * their names say: `E-…` has an error in it, `X…` was changed after it was signed; all others are valid. Files that are no
 * pictures, and such without a manifest by their name (`A.jpg`), are passed over. Throws `input` where none is left.
 */
export async function conform(folder: string, source: string): Promise<Conformance> {
  const listed = await readdir(folder).catch((cause: NodeJS.ErrnoException) => {
    throw new AvouchError('input', `the folder cannot be read: ${cause.code}`, {
      where: folder,
      fix: FIX,
      cause,
    })
  })
  const names = listed.filter((name) => /-[A-Za-z-]*C[A-Za-z]*\.[a-z]+$/.test(name)).sort()
  const files: Conformance['files'] = []
  for (const name of names.slice(0, MOST_FILES)) {
    const bytes = new Uint8Array(await readFile(join(folder, name)))
    const known = await kindOf(bytes).catch(() => undefined)
    if (known === undefined) continue
    const { mediaType } = known.kind
    const reading = await inContentProcess('read', bytes, { mediaType, anchors: undefined, own: undefined })
    const isWrong = /-(E-|X)/.test(name)
    files.push({
      name,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      expected: isWrong ? 'invalid' : 'valid',
      read: reading.state !== 'found' ? reading.state : reading.manifest.wellFormed ? 'valid' : 'invalid',
    })
  }
  if (files.length === 0)
    throw new AvouchError('input', 'there is none of C2PA’s test files in this folder', {
      where: folder,
      fix: FIX,
    })
  return {
    standard: 'C2PA 2.x',
    source,
    files,
    agreed: files.filter(({ expected, read }) => expected === read).length,
  }
}
