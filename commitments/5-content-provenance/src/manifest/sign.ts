import { AvouchError } from '@avouch/core/errors'
import { roomFor } from '../media/room.ts'
import { blobOf, loadC2pa, settingsOf } from './c2pa.ts'
import type { Algorithm } from './cose.ts'
import { definitionOf, PARENT, type Statement } from './definition.ts'
import { mayHoldManifest } from './presence.ts'

export type SignRequest = {
  statement: Statement
  /** What the claim is signed by, and how many bytes its COSE structure takes: see `cose.ts`. */
  alg: Algorithm
  size: number
  /** The bytes before marking, where they may hold a manifest to be kept. */
  before: Uint8Array
}
/** Signs a claim: gives the COSE structure over it, of exactly the size that was asked for. */
export type SignClaim = (claim: Uint8Array) => Promise<Uint8Array>

export type SignedContent = { bytes: Uint8Array; manifest: Uint8Array; label: string; parent: boolean }

/** What the library holds at its most for each byte of content: seen at 100 and 250 MiB. */
const ROOM = 6

/**
 * Puts a signed C2PA manifest into content, and reads it back before it is returned. Throws `proof` where the library does
 * not accept what it wrote. `label` is the manifest's identifier.
 */
export async function signContent(
  bytes: Uint8Array,
  request: SignRequest,
  signClaim: SignClaim,
): Promise<SignedContent> {
  await roomFor(ROOM * bytes.length)
  const { WasmBuilder, WasmReader } = await loadC2pa()
  const { statement, before, alg, size } = request
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
    let failure: unknown
    const signer = {
      alg,
      reserveSize: size,
      sign: async (claim: Uint8Array) => {
        try {
          return Uint8Array.from(await signClaim(claim))
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
  if (!mayHoldManifest(bytes)) return false
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
