import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import sharp from 'sharp'
import { beforeAll, describe, expect, it } from 'vitest'
import { SIGNING_USES } from './c2pa.ts'
import { type Issued, issueRoot, issueSigner } from './certificate.ts'
import { credentialOf, pemOf } from './credential.ts'
import { explainManifest } from './explain.ts'
import type { Manifest, ManifestReading } from './manifest.ts'
import { mayHoldManifest } from './presence.ts'
import { readManifest } from './read.ts'
import { sealOf } from './seal.ts'
import { readSecond } from './second-reader.fixture.ts'
import { type SignedContent, signContent } from './sign.ts'
import { signerOfKey } from './signer.ts'
import { startAuthority } from './time-stamp.fixture.ts'

const JPEG = 'image/jpeg'
const vectors = new URL('../../../../../shared/vectors/c2pa/', import.meta.url)
const vector = (name: string) => new Uint8Array(readFileSync(new URL(`adobe-20220124-${name}.jpg`, vectors)))
const now = new Date('2026-11-20T10:11:12Z')

const found = (reading: ManifestReading): Manifest => {
  if (reading.state !== 'found') throw new Error(`no manifest: ${JSON.stringify(reading)}`)
  return reading.manifest
}
const read = async (bytes: Uint8Array, anchors?: string) =>
  found(await readManifest(bytes, { mediaType: JPEG, anchors, own: undefined }))

