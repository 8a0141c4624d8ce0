import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '@avouch/core/config'
import { keyFolder, readKeyFile, whileUnchanged } from '@avouch/core/crypto'
import { AvouchError } from '@avouch/core/errors'
import { SIGNING_USES } from './c2pa.ts'
import { type ClaimSigner, signerInToken, signerOfKey } from './signer.ts'

/** What claims are signed with: the chain from the signer's certificate up, and what signs by its key. */
export type Credential = {
  chain: X509Certificate[]
  signer: ClaimSigner
  /** As it is kept: the private key in PEM, or the PKCS#11 address of one in a token. */
  key: string
}

type Home = Pick<Config, 'home'>

const KEY = 'content-signing.key'
const CHAIN = 'content-chain.pem'
const FORMER = /^content-chain\.[0-9a-f]{16}\.pem$/
const MOST = 65_536
const PEM = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+?-----END CERTIFICATE-----/g

/** The credential of this installation, or undefined where it has none. Throws `config` where it is not whole. */
export function readCredential(config: Home): Promise<Credential | undefined> {
  const folder = keyFolder(config)
  const files = [folder, join(folder, KEY), join(folder, CHAIN)]
  return whileUnchanged('content credential', files, () => credentialIn(config))
}

async function credentialIn(config: Home): Promise<Credential | undefined> {
  const [key, chain] = await Promise.all([fileOf(config, KEY), fileOf(config, CHAIN)])
  if (key === undefined && chain === undefined) return undefined
  if (key === undefined || chain === undefined)
    throw new AvouchError('config', `${key === undefined ? KEY : CHAIN} is missing beside the other`, {
      where: keyFolder(config),
      fix: 'Restore it, or install a credential anew with `avouch content certificate`.',
    })
  const same = last?.files[0].equals(chain) && last.files[1].equals(key)
  if (!same) last = { files: [chain, key], credential: credentialOf(chain, key) }
  return last!.credential
}

/** It is checked again only where a file holds other bytes. */
let last: { files: [chain: Buffer, key: Buffer]; credential: Credential } | undefined

/** Chains this installation signs with or once did, newest first: what is signed under them is its own. */
export async function ownChains(config: Home): Promise<X509Certificate[][]> {
  const names = (await readdir(keyFolder(config)).catch(() => [])).filter((name) => FORMER.test(name))
  const files = await Promise.all([CHAIN, ...names].map((name) => fileOf(config, name)))
  return files.flatMap((file) => (file === undefined ? [] : [certificatesOf(file.toString('latin1'), CHAIN)]))
}

/**
 * A chain (PEM, signer first) and its private key (PEM, PKCS #8 or SEC 1; or a PKCS#11 URI) as a credential. Throws `config`
 * saying what is wrong: the order, a key of another certificate, a certificate that C2PA does not let sign. A token is not
 * asked yet: `proveSigner` does that.
 */
export function credentialOf(chainPem: Uint8Array, keyText: Uint8Array): Credential {
  const chain = certificatesOf(Buffer.from(chainPem).toString('latin1'), 'the chain')
  const text = Buffer.from(keyText).toString('utf8').trim()
  const inToken = text.startsWith('pkcs11:')
  const key = inToken ? undefined : privateKeyOf(text)
  const [signer] = chain
  const wrong = (why: string, fix: string): never => {
    throw new AvouchError('config', why, { where: signer!.subject.replaceAll('\n', ', '), fix })
  }
  if (chain.length < 2)
    wrong('its issuer is missing from the chain', 'Add the issuer’s certificate after it.')
  if (key && !signer!.checkPrivateKey(key))
    wrong('the key is not that of the first certificate', 'Give the signer’s certificate first.')
  chain.slice(1).forEach((issuer, index) => {
    if (!chain[index]!.checkIssued(issuer) || !chain[index]!.verify(issuer.publicKey))
      wrong('a certificate of the chain is not signed by the next', 'Order them from the signer upwards.')
  })
  if (signer!.ca)
    wrong('the first certificate is an authority’s, which may not sign content', 'Give a signer’s.')
  if (!signer!.keyUsage?.some((use) => SIGNING_USES.includes(use)))
    wrong(
      'the certificate lacks an extended key usage that C2PA asks for',
      `It must have one of ${SIGNING_USES.join(', ')}.`,
    )
  return {
    chain,
    signer: key ? signerOfKey(key) : signerInToken(text, signer!.publicKey),
    key: key ? key.export({ type: 'pkcs8', format: 'pem' }).toString() : `${text}\n`,
  }
}

function privateKeyOf(pem: string): KeyObject {
  try {
    return createPrivateKey(pem)
  } catch (cause) {
    throw new AvouchError('config', 'the private key cannot be read', {
      fix: 'Give it in PEM, not encrypted, or as the PKCS#11 address of a key in a token (pkcs11:…).',
      cause,
    })
  }
}

/** Keeps a credential as this installation's. A former one is kept beside it, by which older marks are known as our own. */
export async function keepCredential(
  config: Home,
  credential: Pick<Credential, 'chain' | 'key'>,
  { replace }: { replace: boolean },
): Promise<void> {
  const former = await readCredential(config)
  if (former && !replace)
    throw new AvouchError('conflict', 'this installation already has a certificate for signing content', {
      where: join(keyFolder(config), CHAIN),
      fix: 'Give --replace if it is to sign no more; what it signed stays known.',
    })
  if (former) {
    const print = former.chain[0]!.fingerprint256.replaceAll(':', '').slice(0, 16).toLowerCase()
    await rename(join(keyFolder(config), CHAIN), join(keyFolder(config), `content-chain.${print}.pem`))
  }
  await writePrivate(config, KEY, credential.key)
  await writePrivate(config, CHAIN, credential.chain.map(pemOf).join(''))
}

export function pemOf(certificate: X509Certificate): string {
  return `${certificate.toString().trim()}\n`
}

/** All certificates of a PEM text, 32 at most. Throws `input`. */
export function certificatesOf(text: string, where: string): X509Certificate[] {
  const found = text.match(PEM) ?? []
  if (found.length === 0 || found.length > 1_000)
    throw new AvouchError('input', 'there is no certificate here, or far too many', {
      where,
      fix: 'Give PEM: -----BEGIN CERTIFICATE-----.',
    })
  try {
    return found.map((pem) => new X509Certificate(pem))
  } catch (cause) {
    throw new AvouchError('input', 'a certificate cannot be read', { where, cause })
  }
}

function fileOf(config: Home, name: string): Promise<Buffer | undefined> {
  return readKeyFile(join(keyFolder(config), name), MOST)
}

/** Writes a file of mode 0600, whole or not at all, over what stood there. */
export async function writePrivate(config: Home, name: string, text: string): Promise<void> {
  const path = join(keyFolder(config), name)
  const fresh = `${path}.${process.pid}.new`
  try {
    const file = await open(fresh, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(fresh, path)
  } finally {
    await rm(fresh, { force: true })
  }
}
