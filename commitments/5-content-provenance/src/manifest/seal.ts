import { inContentProcessWith } from '../process/content-process.ts'
import { coseSign1 } from './cose.ts'
import type { Credential } from './credential.ts'
import type { SignClaim, SignedContent, SignRequest } from './sign.ts'
import { STAMP_BYTES, stampBy } from './time-stamp.ts'

type Seal = {
  credential: Pick<Credential, 'chain' | 'signer'>
  /** A time-stamping authority's address, where one is configured. */
  stampUrl: string | undefined
}

/** How claims are signed by a credential, and what a signer has to know of it beforehand. */
export function sealOf({ credential, stampUrl }: Seal): Pick<SignRequest, 'alg' | 'size'> & {
  signClaim: SignClaim
} {
  const { chain, signer } = credential
  const certificates = chain.map(({ raw }) => raw)
  const size = certificates.reduce((sum, one) => sum + one.length + 8, 2_048) + (stampUrl ? STAMP_BYTES : 0)
  const stamp = stampUrl === undefined ? undefined : stampBy(stampUrl)
  return {
    alg: signer.alg,
    size,
    signClaim: (claim) => coseSign1(claim, { signer, chain: certificates, size, stamp }),
  }
}

/**
 * Puts a signed manifest into content, in a content process; the claim alone comes back out of it to be signed, so that
 * neither key nor network is where bytes of strangers are read. Throws as `signContent`, and what the signer or the
 * authority throws.
 */
export async function signApart(
  bytes: Uint8Array,
  { statement, before }: Pick<SignRequest, 'statement' | 'before'>,
  seal: Seal,
  seconds?: number,
): Promise<SignedContent> {
  const { alg, size, signClaim } = sealOf(seal)
  const ask = { seconds, calls: { signClaim } }
  return inContentProcessWith(ask, 'sign', bytes, { statement, before, alg, size })
}
