import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { SIGNING_USES } from './c2pa.ts'
import { type Issued, issueRoot, issueSigner } from './certificate.ts'
import { pemOf } from './credential.ts'
import { readForeign, signForeign } from './foreign.fixture.ts'
import { readManifest } from './read.ts'
import { sealOf } from './seal.ts'
import { signContent } from './sign.ts'
import { signerOfKey } from './signer.ts'

let root: Issued
let signer: Issued
const picture = (format: 'jpeg' | 'png' | 'avif') =>
  sharp({ create: { width: 48, height: 32, channels: 3, background: '#456' } })
    .toFormat(format)
    .toBuffer()
    .then((bytes) => new Uint8Array(bytes))

beforeAll(() => {
  root = issueRoot('Example Company', new Date())
  signer = issueSigner(root, 'Example Company', SIGNING_USES.slice(0, 2), new Date())
})

describe('another implementation of C2PA', () => {
  const sign = async (bytes: Uint8Array, mediaType: string) => {
    const chain = [signer.certificate, root.certificate]
    const seal = sealOf({
      credential: { chain, signer: signerOfKey(signer.privateKey) },
      stampUrl: undefined,
    })
    const statement = {
      family: 'picture',
      maker: { service: 'pictures', model: 'example-model@2.0' },
      contentId: '0123456789ab',
      fingerprint: 'a5'.repeat(32),
      when: new Date(),
      mediaType,
      version: '0.1.0',
    }
    return (await signContent(bytes, { statement, before: bytes, ...seal }, seal.signClaim)).bytes
  }

  it.each([
    ['jpeg', 'assertion.dataHash.match'],
    ['png', 'assertion.dataHash.match'],
    ['avif', 'assertion.bmffHash.match'],
  ] as const)('accepts what we sign in %s, and no byte of it changed', async (format, match) => {
    const bytes = await sign(await picture(format), `image/${format}`)
    const read = await readForeign(bytes)
    expect(read.valid).toBe(true)
    expect(read.codes).toEqual(expect.arrayContaining(['claimSignature.validated', match]))
    bytes[bytes.length - 3]! ^= 1
    const changed = await readForeign(bytes)
    expect(changed.valid).toBe(false)
    expect(changed.codes).toContain(`!${match}`.replace('.match', '.mismatch'))
  })

  it.each(['jpeg', 'png'] as const)('signs %s that we accept, and no byte of it changed', async (format) => {
    const mediaType = `image/${format}`
    const bytes = await signForeign(await picture(format), mediaType, signer)
    const read = async (anchors: string | undefined) => {
      const reading = await readManifest(bytes, { mediaType, anchors, own: undefined })
      return reading.state === 'found' ? reading.manifest : reading
    }
    expect(await read(undefined)).toMatchObject({ signatureHolds: true, bytesMatch: true, trusted: false })
    expect(await read(pemOf(root.certificate))).toMatchObject({ trusted: true, bytesMatch: true })
    bytes[bytes.length - 3]! ^= 1
    expect(await read(undefined)).toMatchObject({ signatureHolds: true, bytesMatch: false })
  })
})
