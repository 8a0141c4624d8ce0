import { listPeople } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { beginBreakGlass, emergencySchema, finishBreakGlass } from './break-glass.ts'
import { listCases } from './break-glass-store.ts'
import { wholeCase } from './glass-view.ts'
import { policiesInForce } from './policy/force.ts'
import { findPolicy } from './policy-store.ts'
import { profileDraft, setProfile } from './profile.ts'
import { beginCaseReview, beginReviewDecisions, finishReview, openReview } from './review.ts'
import { reviewsView, reviewView, wholeReview } from './review-view.ts'
import { byId, signed } from './routes.ts'
import { listProfiles, type Profile } from './store.ts'
import { stretchOf } from './timeline.ts'
import { caseView } from './view.ts'
import { whoCould } from './who-could.ts'
import { whoDid } from './who-did.ts'

const words = z.string().trim().min(1).max(2000)
const found = z.object({ outcome: z.enum(['justified', 'not-justified']), words })
const decisions = z.object({
  decisions: z
    .array(z.object({ person: z.uuid(), decision: z.enum(['keep', 'remove']), words }))
    .min(1)
    .max(500),
})
const ofCases = z.object({ unreviewed: z.enum(['true', 'false']).default('false') })
const asked = z.object({
  model: z
    .string()
    .max(200)
    .regex(/^[^\s@]+@[^\s@]+$/, 'write it NAME@VERSION'),
  on: z.string().max(40),
})

const read = { config: { permission: 'weight-security:read' } } as const
const ask = { config: { permission: 'self:request' } } as const
const review = { config: { permission: 'weight-security:review' } } as const
// these name people and what they did
const investigate = { config: { permission: 'weight-security:investigate' } } as const

/** Policies, jobs, broken glasses, reviews, and who could and did read, under `/api/weight-security`. */
export function oversightRoutes(installation: Installation): FastifyPluginAsync {
  const { db, now } = installation
  return async (app) => {
    app.get('/policies', read, async () => {
      const adopted = await findPolicy(db)
      try {
        const { digest, policies, settings, words: spoken } = await policiesInForce(installation)
        const since = adopted?.adoptedAt.toISOString() ?? null
        return {
          ...{ inForce: true, why: null, digest, since, policies: Object.fromEntries(policies), settings },
          words: spoken,
        }
      } catch (error) {
        if (!(error instanceof AvouchError)) throw error
        // that nobody may read is what a page has to show, not a failure of the page
        return {
          inForce: false,
          why: error.message,
          digest: adopted?.digest ?? null,
          since: null,
          policies: {},
          settings: null,
          words: [],
        }
      }
    })

    // whoever decides on people has to know whom: custodians may not read all that is known of everyone
    app.get('/people', read, async () => ({
      people: (await listPeople(installation)).map(({ id, name, state }) => ({ id, name, state })),
    }))
    app.get('/profiles', read, async () => ({ profiles: (await listProfiles(db)).map(profileView) }))
    const assign = { config: { permission: 'weight-security:assign', stepUp: true } } as const
    app.put('/profiles/:id', assign, async ({ params, body, principal }) => {
      const draft = given(profileDraft, body, 'body')
      return profileView(await setProfile(installation, principal, given(byId, params).id, draft))
    })

    app.get('/break-glass', read, async ({ query }) => {
      const { unreviewed } = given(ofCases, query)
      const cases = await listCases(db, { unreviewed: unreviewed === 'true' })
      return { cases: cases.map((one) => caseView(one, now())) }
    })
    app.get('/break-glass/:id', read, ({ params, principal }) =>
      wholeCase(installation, principal, given(byId, params).id),
    )
    app.post('/break-glass/begin', ask, async ({ body, principal }) =>
      beginBreakGlass(installation, principal, given(emergencySchema, body, 'body')),
    )
    app.post('/break-glass/finish', ask, async ({ body, principal }, reply) => {
      const made = await finishBreakGlass(installation, principal, given(signed, body, 'body'))
      return reply.code(201).send(caseView(made, now()))
    })
    app.post('/break-glass/:id/review/begin', review, async ({ params, body, principal }) =>
      beginCaseReview(installation, principal, given(byId, params).id, given(found, body, 'body')),
    )

    app.get('/reviews', read, () => reviewsView(installation))
    app.post('/reviews', review, async (_, reply) =>
      reply.code(201).send(reviewView(await openReview(installation), now())),
    )
    app.get('/reviews/:id', read, ({ params }) => wholeReview(installation, given(byId, params).id))
    app.post('/reviews/:id/begin', review, async ({ params, body, principal }) =>
      beginReviewDecisions(
        installation,
        principal,
        given(byId, params).id,
        given(decisions, body, 'body').decisions,
      ),
    )
    // of access, or of a broken glass: whichever was begun
    app.post('/reviews/finish', review, async ({ body, principal }) => {
      await finishReview(installation, principal, given(signed, body, 'body'))
      return { signed: true }
    })

    app.get('/who-could', investigate, async ({ query }) => {
      const { model, stretch } = stretchIn(query)
      return whoCould(installation, model, stretch)
    })
    app.get('/who-did', investigate, async ({ query }) => {
      const { model, stretch } = stretchIn(query)
      return whoDid(installation, model, stretch)
    })
  }
}

function stretchIn(query: unknown): { model: string; stretch: { from: Date; to: Date } } {
  const { model, on } = given(asked, query)
  const stretch = stretchOf(on)
  if (stretch === undefined)
    throw new AvouchError('usage', 'this is no day and no moment', {
      where: 'on',
      fix: 'Write 2026-01-31, or 2026-01-31T12:00:00Z.',
    })
  return { model, stretch }
}

function profileView({ changedAt, ...profile }: Profile) {
  return { ...profile, changedAt: changedAt.toISOString() }
}
