import type { Family } from '../family.ts'
import { SOUND_LIMITS } from '../limits.ts'
import { toldSeconds } from '../sound/length.ts'
import { SOUND_KINDS } from '../sound-kinds.ts'

/** Seconds of sound that are marked or looked at within a minute, on a machine with much other work too. */
const SOON = 600

/** Sound. Decoders are loaded when they are needed, in a content process. */
const family: Family = {
  name: 'sound',
  kinds: SOUND_KINDS,
  most: SOUND_LIMITS.bytes,
  secondsFor: (bytes, kind) =>
    toldSeconds(bytes, kind) > SOON
      ? { mark: SOUND_LIMITS.markSeconds, inspect: SOUND_LIMITS.inspectSeconds }
      : undefined,
  mark: async (bytes, kind, request) => (await import('../sound.ts')).markSound(bytes, kind, request),
  inspect: async (bytes, kind, request) => (await import('../sound.ts')).inspectSound(bytes, kind, request),
}
export default family
