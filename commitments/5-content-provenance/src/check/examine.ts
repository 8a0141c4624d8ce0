import type { ManifestReading } from '../manifest/manifest.ts'
import type { ReadRequest } from '../manifest/read.ts'
import { kindOf } from '../media/families.ts'
import type { InspectedMedia, InspectRequest } from '../media/family.ts'

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
