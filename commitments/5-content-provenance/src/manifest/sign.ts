import { createPrivateKey } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { blobOf, loadC2pa, settingsOf } from './c2pa.ts'
import { algorithmOf, coseSign1 } from './cose.ts'
import { definitionOf, PARENT, type Statement } from './definition.ts'
import { STAMP_BYTES, stampBy } from './time-stamp.ts'

export type SignRequest = {
  statement: Statement
  /** Certificates in DER, signer first; the key in PKCS #8 DER. */
  chain: Uint8Array[]
  key: Uint8Array
  /** A time-stamping authority's address, where one is configured. */
  stampUrl: string | undefined
  /** The bytes before marking, where they may hold a manifest to be kept. */
  before: Uint8Array
}

export type SignedContent = { bytes: Uint8Array; manifest: Uint8Array; label: string; parent: boolean }

/**
 * Puts a signed C2PA manifest into content, and reads it back before it is returned. Throws `proof` where the library does
 * not accept what it wrote. `label` is the manifest's identifier.
 */
export async function signContent(bytes: Uint8Array, request: SignRequest): Promise<SignedContent> {
  const { WasmBuilder, WasmReader } = await loadC2pa()
  const { statement, chain, before, stampUrl } = request
  const { mediaType } = statement
  const settings = settingsOf()
  const parent = await hasManifest(before, mediaType)
  const builder = WasmBuilder.fromJson(JSON.stringify(definitionOf(statement, parent)), settings)
  try {
    if (parent)
      await builder.addIngredientFromBlob(
        JSON.stringify({ relationship: 'parentOf', label: PARENT, format: mediaType }),
        mediaType,
        blobOf(before, mediaType),
      )
    const key = createPrivateKey({ key: Buffer.from(request.key), format: 'der', type: 'pkcs8' })
    const size = chain.reduce((sum, one) => sum + one.length + 8, 2_048) + (stampUrl ? STAMP_BYTES : 0)
    let failure: unknown
    const signer = {
      alg: algorithmOf(key),
      reserveSize: size,
      sign: async (claim: Uint8Array) => {
        try {
          const stamp = stampUrl === undefined ? undefined : stampBy(stampUrl)
          return Uint8Array.from(await coseSign1(claim, { key, chain, size, ...(stamp && { stamp }) }))
        } catch (error) {
          failure = error
          throw error
        }
      },
    }
    const signed: { asset: Uint8Array; manifest: Uint8Array } = await builder
      .signAndGetManifestBytes(signer, [], mediaType, blobOf(bytes, mediaType))
      .catch((error: unknown) => {
        throw failure ?? refused(error)
      })
    const reader = await WasmReader.fromBytes(mediaType, signed.asset, settings)
    try {
      const state = (JSON.parse(reader.json()) as { validation_state?: string }).validation_state
      const label = reader.activeLabel()
      if ((state !== 'Valid' && state !== 'Trusted') || label === undefined)
        throw new AvouchError('proof', 'the manifest does not hold when it is read back')
      return { bytes: signed.asset, manifest: signed.manifest, label, parent }
    } finally {
      reader.free()
    }
  } finally {
    builder.free()
  }
}

async function hasManifest(bytes: Uint8Array, mediaType: string): Promise<boolean> {
  const { WasmReader } = await loadC2pa()
  try {
    const reader = await WasmReader.fromBytes(mediaType, bytes, settingsOf())
    reader.free()
    return true
  } catch {
    // none, or one that nobody can read: there is nothing to keep
    return false
  }
}

function refused(error: unknown): AvouchError {
  const said = error instanceof Error ? error.message : String(error)
  return new AvouchError('proof', `the C2PA library did not sign: ${said.slice(0, 200)}`, { cause: error })
}
