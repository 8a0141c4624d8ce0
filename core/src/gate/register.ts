import { AvouchError } from '../errors.ts'
import type { About, EvidenceRecord } from '../evidence/type.ts'
import type { Installation } from '../installation.ts'
import { releaseEvidence } from './evidence.ts'

export const RELEASE_NAME = /^[a-z0-9][a-z0-9._-]{0,99}@[a-zA-Z0-9][a-zA-Z0-9._+-]{0,99}$/

/**
 * Says what a release is: the snapshot and configuration that ship. Saying the same again records nothing; saying
 * something else supersedes, and the evidence about the former snapshot no longer applies by itself.
 */
export async function registerRelease(
  installation: Installation,
  about: Required<About>,
  fields: { model: string; adapter: string; predecessor?: string },
): Promise<EvidenceRecord | undefined> {
  if (!RELEASE_NAME.test(about.release))
    throw new AvouchError('usage', `"${about.release}" names no release`, {
      where: '--release',
      fix: 'Write NAME@VERSION, such as example-model@2.0 (letters, digits, dot, dash, underscore).',
    })
  const before = (
    await installation.evidence.list({ type: releaseEvidence, release: about.release })
  ).findLast((r) => !r.supersededBy)
  const same =
    before !== undefined &&
    before.about.snapshot === about.snapshot &&
    before.about.configuration === about.configuration &&
    before.fields.model === fields.model &&
    (fields.predecessor === undefined || before.fields.predecessor === fields.predecessor)
  if (same) return before
  const { id } = await installation.evidence.append({
    type: releaseEvidence,
    about,
    fields,
    ...(before && { supersedes: before.id }),
  })
  return installation.evidence.get(id)
}
