import { type OnDisk, piecesOf } from '../media/on-disk.ts'

/** What stands in a file, as it is, where a manifest lies in it (the label of its store), or is said to lie elsewhere (XMP). */
const SIGNS = ['c2pa', 'dcterms:provenance']

/** Whether there may be a manifest in a file. Where this says no there is none, and no parser needs to look. */
export function mayHoldManifest(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return SIGNS.some((sign) => text.includes(sign, 0, 'latin1'))
}

/** The same of a file, a piece of which is held at a time. */
export async function mayFileHoldManifest(source: OnDisk): Promise<boolean> {
  const overlap = Math.max(...SIGNS.map(({ length }) => length)) - 1
  for await (const piece of piecesOf(source, overlap)) if (mayHoldManifest(piece)) return true
  return false
}
