import { AvouchError } from '@avouch/core/errors'
import { plainBytes } from '../floe/parameters.ts'
import type { SegmentRange } from './authorise.ts'
import { parametersOf, type WeightObject } from './object.ts'
import type { OpenedObject } from './open.ts'

/** Segments that are authorised, and read, at a time. */
export const BATCH_SEGMENTS = 16

/** The plaintext bytes of a range of segments, both ends included. */
export function bytesOf(object: WeightObject, [from, to]: SegmentRange): { start: number; end: number } {
  const full = plainBytes(parametersOf(object.segmentBytes))
  return { start: from * full, end: Math.min(object.bytes, (to + 1) * full) - 1 }
}

/** The segments that hold the plaintext bytes from `start` to `end`, both included. Throws `input` for bytes it has not. */
export function segmentsOf(object: WeightObject, start: number, end: number): SegmentRange {
  const isRange = Number.isSafeInteger(start) && Number.isSafeInteger(end)
  if (!isRange || start < 0 || start > end || end >= object.bytes)
    throw new AvouchError('input', `the object has no bytes ${start}-${end}`, {
      fix: `It has ${object.bytes} bytes, counted from 0.`,
    })
  const full = plainBytes(parametersOf(object.segmentBytes))
  return [Math.floor(start / full), Math.floor(end / full)]
}

/**
 * The plaintext of the opened segments, in order, in pieces; with `range`, only those bytes (from `start` to `end`, both
 * included, within the opened segments). Each segment is authenticated before any piece of it is given out, each batch
 * authorised before it is read. A consumer that stops early is charged a batch at most.
 */
export async function* readPlaintext(
  opened: OpenedObject,
  range: { start: number; end: number } = bytesOf(opened.object, opened.segments),
): AsyncIterable<Buffer> {
  const { object, layout, segments } = opened
  if (range.end < range.start) return
  const [from, to] = segmentsOf(object, range.start, range.end)
  if (from < segments[0] || to > segments[1])
    throw new AvouchError('forbidden', `segments ${from}-${to} are not among those that were opened`, {
      where: `segments ${segments[0]}-${segments[1]}`,
    })
  for (let batch = from; batch <= to; batch += BATCH_SEGMENTS) {
    const last = Math.min(to, batch + BATCH_SEGMENTS - 1)
    await opened.authorise.read?.(object, [batch, last])
    for (let segment = batch; segment <= last; segment++) {
      await opened.authorise.still?.(object, segment)
      let { plainOffset: at } = layout.at(segment)
      for (const piece of await decryptSegment(opened, segment)) {
        const skip = Math.max(0, range.start - at)
        const keep = Math.min(piece.length, range.end + 1 - at)
        if (skip < keep) yield piece.subarray(skip, keep)
        at += piece.length
      }
    }
  }
}

type Readable = Pick<OpenedObject, 'floe' | 'layout' | 'reader'>

/**
 * One segment's plaintext, authenticated whole. Throws `proof` where it was changed, or is not there. `place` is for the
 * ciphertext, of a whole segment's size; without it, memory is taken each time.
 */
export async function decryptSegment(
  { floe, layout, reader }: Readable,
  segment: number,
  place?: Buffer,
): Promise<Buffer[]> {
  const { offset, length, final } = layout.at(segment)
  const sealed = place?.subarray(0, length) ?? Buffer.allocUnsafe(length)
  const read = await reader.read(sealed, offset)
  if (read !== length)
    throw new AvouchError('proof', `The encrypted object ends in segment ${segment}: it was cut`, {
      where: `segment ${segment}`,
      fix: 'Restore the object from a copy.',
    })
  return floe.decryptPieces(sealed, segment, final)
}
