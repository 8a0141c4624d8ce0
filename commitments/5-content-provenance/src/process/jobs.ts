import { examine, examineFile } from '../check/examine.ts'
import type * as Read from '../manifest/read.ts'
import type { SignRequest } from '../manifest/sign.ts'
import { type MarkAndSignRequest, markAndSign, markAndSignFile } from '../mark/mark-and-sign.ts'
import { kindOf } from '../media/families.ts'
import type { InspectRequest } from '../media/family.ts'
import type { OnDisk } from '../media/on-disk.ts'
import type * as Robustness from '../robustness/work.ts'
import { askBack } from './ask-back.ts'

/**
 * What a content process can be asked to do. Bytes of strangers are decoded and parsed there and nowhere else. What a job
 * needs is loaded with the first of its kind: most processes are never asked for most of it, and start and work quicker
 * without.
 */
export const jobs = {
  mark: (bytes: Uint8Array, request: MarkAndSignRequest) => markAndSign(bytes, request, signClaim),
  markFile: (source: OnDisk, out: string, request: MarkAndSignRequest) =>
    markAndSignFile(source, out, request, signClaim),
  examine,
  examineFile,
  inspect: async (bytes: Uint8Array, request: InspectRequest) => {
    const { family, kind } = await kindOf(bytes)
    return family.inspect(bytes, kind, request)
  },
  sign: async (bytes: Uint8Array, request: SignRequest) => {
    const { signContent } = await import('../manifest/sign.ts')
    return signContent(bytes, request, signClaim)
  },
  read: async (...given: Parameters<typeof Read.readManifest>) => (await reading()).readManifest(...given),
  members: async (...given: Parameters<typeof Read.membersOf>) => (await reading()).membersOf(...given),
  // trying how robust marks are
  prepared: async (...given: Parameters<typeof Robustness.prepared>) => (await trying()).prepared(...given),
  likened: async (...given: Parameters<typeof Robustness.likened>) => (await trying()).likened(...given),
  changed: async (...given: Parameters<typeof Robustness.changed>) => (await trying()).changed(...given),
  found: async (...given: Parameters<typeof Robustness.found>) => (await trying()).found(...given),
  attempted: async (...given: Parameters<typeof Robustness.attempted>) =>
    (await trying()).attempted(...given),
}

/** The claim is signed by whoever gave the job: this process has no key for that. */
const signClaim = async (claim: Uint8Array) => (await askBack('signClaim', claim)) as Uint8Array

const reading = () => import('../manifest/read.ts')
const trying = () => import('../robustness/work.ts')

export type Jobs = typeof jobs
