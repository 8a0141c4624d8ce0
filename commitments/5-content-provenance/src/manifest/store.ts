import { AvouchError } from '@avouch/core/errors'

/** A manifest in a store: its identifier, and its box with all that is in it. */
type Held = { label: string; box: Uint8Array }

/** The manifests of a store (C2PA 2.x, "JUMBF"; ISO 19566-5), the active one last. Throws `input` where it is no store. */
export function manifestsIn(store: Uint8Array): Held[] {
  const [outer, ...more] = boxes(store)
  if (outer === undefined || more.length > 0 || outer.type !== 'jumb') throw noStore()
  const [description, ...inner] = boxes(outer.content)
  if (description?.type !== 'jumd' || labelOf(description.content) !== 'c2pa') throw noStore()
  return inner
    .filter(({ type }) => type === 'jumb')
    .map(({ whole, content }) => ({ label: labelOf(boxes(content)[0]?.content), box: whole }))
}

/** A store of the active manifest alone, without those it was made from. Throws `input` where it is no store. */
export function activeAlone(store: Uint8Array): Uint8Array {
  const active = manifestsIn(store).at(-1)
  if (active === undefined) throw noStore()
  const description = boxes(boxes(store)[0]!.content)[0]!.whole
  const alone = Buffer.concat([Buffer.alloc(8), description, active.box])
  alone.writeUInt32BE(alone.length, 0)
  alone.write('jumb', 4, 'latin1')
  return new Uint8Array(alone)
}

export type Box = { type: string; whole: Uint8Array; content: Uint8Array }

/** The boxes that lie one behind the other in these bytes. Throws `input` where they are none. */
export function boxes(bytes: Uint8Array): Box[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const found: Box[] = []
  for (let at = 0; at < view.length; ) {
    const size = at + 8 <= view.length ? view.readUInt32BE(at) : 0
    if (size < 8 || at + size > view.length) throw noStore()
    found.push({
      type: view.toString('latin1', at + 4, at + 8),
      whole: bytes.subarray(at, at + size),
      content: bytes.subarray(at + 8, at + size),
    })
    at += size
  }
  return found
}

/** The label that a description box gives: 16 bytes of type and one of toggles come before the label, a zero behind it. */
export function labelOf(description: Uint8Array | undefined): string {
  const end = description?.indexOf(0, 17) ?? -1
  if (end < 0) throw noStore()
  return Buffer.from(description!.subarray(17, end)).toString('utf8')
}

function noStore(): AvouchError {
  return new AvouchError('input', 'this is no C2PA manifest store')
}
