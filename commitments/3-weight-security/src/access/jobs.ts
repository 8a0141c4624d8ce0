import { accessEvidence } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Jobs } from '@avouch/core/work'
import { z } from 'zod'
import { endGroundless, recordLeaseEnds } from './lease-end.ts'
import { nextReview, openReview } from './review.ts'
import { endLeasesOf } from './store.ts'

/** Reacts to access that was given or taken: leases of that person end, also where it was changed back meanwhile. */
export const END_LEASES_JOB = 'weight-security/end-leases'
/** Reacts to policies and reviews: plans when the next review begins. */
export const PLAN_REVIEW_JOB = 'weight-security/plan-review'
const OPEN_REVIEW_JOB = 'weight-security/open-review'

const DAY_MS = 86_400_000
const reaction = z.object({ evidence: z.uuid() })

/** Work handlers of need-to-know. */
export const accessJobs: Jobs = {
  async [END_LEASES_JOB](installation, payload) {
    const record = await installation.evidence.get(reaction.parse(payload).evidence)
    const fields = record && accessEvidence.schema.safeParse(record.fields)
    if (fields?.success && ['roles-set', 'disabled'].includes(fields.data.change)) {
      const { person, change } = fields.data
      await endLeasesOf(
        installation.db,
        person,
        {
          at: installation.now(),
          reason: change === 'disabled' ? 'left' : 'role-change',
          by: null,
        },
        record?.recordedAt,
      )
    }
    await endGroundless(installation)
    await recordLeaseEnds(installation)
  },
  async [PLAN_REVIEW_JOB](installation) {
    const next = await nextReview(installation)
    if (next === undefined) return
    // by its day, so that planning it twice is planning it once
    const key = `${OPEN_REVIEW_JOB}/${next.toISOString().slice(0, 10)}`
    await installation.work.add(OPEN_REVIEW_JOB, {}, { key, runAt: next })
  },
  async [OPEN_REVIEW_JOB](installation) {
    const next = await nextReview(installation)
    if (next === undefined || next > installation.now()) return
    try {
      await openReview(installation)
    } catch (error) {
      if (!(error instanceof AvouchError)) throw error
      // another process has just begun it
      if (error.code === 'conflict') return
      if (error.code !== 'not-found') throw error
      // nobody has access yet: look again tomorrow
      const runAt = new Date(installation.now().getTime() + DAY_MS)
      const key = `${OPEN_REVIEW_JOB}/${runAt.toISOString().slice(0, 10)}`
      await installation.work.add(OPEN_REVIEW_JOB, {}, { key, runAt })
    }
  },
}
