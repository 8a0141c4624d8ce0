import { stat, writeFile } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { OnDisk } from '../media/on-disk.ts'
import { release } from '../media/release.ts'
import { roomFor } from '../media/room.ts'
import { blobOf, loadC2pa, settingsOf, withFileBlob } from './c2pa.ts'
import type { Algorithm } from './cose.ts'
import { definitionOf, PARENT, type Statement } from './definition.ts'
import { mayFileHoldManifest, mayHoldManifest } from './presence.ts'
import { readBack } from './read-back.ts'

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

/** What the library holds at its most for each byte of content, be it in a file: seen at 100 and 250 MiB. It is what it writes. */
const ROOM = 6

/**
 * Puts a signed C2PA manifest into content, and reads it back before it is returned: see `readBack`, and by the library where
 * that does not do. Throws `proof` where the library does not accept what it wrote. `label` is the manifest's identifier.
 */
export async function signContent(
  bytes: Uint8Array,
  request: SignRequest,
  signClaim: SignClaim,
): Promise<SignedContent> {
  await roomFor(ROOM * bytes.length)
  const { mediaType } = request.statement
  const { before } = request
  const { asset, manifest, parent } = await signed(
    {
      content: blobOf(bytes, mediaType),
      before: blobOf(before, mediaType),
      mayHold: mayHoldManifest(before),
    },
    request,
    signClaim,
  )
  return { bytes: asset, manifest, label: await labelHeld(asset, manifest, request), parent }
}

/**
 * Forms of manifests that the library read back and accepted: made for one kind of file, with the same assertions, and
 * signed by the same certificate. Of others of such a form only digests and signature are others, and those are checked
 * without it, which is quicker.
 */
const accepted = new Set<string>()

async function labelHeld(
  asset: Uint8Array,
  manifest: Uint8Array,
  { statement, alg }: Pick<SignRequest, 'statement' | 'alg'>,
): Promise<string> {
  const { mediaType, family, contentId } = statement
  const held = readBack(asset, manifest, alg)
  const form = JSON.stringify([mediaType, family, contentId === undefined, alg, held?.form])
  if (held && accepted.has(form)) return held.label
  const label = await labelOf(blobOf(asset, mediaType), mediaType)
  if (held?.label === label) accepted.add(form)
  return label
}

/** The same of content in a file, which is replaced by the signed one; `before` lies in a file too. */
export async function signFile(
  file: string,
  { before, ...request }: Omit<SignRequest, 'before'> & { before: OnDisk },
  signClaim: SignClaim,
): Promise<Omit<SignedContent, 'bytes'>> {
  const { size } = await stat(file)
  await roomFor(ROOM * size)
  const { mediaType } = request.statement
  const mayHold = await mayFileHoldManifest(before)
  const { asset, manifest, parent } = await withFileBlob({ file, size }, mediaType, (content) =>
    withFileBlob(before, mediaType, (former) =>
      signed({ content, before: former, mayHold }, request, signClaim),
    ),
  )
  await writeFile(file, asset)
  const written = { file, size: asset.length }
  release(asset)
  const label = await withFileBlob(written, mediaType, (blob) => labelOf(blob, mediaType))
  return { manifest, label, parent }
}

type Given = { content: Blob; before: Blob; mayHold: boolean }

async function signed(
  { content, before, mayHold }: Given,
  { statement, alg, size }: Omit<SignRequest, 'before'>,
  signClaim: SignClaim,
): Promise<{ asset: Uint8Array; manifest: Uint8Array; parent: boolean }> {
  const { WasmBuilder } = await loadC2pa()
  const { mediaType } = statement
  const settings = settingsOf()
  const parent = mayHold && (await hasManifest(before, mediaType))
  const builder = WasmBuilder.fromJson(JSON.stringify(definitionOf(statement, parent)), settings)
  try {
    if (parent)
      await builder.addIngredientFromBlob(
        JSON.stringify({ relationship: 'parentOf', label: PARENT, format: mediaType }),
        mediaType,
        before,
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
    const made: { asset: Uint8Array; manifest: Uint8Array } = await builder
      .signAndGetManifestBytes(signer, [], mediaType, content)
      .catch((error: unknown) => {
        throw failure ?? refused(error)
      })
    return { ...made, parent }
  } finally {
    builder.free()
  }
}

/** The identifier of the manifest in what was signed. Throws `proof` where it does not hold. */
async function labelOf(asset: Blob, mediaType: string): Promise<string> {
  const { WasmReader } = await loadC2pa()
  const reader = await WasmReader.fromBlob(mediaType, asset, settingsOf())
  try {
    const state = (JSON.parse(reader.json()) as { validation_state?: string }).validation_state
    const label = reader.activeLabel()
    if ((state !== 'Valid' && state !== 'Trusted') || label === undefined)
      throw new AvouchError('proof', 'the manifest does not hold when it is read back')
    return label
  } finally {
    reader.free()
  }
}

async function hasManifest(content: Blob, mediaType: string): Promise<boolean> {
  const { WasmReader } = await loadC2pa()
  try {
    const reader = await WasmReader.fromBlob(mediaType, content, settingsOf())
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
