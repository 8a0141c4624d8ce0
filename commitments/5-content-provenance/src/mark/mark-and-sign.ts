import type { Statement } from '../manifest/definition.ts'
import type { SignClaim, SignedContent, SignRequest } from '../manifest/sign.ts'
import { kindOf } from '../media/families.ts'
import type { MarkedMedia, MarkRequest } from '../media/family.ts'

/** What a manifest needs that cannot be told from the content. */
export type Sealing = Pick<SignRequest, 'alg' | 'size'> & {
  statement: Pick<Statement, 'maker' | 'when' | 'version'>
}

export type MarkAndSignRequest = MarkRequest & {
  /** Without it, and where the kind of file can hold no manifest, nothing is signed. */
  sealing?: Sealing | undefined
}

export type MarkedAndSigned = MarkedMedia & { signed?: Omit<SignedContent, 'bytes'> }

/**
 * Marks content, and puts a manifest into it that says so: in one go, for the file is parsed in a process of its own and
 * need not go there twice. Throws as the family's `mark` and as `signContent`.
 */
export async function markAndSign(
  bytes: Uint8Array,
  { sealing, ...request }: MarkAndSignRequest,
  signClaim: SignClaim,
): Promise<MarkedAndSigned> {
  const { family, kind } = await kindOf(bytes)
  const marked = await family.mark(bytes, kind, request)
  if (sealing === undefined || kind.noManifest !== undefined) return marked
  const { alg, size } = sealing
  const statement: Statement = {
    ...sealing.statement,
    family: family.name,
    mediaType: kind.mediaType,
    contentId: marked.watermark.state === 'embedded' ? request.payload.contentId : undefined,
    fingerprint: Buffer.from(marked.look.hash).toString('hex'),
  }
  const { signContent } = await import('../manifest/sign.ts')
  const { bytes: whole, ...signed } = await signContent(
    marked.bytes,
    { statement, before: bytes, alg, size },
    signClaim,
  )
  return { ...marked, bytes: whole, signed }
}
