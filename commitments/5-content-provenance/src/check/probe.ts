import { randomInt } from 'node:crypto'
import type { Logged } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import type { Maker } from '../content.ts'
import { detectionEvidence } from '../evidence.ts'
import { aboutOf } from '../mark/counts.ts'
import { markContent } from '../mark/mark.ts'
import { pictureOf } from '../media/sample.ts'
import { removeContent } from '../register/register.ts'

const SIZE = [800, 600] as const
const WITHIN = 60_000
const answer = z.object({ verdict: z.string().max(40), contentId: z.string().max(12).optional() })

export type Probed = {
  url: string
  marked: { tried: number; found: number }
  unmarked: { tried: number; found: number }
  errors: number
}

/**
 * Tries the public check from outside, over HTTP: made-up pictures, marked here, compressed, and stripped of their
 * manifest; and as many that are not marked. Found is a marked one only under its own content id.
 */
export async function probe(
  installation: Installation,
  maker: Maker,
  { url, tries, onTry }: { url: string; tries: number; onTry?: (done: number) => void },
): Promise<Probed> {
  const { default: sharp } = await import('sharp')
  const result: Probed = {
    url: new URL(url).origin,
    marked: { tried: 0, found: 0 },
    unmarked: { tried: 0, found: 0 },
    errors: 0,
  }
  const ask = async (bytes: Uint8Array): Promise<z.infer<typeof answer> | undefined> => {
    try {
      const response = await fetch(new URL('/v1/content/check', url), {
        method: 'POST',
        headers: { 'content-type': 'image/jpeg' },
        body: Uint8Array.from(bytes),
        signal: AbortSignal.timeout(WITHIN),
        redirect: 'error',
      })
      if (response.ok) return answer.parse(await response.json())
    } catch {
      // counted below, as no answer
    }
    result.errors++
    return undefined
  }
  for (let tried = 0; tried < tries; tried++) {
    const plain = new Uint8Array(
      await pictureOf(randomInt(2 ** 31), ...SIZE)
        .jpeg({ quality: 92 })
        .toBuffer(),
    )
    const marked = await markContent(installation, plain, maker)
    const checked = await ask(await sharp(marked.bytes).jpeg({ quality: 75 }).toBuffer())
    result.marked.tried++
    if (checked?.contentId === marked.contentId) result.marked.found++
    // it was nobody's content, and is not to be counted as such
    await removeContent(installation.db, marked.contentId)
    const other = await ask(
      await pictureOf(randomInt(2 ** 31), ...SIZE)
        .jpeg({ quality: 92 })
        .toBuffer(),
    )
    result.unmarked.tried++
    if (other?.verdict.startsWith('ours')) result.unmarked.found++
    onTry?.(tried + 1)
  }
  return result
}

/** The same, recorded. */
export async function recordProbe({ evidence }: Installation, maker: Maker, probed: Probed): Promise<Logged> {
  return evidence.append({ type: detectionEvidence, fields: probed, about: aboutOf(maker) })
}
