import { AvouchError } from '@avouch/core/errors'
import type { Statement } from '../manifest/definition.ts'
import type { SignClaim, SignedContent, SignRequest } from '../manifest/sign.ts'
import { kindOf, kindOnDisk } from '../media/families.ts'
import type { Family, Kind, MarkedFile, MarkedMedia, MarkRequest } from '../media/family.ts'
import type { OnDisk } from '../media/on-disk.ts'

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
  const statement = statementOf(marked, { family, kind, request, sealing })
  const { signContent } = await import('../manifest/sign.ts')
  const { bytes: whole, ...signed } = await signContent(
    marked.bytes,
    { statement, before: bytes, alg, size },
    signClaim,
  )
  return { ...marked, bytes: whole, signed }
}

/** The same of content in a file, into another, of a family that takes files: see `kindOnDisk`. */
export async function markAndSignFile(
  source: OnDisk,
  out: string,
  { sealing, ...request }: MarkAndSignRequest,
  signClaim: SignClaim,
): Promise<MarkedFile & Pick<MarkedAndSigned, 'signed'>> {
  const known = await kindOnDisk(source)
  if (known === undefined) throw new AvouchError('internal', 'content of this kind is not marked in a file')
  const { family, kind } = known
  const marked = await family.markFile(source, kind, request, out)
  if (sealing === undefined || kind.noManifest !== undefined) return marked
  const { alg, size } = sealing
  const statement = statementOf(marked, { family, kind, request, sealing })
  const { signFile } = await import('../manifest/sign.ts')
  const signed = await signFile(out, { statement, before: source, alg, size }, signClaim)
  return { ...marked, signed }
}

type Told = { family: Family; kind: Kind; request: MarkRequest; sealing: Sealing }

function statementOf({ watermark, look }: MarkedFile, { family, kind, request, sealing }: Told): Statement {
  return {
    ...sealing.statement,
    family: family.name,
    mediaType: kind.mediaType,
    contentId: watermark.state === 'embedded' ? request.payload.contentId : undefined,
    fingerprint: Buffer.from(look.hash).toString('hex'),
  }
}
