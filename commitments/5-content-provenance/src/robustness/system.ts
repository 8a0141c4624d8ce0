import { newContentId } from '../content.ts'
import { inContentProcessFor } from '../process/content-process.ts'
import type { SystemName } from './evidence.ts'
import { type Medium, wordsOf } from './medium.ts'
import type { ChangeRequest, Finding } from './work.ts'

/** Bytes that carry a mark; `id` where the marker tells which. Or why the file was refused. */
export type Marking = { bytes: Uint8Array; id?: string } | { refused: string }

/** A marker with its detector. What fails throws, and counts neither way. */
export type System = {
  name: SystemName
  mark(plain: Uint8Array, signal: AbortSignal): Promise<Marking>
  /** What is read in a file after a change. */
  find(plain: Uint8Array, request: ChangeRequest, signal: AbortSignal): Promise<Finding>
}

/** Our watermark as `markContent` lays it in, under a key of its own, with nothing registered. */
export function ownSystem(key: Uint8Array, medium: Medium): System {
  const { seconds } = wordsOf(medium)
  return {
    name: 'ours',
    async mark(plain) {
      const contentId = newContentId()
      const { bytes, watermark } = await inContentProcessFor(seconds, 'mark', plain, {
        payload: { service: 1, contentId },
        key,
      })
      return watermark.state === 'embedded' ? { bytes, id: contentId } : { refused: watermark.why }
    },
    find: (plain, request) => inContentProcessFor(seconds, 'found', plain, { ...request, key }),
  }
}
