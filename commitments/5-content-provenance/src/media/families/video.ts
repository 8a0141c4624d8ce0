import type { Family } from '../family.ts'
import { VIDEO_LIMITS } from '../video/limits.ts'
import { VIDEO_KINDS } from '../video-kinds.ts'

/** Moving pictures with their sound, through ffmpeg where there is one. */
const family: Family = {
  name: 'video',
  kinds: VIDEO_KINDS,
  most: VIDEO_LIMITS.bytes,
  secondsFor: () => ({ mark: VIDEO_LIMITS.markSeconds, inspect: VIDEO_LIMITS.inspectSeconds }),
  mark: async (bytes, kind, request) => (await import('../video.ts')).markVideo(bytes, kind, request),
  inspect: async (bytes, kind, request) => (await import('../video.ts')).inspectVideo(bytes, kind, request),
  markFile: async (source, kind, request, out) =>
    (await import('../video.ts')).markVideoFile(source, kind, request, out),
  inspectFile: async (source, kind, request) =>
    (await import('../video.ts')).inspectVideoFile(source, kind, request),
}
export default family
