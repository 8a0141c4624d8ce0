import type { KeptEvent } from './store.ts'

/** A sealed object among its model's segments. `plainBytes`: what each segment but the last holds. */
export type SealedPlace = { first: number; segments: number; bytes: number; plainBytes: number }
/** How a mapping counts a model. */
export type MappedSize = { segments: number; segmentBytes: number }
type Extent = { from: number; to: number; sealed: SealedPlace }

/**
 * Tells reads that a log's mapping counts in segments of its own as the segments of the same model where it stands
 * sealed: over the bytes of its objects, which both have in the order of their names. What was certainly touched becomes
 * `segments`, what may have been `possible`; they part at the edges, since the log's segments are all that is kept of a
 * range. Undefined where the objects are not the same, by how many segments their bytes would be: then nobody can tell
 * one from the other.
 */
export function placing(
  objects: readonly SealedPlace[],
  { segments, segmentBytes }: MappedSize,
): ((event: KeptEvent) => KeptEvent) | undefined {
  const extents: Extent[] = []
  let next = 0
  for (const sealed of objects) {
    const count = Math.ceil(sealed.bytes / segmentBytes)
    if (count > 0) extents.push({ from: next, to: next + count - 1, sealed })
    next += count
  }
  return next === segments ? (event) => placed(event, extents, segmentBytes) : undefined
}

function placed(event: KeptEvent, extents: readonly Extent[], segmentBytes: number): KeptEvent {
  const extent = extentAt(extents, event.segments?.[0] ?? event.within?.[0])
  if (extent === undefined) return { ...event, segments: undefined, within: undefined, told: 'part' }
  const { first, segments: count } = extent.sealed
  const within: [number, number] = [first, first + count - 1]
  if (event.told === 'part' || event.segments === undefined) return { ...event, segments: undefined, within }
  if (event.told !== 'range') return { ...event, segments: within, within }
  const { certain, possible } = ofRange(event.segments, event.bytes, extent, segmentBytes)
  return { ...event, segments: certain, possible, within }
}

/**
 * One read in a row, of `bytes` where that is told, that began somewhere in the first of these segments and ended
 * somewhere in the last: which sealed segments it touched wherever it lay, and which it may have.
 */
function ofRange(
  [a, b]: readonly [number, number],
  bytes: number | undefined,
  { from, to, sealed }: Extent,
  segmentBytes: number,
): { certain: [number, number] | undefined; possible: [number, number] } {
  const low = (a - from) * segmentBytes
  const high = Math.min(sealed.bytes, (Math.min(b, to) - from + 1) * segmentBytes) - 1
  const lastBegins = Math.max(low, (Math.min(b, to) - from) * segmentBytes)
  const length = Math.min(bytes ?? 1, high - low + 1)
  const latestStart = Math.min(low + segmentBytes - 1, high - length + 1)
  const earliestEnd = Math.max(lastBegins, low + length - 1)
  const at = (byte: number): number =>
    sealed.first + Math.min(sealed.segments - 1, Math.floor(byte / sealed.plainBytes))
  const certain: [number, number] = [at(latestStart), at(earliestEnd)]
  return {
    certain: certain[0] <= certain[1] ? certain : undefined,
    possible: [at(low), at(high)],
  }
}

function extentAt(extents: readonly Extent[], segment: number | undefined): Extent | undefined {
  if (segment === undefined) return undefined
  let [low, high] = [0, extents.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (extents[middle]!.to < segment) low = middle + 1
    else high = middle
  }
  const found = extents[low]
  return found && found.from <= segment && segment <= found.to ? found : undefined
}
