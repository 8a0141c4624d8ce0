import { membersOf, readManifest } from '../manifest/read.ts'
import { type SignRequest, signContent } from '../manifest/sign.ts'
import { kindOf } from '../media/families.ts'
import type { InspectRequest, MarkRequest } from '../media/family.ts'
import { attempted, changed, found, likened, prepared } from '../robustness/work.ts'
import { askBack } from './ask-back.ts'

/** What a content process can be asked to do. Bytes of strangers are decoded and parsed there and nowhere else. */
export const jobs = {
  mark: async (bytes: Uint8Array, request: MarkRequest) => {
    const { family, kind } = await kindOf(bytes)
    return family.mark(bytes, kind, request)
  },
  inspect: async (bytes: Uint8Array, request: InspectRequest) => {
    const { family, kind } = await kindOf(bytes)
    return family.inspect(bytes, kind, request)
  },
  /** The claim is signed by whoever gave the job. */
  sign: (bytes: Uint8Array, request: SignRequest) =>
    signContent(bytes, request, async (claim) => (await askBack('signClaim', claim)) as Uint8Array),
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
