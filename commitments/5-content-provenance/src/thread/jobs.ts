import { membersOf, readManifest } from '../manifest/read.ts'
import { signContent } from '../manifest/sign.ts'
import { kindOf } from '../media/families.ts'
import type { InspectRequest, MarkRequest } from '../media/family.ts'
import { attempted, changed, found, likened, prepared } from '../robustness/work.ts'

/** What the content thread can be asked to do. Bytes of strangers are decoded and parsed there and nowhere else. */
export const jobs = {
  mark: async (bytes: Uint8Array, request: MarkRequest) => {
    const { family, kind } = await kindOf(bytes)
    return family.mark(bytes, kind, request)
  },
  inspect: async (bytes: Uint8Array, request: InspectRequest) => {
    const { family, kind } = await kindOf(bytes)
    return family.inspect(bytes, kind, request)
  },
  sign: signContent,
  read: readManifest,
  members: membersOf,
  // trying how robust marks are
  prepared,
  likened,
  changed,
  found,
  attempted,
}

export type Jobs = typeof jobs
