import { sign } from 'node:crypto'
import { type Asset, BMFF, JPEG, PNG } from '@trustnxt/c2pa-ts/asset'
import { CoseAlgorithmIdentifier, type Signer } from '@trustnxt/c2pa-ts/cose'
import { SuperBox } from '@trustnxt/c2pa-ts/jumbf'
import { BMFFHashAssertion, DataHashAssertion, ManifestStore } from '@trustnxt/c2pa-ts/manifest'
import type { Issued } from './certificate.ts'

/**
 * The other implementation of C2PA (c2pa-ts, by TrustNXT): it shares no code with c2pa-rs, by which the product signs and
 * reads. For tests in both directions. It does not check chains of trust.
 */

// it knows the boxes of MP4, and names only still pictures among the brands it opens
const brands = (BMFF as unknown as { canReadBrands: Set<string> }).canReadBrands
for (const brand of ['isom', 'avif', 'M4A ', 'qt  ']) brands.add(brand)

function assetOf(bytes: Uint8Array): Asset {
  if (JPEG.canRead(bytes)) return new JPEG(bytes)
  if (PNG.canRead(bytes)) return new PNG(bytes)
  return new BMFF(bytes)
}

/** Whether it accepts the active manifest for these bytes, and every code that it gives, failures with `!`. */
export async function readForeign(bytes: Uint8Array): Promise<{ valid: boolean; codes: string[] }> {
  const asset = assetOf(bytes)
  const manifests = asset.getManifestJUMBF()
  if (manifests === undefined) throw new Error('it finds no manifest')
  const result = await ManifestStore.read(SuperBox.fromBuffer(Uint8Array.from(manifests))).validate(asset)
  return {
    valid: result.isValid,
    codes: result.statusEntries.map(({ code, success }) => (success ? code : `!${code}`)),
  }
}

/** Content with a manifest that it made and signed by ES256. */
export async function signForeign(bytes: Uint8Array, mediaType: string, by: Issued): Promise<Uint8Array> {
  const asset = assetOf(bytes)
  const signer = signerOf(by)
  const store = new ManifestStore()
  const manifest = store.createManifest({
    assetFormat: mediaType,
    instanceID: 'xmp:iid:example',
    defaultHashAlgorithm: 'SHA-256',
    signer,
  })
  const hash =
    asset instanceof BMFF
      ? BMFFHashAssertion.createV2('jumbf manifest', 'SHA-256')
      : DataHashAssertion.create('SHA-256')
  manifest.addAssertion(hash)
  await asset.ensureManifestSpace(store.measureSize())
  await hash.updateWithAsset(asset)
  await manifest.sign(signer)
  await asset.writeManifestJUMBF(store.getBytes())
  return asset.getDataRange()
}

/** Its own signer gives ES256 as DER, where COSE has the two numbers one after the other (RFC 9053). */
function signerOf({ certificate, privateKey }: Issued): Signer {
  const rawData = Uint8Array.from(certificate.raw).buffer
  return {
    algorithm: CoseAlgorithmIdentifier.ES256,
    // of a certificate it takes the bytes and nothing else
    certificate: { rawData } as Signer['certificate'],
    chainCertificates: [],
    sign: async (payload) => sign('sha256', payload, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  }
}
