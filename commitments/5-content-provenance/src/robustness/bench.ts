import type { FoundMark, InspectedMedia, Look } from '../media/family.ts'
import type { Payload } from '../watermark/code/payload.ts'
import type { Measure, Medium, Size } from './medium.ts'

/** How near a marked file is to the original, in each measure of its medium. */
export type Quality = Partial<Record<Measure, number>>

/**
 * How files of one medium are worked with for the table, in a content process: `bench/<medium>.ts`, whose default export it
 * is. `M` is a file in memory, the same that the attacks of the medium take. `read` throws `input` or `limit`.
 */
export type Bench<M = unknown> = {
  read(bytes: Uint8Array): Promise<M>
  /** In the plain form of the medium. */
  write(file: M): Promise<Uint8Array>
  sizeOf(file: M): Size
  /** Throws `input` where the two cannot be compared. */
  likened(original: M, marked: M): Promise<Quality> | Quality
  /** Our watermark alone, for schemes. */
  mark(file: M, payload: Payload, key: Uint8Array): Promise<M> | M
  detect(file: M, key: Uint8Array): Promise<FoundMark | undefined> | FoundMark | undefined
  /** What marking would register of it: asked of what `mark` gave, and of what was looked at by `detect`. */
  look(file: M): Look
  /** What a check compares with that, of what was looked at by `detect`. */
  view(file: M, mark: FoundMark): InspectedMedia['view']
}

/** Loaded where it is needed: decoders come with it. */
export async function benchOf(medium: Medium): Promise<Bench> {
  return ((await import(`./bench/${medium}.ts`)) as { default: Bench }).default
}
