import type { Family } from '../family.ts'
import { SOUND_LIMITS } from '../limits.ts'
import { SOUND_KINDS } from '../sound-kinds.ts'

/** Sound. Decoders are loaded when they are needed, in a content process. */
const family: Family = {
  name: 'sound',
  kinds: SOUND_KINDS,
  most: SOUND_LIMITS.bytes,
  mark: async (bytes, kind, request) => (await import('../sound.ts')).markSound(bytes, kind, request),
  inspect: async (bytes, kind, request) => (await import('../sound.ts')).inspectSound(bytes, kind, request),
}
export default family