describe('a manifest of ours', () => {
  let root: Issued
  let signer: Issued
  let plain: Uint8Array
  let signed: SignedContent
  const sign = (bytes: Uint8Array, mediaType = JPEG, stampUrl?: string) => {
    const chain = [signer.certificate, root.certificate]
    const seal = sealOf({ credential: { chain, signer: signerOfKey(signer.privateKey) }, stampUrl })
    const statement = {
      family: 'picture',
      maker: { service: 'pictures', model: 'example-model@2.0' },
      contentId: '0123456789ab',
      fingerprint: 'a5'.repeat(32),
      when: now,
      mediaType,
      version: '0.1.0',
    }
    return signContent(bytes, { statement, before: bytes, ...seal }, seal.signClaim)
  }

  beforeAll(async () => {
    root = issueRoot('Example Company', new Date())
    signer = issueSigner(root, 'Example Company', SIGNING_USES.slice(0, 2), new Date())
    plain = new Uint8Array(
      await sharp({ create: { width: 48, height: 32, channels: 3, background: '#456' } })
        .jpeg()
        .toBuffer(),
    )
    signed = await sign(plain)
  })

  it('is accepted by a second reader, which shares no code with the first', () => {
    const second = readSecond(signed.bytes)
    expect(second).toMatchObject({
      label: signed.label,
      assertions: ['c2pa.actions.v2', 'c2pa.soft-binding', 'c2pa.soft-binding__1', 'c2pa.hash.data'],
      bytesMatch: true,
      assertionsMatch: true,
      signatureHolds: true,
      chainHolds: true,
    })
    expect(second.signer.raw.equals(signer.certificate.raw)).toBe(true)
    const changed = Uint8Array.from(signed.bytes)
    changed[changed.length - 10]! ^= 1
    expect(readSecond(changed)).toMatchObject({ bytesMatch: false, signatureHolds: true })
  })

  it('says what made the content and where its marks point, to the minute and no more', async () => {
    const manifest = await read(signed.bytes)
    expect(manifest.actions).toEqual([
      {
        action: 'c2pa.created',
        when: '2026-11-20T10:11:00Z',
        agent: 'pictures example-model@2.0',
        source: 'trainedAlgorithmicMedia',
      },
      { action: 'c2pa.watermarked.bound', when: '2026-11-20T10:11:00Z', agent: undefined, source: undefined },
    ])
    expect(manifest.softBindings).toEqual([
      { alg: 'dev.avouch.watermark.picture.1', value: '0123456789ab' },
      { alg: 'dev.avouch.fingerprint.picture.1', value: 'a5'.repeat(32) },
    ])
    expect(manifest).toMatchObject({ signatureHolds: true, bytesMatch: true, wellFormed: true, parents: 0 })
  })

  it('is trusted only where its root is on the trust list', async () => {
    expect(await read(signed.bytes)).toMatchObject({ wellFormed: true, trusted: false })
    const other = issueRoot('Example Other', new Date())
    expect(await read(signed.bytes, pemOf(other.certificate))).toMatchObject({ trusted: false })
    expect(await read(signed.bytes, pemOf(root.certificate))).toMatchObject({ trusted: true })
  })

  it('is known as our own by who issued its certificate, not by a serial number anyone can copy', async () => {
    const serials = [BigInt(`0x${signer.certificate.serialNumber}`).toString()]
    const asked = (anchors: string) =>
      readManifest(signed.bytes, { mediaType: JPEG, anchors: undefined, own: { anchors, serials } })
    expect(found(await asked(pemOf(root.certificate))).own).toBe(true)
    const stranger = issueRoot('Example Company', new Date())
    expect(found(await asked(pemOf(stranger.certificate))).own).toBe(false)
  })

  it('keeps an older manifest as the parent of what was opened', async () => {
    const again = await sign(signed.bytes)
    expect(again.parent).toBe(true)
    const manifest = await read(again.bytes)
    expect(manifest).toMatchObject({ parents: 1, wellFormed: true })
    expect(manifest.actions.map(({ action }) => action)).toEqual([
      'c2pa.opened',
      'c2pa.edited',
      'c2pa.watermarked.bound',
    ])
  })

  it.each(['png', 'webp', 'avif', 'tiff'] as const)('is carried by %s too', async (format) => {
    const bytes = new Uint8Array(await sharp(plain).toFormat(format).toBuffer())
    const mediaType = `image/${format}`
    const { bytes: carrying } = await sign(bytes, mediaType)
    expect([bytes, carrying].map(mayHoldManifest)).toEqual([false, true])
    const reading = await readManifest(carrying, { mediaType, anchors: undefined, own: undefined })
    expect(found(reading)).toMatchObject({ wellFormed: true, bytesMatch: true })
  })

  describe.runIf(spawnSync('openssl', ['version']).status === 0)('is dated (needs openssl)', () => {
    it('by an authority of RFC 3161, whose stamp is over the signature; without an answer nothing is signed', async () => {
      const authority = await startAuthority()
      try {
        const dated = await sign(plain, JPEG, authority.url)
        expect(authority.asked()).toBe(1)
        const manifest = await read(dated.bytes)
        expect(manifest).toMatchObject({ wellFormed: true, signedAt: { stamped: false } })
        expect(Math.abs(Date.parse(manifest.signedAt!.at) - Date.now())).toBeLessThan(600_000)
        await expect(sign(plain, JPEG, `${authority.url}nothing`)).rejects.toMatchObject({ code: 'network' })
      } finally {
        await authority.close()
      }
    })
  })

  it('is absent from what carries none', async () => {
    expect(await readManifest(plain, { mediaType: JPEG, anchors: undefined, own: undefined })).toEqual({
      state: 'absent',
    })
  })

  it('is signed only with a certificate that may, and its own key', () => {
    const pem = (key: Issued) => Buffer.from(key.privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const chain = (...certificates: Issued[]) =>
      Buffer.from(certificates.map(({ certificate }) => pemOf(certificate)).join(''))
    expect(credentialOf(chain(signer, root), pem(signer)).chain).toHaveLength(2)
    expect(() => credentialOf(chain(signer, root), pem(root))).toThrow('not that of the first')
    expect(() => credentialOf(chain(root, root), pem(root))).toThrow('authority')
    expect(() => credentialOf(chain(signer), pem(signer))).toThrow('issuer is missing')
    expect(() => credentialOf(chain(signer, signer), pem(signer))).toThrow('not signed by the next')
    const server = issueSigner(root, 'Example Company', ['1.3.6.1.5.5.7.3.1'], new Date())
    expect(() => credentialOf(chain(server, root), pem(server))).toThrow('extended key usage')
  })

  describe.runIf(existsSync(vectors))('beside those of others (needs ../shared/vectors)', () => {
    it('explains a valid one without trusting it', async () => {
      const reading = await readManifest(vector('CA'), {
        mediaType: JPEG,
        anchors: undefined,
        own: undefined,
      })
      expect(found(reading)).toMatchObject({ wellFormed: true, bytesMatch: true, trusted: false, own: false })
      const words = explainManifest(reading).join(' ')
      expect(words).toContain('unchanged since it was signed')
      expect(words).toContain('Not trusted: anyone can make such a signature')
      expect(words).not.toMatch(/^Trusted|\. Trusted/)
    })

    it('says of a wrong signature that nothing can be relied on, of changed bytes that they were changed', async () => {
      expect(await read(vector('E-sig-CA'))).toMatchObject({ signatureHolds: false, wellFormed: false })
      const changed = await readManifest(vector('XCA'), {
        mediaType: JPEG,
        anchors: undefined,
        own: undefined,
      })
      expect(found(changed)).toMatchObject({ signatureHolds: true, bytesMatch: false, wellFormed: false })
      expect(explainManifest(changed).join(' ')).toContain('CHANGED')
    })

    it('keeps theirs when it is added', async () => {
      const bytes = vector('CA')
      expect(await read((await sign(bytes)).bytes)).toMatchObject({ parents: 1, wellFormed: true })
    })
  })
})
