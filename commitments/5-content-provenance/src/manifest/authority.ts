import type { X509Certificate } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '@avouch/core/config'
import { keyFolder } from '@avouch/core/crypto'
import { SIGNING_USES } from './c2pa.ts'
import { issueRoot, issueSigner } from './certificate.ts'
import { keepCredential, pemOf, writePrivate } from './credential.ts'

/**
 * Makes a test authority and a signer's certificate under it, and keeps both. Nobody else trusts it: what it signs is
 * well-formed and known as our own, and `Trusted` only where its root is put on a trust list.
 */
export async function makeAuthority(
  config: Pick<Config, 'home'>,
  given: { organisation: string; now: Date; replace: boolean },
): Promise<{ root: X509Certificate; signer: X509Certificate; rootFile: string }> {
  const { organisation, now, replace } = given
  await mkdir(keyFolder(config), { recursive: true, mode: 0o700 })
  const root = issueRoot(organisation, now)
  // C2PA's own usage and document signing: other readers know one or the other
  const signer = issueSigner(root, organisation, SIGNING_USES.slice(0, 2), now)
  const chain = [signer.certificate, root.certificate]
  const key = signer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await keepCredential(config, { chain, key }, { replace })
  await writePrivate(
    config,
    'content-root.key',
    root.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  )
  await writePrivate(config, 'content-root.pem', pemOf(root.certificate))
  return {
    root: root.certificate,
    signer: signer.certificate,
    rootFile: join(keyFolder(config), 'content-root.pem'),
  }
}
