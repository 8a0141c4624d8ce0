import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Commitment } from './commitment.ts'
import { AvouchError } from './errors.ts'

/** The folder of commitments beside this package, as the repository and its npm workspaces lay them out. */
const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'commitments')

/**
 * All commitments, by listing the folder: one more is one more folder and no edit elsewhere. In the order of their
 * numbers. Each face loads nothing heavy.
 */
export async function discoverCommitments(folder = FOLDER): Promise<Commitment[]> {
  const names = (await readdir(folder)).filter((name) => /^\d+-[a-z-]+$/.test(name))
  const found = await Promise.all(
    names.map(async (name) => {
      const loaded: unknown = await import(pathToFileURL(join(folder, name, 'src', 'index.ts')).href)
      const commitment = (loaded as { default?: Commitment }).default
      if (commitment === undefined || `${commitment.number}-${commitment.name}` !== name)
        throw new AvouchError('internal', `commitments/${name} does not export its commitment as default`, {
          where: join(folder, name, 'src', 'index.ts'),
        })
      return commitment
    }),
  )
  return found.sort((a, b) => a.number - b.number)
}
