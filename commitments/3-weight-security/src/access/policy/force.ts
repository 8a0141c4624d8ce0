import type { Database } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { findPolicy } from '../policy-store.ts'
import type { Policies } from './engine.ts'
import { digestOf, policyFolder, readPolicyFiles, stampOf } from './files.ts'

const kept = new WeakMap<Database, { stamp: string; policies: Policies }>()

/**
 * The policies in force: the files of the installation, where they are those that were last adopted. Throws `forbidden`
 * where none are, or where files were changed since; whatever is wrong with a file, nobody may read meanwhile.
 */
export async function policiesInForce(installation: Pick<Installation, 'config' | 'db'>): Promise<Policies> {
  const adopted = await findPolicy(installation.db)
  const folder = policyFolder(installation.config)
  if (adopted === undefined)
    throw new AvouchError('forbidden', 'no policies for weights are in force, so nobody may read any', {
      where: folder,
      fix: 'Begin with `avouch weights policy init`, and adopt them with `avouch weights policy adopt`.',
    })
  const stamp = await stampOf(folder)
  const before = kept.get(installation.db)
  if (before?.stamp === stamp && before.policies.digest === adopted.digest) return before.policies
  const files = await readPolicyFiles(folder)
  if (digestOf(files) !== adopted.digest)
    throw new AvouchError('forbidden', 'the policies for weights were changed after they were adopted', {
      where: folder,
      fix: 'Adopt them with `avouch weights policy adopt`, or put back what was. Until then nobody may read.',
    })
  // several megabytes of WebAssembly: loaded by who decides something, not by every command
  const { readPolicies } = await import('./engine.ts')
  const policies = readPolicies(files)
  kept.set(installation.db, { stamp, policies })
  return policies
}
