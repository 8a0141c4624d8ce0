import type { WeightObject } from './object.ts'

/** A closed range of segments. */
export type SegmentRange = [from: number, to: number]

/**
 * Who says whether an object may be read, and records that it is: leases, or a person's word at the command line. Each
 * throws (`forbidden`, or what kept the record from being written), and then nothing is read.
 */
export type Authorise = {
  /** Asked once, before the data key is unwrapped, with all the segments that will be wanted. */
  open(object: WeightObject, segments: SegmentRange): Promise<void>
  /** Asked before each batch of segments is decrypted, so that a lease can end in the middle. */
  read?(object: WeightObject, segments: SegmentRange): Promise<void>
  /** Asked before each segment of an authorised batch, so that a slow reader gets no more than what is on its way. */
  still?(object: WeightObject, segment: number): Promise<void>
}
