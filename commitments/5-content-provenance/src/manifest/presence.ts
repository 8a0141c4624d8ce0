/** What stands in a file, as it is, where a manifest lies in it (the label of its store), or is said to lie elsewhere (XMP). */
const SIGNS = ['c2pa', 'dcterms:provenance']

/** Whether there may be a manifest in a file. Where this says no there is none, and no parser needs to look. */
export function mayHoldManifest(bytes: Uint8Array): boolean {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return SIGNS.some((sign) => text.includes(sign, 0, 'latin1'))
}
