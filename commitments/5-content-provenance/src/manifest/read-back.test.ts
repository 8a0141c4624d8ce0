import sharp from 'sharp'
import { beforeAll, expect, it } from 'vitest'
import { SIGNING_USES } from './c2pa.ts'
import { issueRoot, issueSigner } from './certificate.ts'
import type { Algorithm } from './cose.ts'
import { readManifest } from './read.ts'
import { readBack } from './read-back.ts'
import { sealOf } from './seal.ts'
import { type SignedContent, signContent } from './sign.ts'
import { signerOfKey } from './signer.ts'

let one: SignedContent
let other: SignedContent

beforeAll(async () => {
  const root = issueRoot('Example Company', new Date())
  const signer = issueSigner(root, 'Example Company', SIGNING_USES.slice(0, 2), new Date())
  const credential = {
    chain: [signer.certificate, root.certificate],
    signer: signerOfKey(signer.privateKey),
  }
  const seal = sealOf({ credential, stampUrl: undefined })
  const sign = async (background: string) => {
    const plain = sharp({ create: { width: 40, height: 32, channels: 3, background } }).jpeg()
    const bytes = new Uint8Array(await plain.toBuffer())
    const statement = {
      family: 'picture',
      maker: { service: 'pictures', model: 'example-model@2.0' },
      contentId: '0123456789ab',
      fingerprint: 'a5'.repeat(32),
      when: new Date(Math.floor(Date.now() / 60_000) * 60_000),
      mediaType: 'image/jpeg',
      version: '0.1.0',
    }
    return signContent(bytes, { statement, before: bytes, ...seal }, seal.signClaim)
  }
  one = await sign('#456')
  // by now the library need not read such a manifest again
  other = await sign('#654')
})

const byLibrary = (bytes: Uint8Array) =>
  readManifest(bytes, { mediaType: 'image/jpeg', anchors: undefined, own: undefined })

it('reads what was signed, whether the library read it or not, and the library agrees', async () => {
  for (const { bytes, manifest, label } of [one, other]) {
    expect(readBack(bytes, manifest, 'es256')).toMatchObject({
      label,
      form: readBack(one.bytes, one.manifest, 'es256')?.form,
    })
    expect(await byLibrary(bytes)).toMatchObject({ manifest: { label, wellFormed: true, bytesMatch: true } })
  }
})

it('accepts no changed byte of the content, no other manifest, algorithm or rest', () => {
  const { bytes, manifest } = one
  for (let at = 0; at < bytes.length; at += 29)
    expect(readBack(bytes.with(at, bytes[at]! ^ 1), manifest, 'es256'), `byte ${at}`).toBeUndefined()
  expect(readBack(bytes.subarray(0, -1), manifest, 'es256')).toBeUndefined()
  expect(readBack(Buffer.concat([bytes, Buffer.of(0)]), manifest, 'es256')).toBeUndefined()
  expect(readBack(bytes, other.manifest, 'es256')).toBeUndefined()
  for (const alg of ['es384', 'ed25519', 'ps256'] satisfies Algorithm[])
    expect(readBack(bytes, manifest, alg)).toBeUndefined()
  expect(readBack(bytes, new Uint8Array(), 'es256')).toBeUndefined()
})

it('accepts no changed byte of the manifest that the library does not accept', async () => {
  const { bytes, manifest } = one
  const start = Buffer.from(bytes).indexOf(manifest)
  const whole = readBack(bytes, manifest, 'es256')
  let refused = 0
  for (let at = 3; at < manifest.length; at += 17) {
    const changed = bytes.with(start + at, bytes[start + at]! ^ 4)
    const again = readBack(changed, changed.subarray(start, start + manifest.length), 'es256')
    // of another form, it is for the library to read
    if (again?.form !== whole?.form) refused++
    else
      expect(await byLibrary(changed), `byte ${at}`).toMatchObject({
        manifest: { wellFormed: true, label: again?.label },
      })
  }
  expect(refused).toBeGreaterThan(80)
})
