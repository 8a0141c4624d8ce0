import type { Installation } from '@avouch/core/installation'
import { algorithmsOf } from '../content.ts'
import { HASH_BITS } from '../fingerprint/hash.ts'
import { kindOf } from '../media/families.ts'
import { inContentProcessFor } from '../process/content-process.ts'
import { findAlike, findContent } from '../register/register.ts'
import { watermarkKey } from '../settings.ts'
import type { Binding } from './binding.ts'

/** `c2pa.softBindingQueryResult`: a manifest's identifier, and how strong the match is, 0 … 100. */
export type Match = { manifestId: string; similarityScore: number }

/** Manifests that a soft binding leads to, the best first. */
export async function matchesByBinding(
  { db }: Pick<Installation, 'db'>,
  binding: Binding,
  most: number,
): Promise<Match[]> {
  if (binding.contentId !== undefined) {
    const content = await findContent(db, binding.contentId)
    return content?.manifestLabel ? [{ manifestId: content.manifestLabel, similarityScore: 100 }] : []
  }
  const alike = await findAlike(db, binding.family, binding.hash)
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
  const { family, kind } = await kindOf(bytes)
  const { watermark, fingerprint } = algorithmsOf(family.name)
  const key = await watermarkKey(installation.config)
  const { mark, look } = await inContentProcessFor(
    family.secondsFor?.(bytes, kind)?.inspect,
    'inspect',
    bytes,
    {
      key,
      ...(alg === fingerprint && { geometry: 'intact' as const }),
    },
  )
  if (mark && alg !== fingerprint)
    return matchesByBinding(installation, { family: family.name, contentId: mark.contentId }, most)
  if (alg === watermark) return []
  return matchesByBinding(installation, { family: family.name, hash: look.hash }, most)
}
