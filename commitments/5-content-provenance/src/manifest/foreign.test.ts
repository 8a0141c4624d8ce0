import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { SIGNING_USES } from './c2pa.ts'
import { type Issued, issueRoot, issueSigner } from './certificate.ts'
import { pemOf } from './credential.ts'
import { readForeign, signForeign } from './foreign.fixture.ts'
import { mayFileHoldManifest } from './presence.ts'
import { readManifest, readManifestOfFile } from './read.ts'
import { sealOf } from './seal.ts'
import { signContent, signFile } from './sign.ts'
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
  const sealing = (mediaType: string) => {
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
    return { statement, ...seal }
  }
  const sign = async (bytes: Uint8Array, mediaType: string) => {
    const { signClaim, ...seal } = sealing(mediaType)
    return (await signContent(bytes, { before: bytes, ...seal }, signClaim)).bytes
  }

  it('accepts what we sign in a file, of which no more is held than is read; so do we', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'avouch-sign-test-'))
    try {
      const [before, file] = [join(folder, 'before'), join(folder, 'in')]
      const given = await sign(await picture('png'), 'image/png')
      for (const path of [before, file]) await writeFile(path, given)
      const { signClaim, ...seal } = sealing('image/png')
      const source = { file: before, size: given.length }
      const signed = await signFile(file, { before: source, ...seal }, signClaim)
      expect(signed.parent).toBe(true)
      const bytes = new Uint8Array(await readFile(file))
      expect(await readForeign(bytes)).toMatchObject({ valid: true })
      const request = { mediaType: 'image/png', anchors: pemOf(root.certificate), own: undefined }
      const read = await readManifestOfFile({ file, size: bytes.length }, request)
      expect(read).toEqual(await readManifest(bytes, request))
      expect(read).toMatchObject({
        manifest: { label: signed.label, trusted: true, bytesMatch: true, parents: 1 },
      })
      expect(await mayFileHoldManifest(source)).toBe(true)
      await writeFile(before, Buffer.concat([Buffer.alloc(2 ** 20 - 2), Buffer.from('c2p')]))
      expect(await mayFileHoldManifest({ file: before, size: 2 ** 20 + 1 })).toBe(false)
      await writeFile(before, Buffer.concat([Buffer.alloc(2 ** 20 - 2), Buffer.from('c2pa')]))
      expect(await mayFileHoldManifest({ file: before, size: 2 ** 20 + 2 })).toBe(true)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

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
