import { AvouchError } from '@avouch/core/errors'
import type { ManifestReading } from '../manifest/manifest.ts'
import type { ReadRequest } from '../manifest/read.ts'
import { kindOf, kindOnDisk } from '../media/families.ts'
import type { InspectedMedia, InspectRequest } from '../media/family.ts'
import type { OnDisk } from '../media/on-disk.ts'

export type ExamineRequest = InspectRequest & {
  /** Where there may be a manifest, by which signers it is held to. */
  reading: Omit<ReadRequest, 'mediaType'> | undefined
}

/** What content says of itself: what is seen in it, and the manifest it has. Throws as the family's `inspect`. */
export async function examine(
  bytes: Uint8Array,
  { reading, ...request }: ExamineRequest,
): Promise<{ inspected: InspectedMedia; manifest: ManifestReading }> {
  const { family, kind } = await kindOf(bytes)
  const inspected = await family.inspect(bytes, kind, request)
  if (kind.noManifest !== undefined || reading === undefined)
    return { inspected, manifest: { state: 'absent' } }
  const { readManifest } = await import('../manifest/read.ts')
  return { inspected, manifest: await readManifest(bytes, { mediaType: kind.mediaType, ...reading }) }
}

/** The same of content in a file, of a family that takes files: see `kindOnDisk`. */
export async function examineFile(
  source: OnDisk,
  { reading, ...request }: ExamineRequest,
): Promise<{ inspected: InspectedMedia; manifest: ManifestReading }> {
  const known = await kindOnDisk(source)
  if (known === undefined) throw new AvouchError('internal', 'content of this kind is not read in a file')
  const { family, kind } = known
  const inspected = await family.inspectFile(source, kind, request)
  if (kind.noManifest !== undefined || reading === undefined)
    return { inspected, manifest: { state: 'absent' } }
  const { readManifestOfFile } = await import('../manifest/read.ts')
  return {
    inspected,
    manifest: await readManifestOfFile(source, { mediaType: kind.mediaType, ...reading }),
  }
}
