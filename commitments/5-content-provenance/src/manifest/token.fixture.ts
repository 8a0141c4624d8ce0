import { readdir, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { AvouchError } from '@avouch/core/errors'
import { pictureOf } from '../media/sample.ts'
import { credentialOf } from './credential.ts'
import { readManifest } from './read.ts'
import { sealOf } from './seal.ts'
import { readSecond } from './second-reader.fixture.ts'
import { signContent } from './sign.ts'
import { proveSigner } from './signer.ts'

/**
 * What signing by a token does, as one line of JSON. In a process of its own, because a PKCS#11 module reads the environment
 * of the process: `node token.fixture.ts DIR URI`, with `chain-ALG.pem` in the folder for each key of the token.
 */
const [dir, uri] = process.argv.slice(2) as [string, string]
const outcome = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error) => (error instanceof AvouchError ? error.code : String(error)),
  )
const open = async (chain: string, key: string) =>
  credentialOf(
    await readFile(join(dir, `chain-${chain}.pem`)),
    Buffer.from(uri.replace('object=KEY', `object=${key}`)),
  )

const jpeg = new Uint8Array(await pictureOf(3, 64, 48).jpeg().toBuffer())
const told: Record<string, unknown> = {}
for (const alg of ['es256', 'es384', 'ps256']) {
  const credential = await open(alg, alg)
  await proveSigner(credential.signer, credential.chain[0]!.publicKey)
  const seal = sealOf({ credential, stampUrl: undefined })
  const statement = {
    family: 'picture',
    maker: { service: 'pictures', model: 'example-model@2.0' },
    contentId: undefined,
    fingerprint: 'a5'.repeat(32),
    when: new Date(),
    mediaType: 'image/jpeg',
    version: '0.1.0',
  }
  const { bytes } = await signContent(jpeg, { statement, before: jpeg, ...seal }, seal.signClaim)
  const read = await readManifest(bytes, { mediaType: 'image/jpeg', anchors: undefined, own: undefined })
  told[alg] =
    read.state === 'found' &&
    read.manifest.wellFormed &&
    read.manifest.signatureHolds &&
    read.manifest.bytesMatch
  if (alg === 'es256') told.second = readSecond(bytes).signatureHolds
}

const other = await open('es256', 'other')
told.other = await outcome(proveSigner(other.signer, other.chain[0]!.publicKey))
const none = await open('es256', 'none')
told.none = await outcome(proveSigner(none.signer, none.chain[0]!.publicKey))

const { signer } = await open('es256', 'es256')
const [token] = await readdir(join(dir, 'tokens'))
await rename(join(dir, 'tokens', token!), join(dir, 'away'))
told.gone = await outcome(signer.sign(jpeg))
await rename(join(dir, 'away'), join(dir, 'tokens', token!))
console.log(JSON.stringify(told))
