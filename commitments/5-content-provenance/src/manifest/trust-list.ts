import { open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '@avouch/core/config'
import { AvouchError } from '@avouch/core/errors'
import { certificatesOf, pemOf } from './credential.ts'

const MOST = 4 * 2 ** 20

/** Where an installation's trust list lies: authorities whose signers count as trusted, in PEM. */
export function trustListFile({ home }: Pick<Config, 'home'>): string {
  return join(home, 'content', 'trust.pem')
}

/** A trust list as PEM, or undefined where there is none: then nobody is trusted. Throws `input` where it is none. */
export async function readTrustList(path: string): Promise<string | undefined> {
  let file: Awaited<ReturnType<typeof open>>
  try {
    file = await open(path, 'r')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new AvouchError('input', 'the trust list cannot be read', { where: path, cause })
  }
  try {
    if ((await file.stat()).size > MOST)
      throw new AvouchError('input', 'the trust list is larger than 4 MiB', { where: path })
    return certificatesOf(await file.readFile('latin1'), path)
      .map(pemOf)
      .join('')
  } finally {
    await file.close()
  }
}
