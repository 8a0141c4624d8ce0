import type { Installation } from '@avouch/core/installation'
import { FINGERPRINT_ALG, WATERMARK_ALG } from '../content.ts'
import { HASH_BITS } from '../fingerprint/hash.ts'
import { findAlike, findContent } from '../register/register.ts'
import { watermarkKey } from '../settings.ts'
import { inThread } from '../thread/thread.ts'
import type { Binding } from './binding.ts'

/** `c2pa.softBindingQueryResult`: a manifest's identifier, and how strong the match is, 0 … 100. */
export type Match = { manifestId: string; similarityScore: number }

/** Manifests that a soft binding leads to, the best first. */
export async function matchesByBinding(
  { db }: Pick<Installation, 'db'>,
  binding: Binding,
  most: number,
): Promise<Match[]> {
  if (binding.alg === WATERMARK_ALG) {
    const content = await findContent(db, binding.contentId)
    return content?.manifestLabel ? [{ manifestId: content.manifestLabel, similarityScore: 100 }] : []
  }
  const alike = await findAlike(db, binding.hash)
  return alike
    .flatMap(({ content, distance }) =>
      content.manifestLabel
        ? [
            {
              manifestId: content.manifestLabel,
              similarityScore: Math.round(100 * (1 - (2 * distance) / HASH_BITS)),
            },
          ]
        : [],
    )
    .slice(0, most)
}

/** Manifests that content leads to: by its watermark, else by its looks; by one of the two where `alg` names it. */
export async function matchesByContent(
  installation: Installation,
  bytes: Uint8Array,
  { alg, most }: { alg: string | undefined; most: number },
): Promise<Match[]> {
  const key = await watermarkKey(installation.config)
  const { mark, look } = await inThread('inspect', bytes, {
    key,
    ...(alg === FINGERPRINT_ALG && { geometry: 'intact' as const }),
  })
  if (mark && alg !== FINGERPRINT_ALG)
    return matchesByBinding(installation, { alg: WATERMARK_ALG, contentId: mark.contentId }, most)
  if (alg === WATERMARK_ALG) return []
  return matchesByBinding(installation, { alg: FINGERPRINT_ALG, hash: look.hash }, most)
}
