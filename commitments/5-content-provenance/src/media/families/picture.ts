import type { Family } from '../family.ts'
import { PICTURE_LIMITS } from '../limits.ts'
import { PICTURE_KINDS } from '../picture-kinds.ts'

/** Still pictures. The decoder is loaded when it is needed, in a content process. */
const family: Family = {
  name: 'picture',
  kinds: PICTURE_KINDS,
  most: PICTURE_LIMITS.bytes,
  mark: async (bytes, kind, request) => (await import('../picture.ts')).markPicture(bytes, kind, request),
  inspect: async (bytes, kind, request) =>
    (await import('../picture.ts')).inspectPicture(bytes, kind, request),
}
export default family
