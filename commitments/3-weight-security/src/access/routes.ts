import {
  type ApprovalRequest,
  AuthenticationResponse,
  listApprovals,
  type Principal,
} from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { bytesReadUnder } from '../serve/store.ts'
import { checkApprover } from './approver.ts'
import { closeRequest } from './close-request.ts'
import { endGroundless, revokeLease } from './lease-end.ts'
import { listNotices, seeNotice } from './notice.ts'
import { askSchema, requestAccess } from './request.ts'
import { type AccessRequest, findRequest, listRequests } from './request-store.ts'
import { listLeases } from './store.ts'
import { leaseView, ownLeaseView, requestView } from './view.ts'

export const byId = z.object({ id: z.uuid() })
export const signed = z.object({ ceremony: z.uuid(), response: AuthenticationResponse })
const release = z.string().min(1).max(200)
const ofRequests = z.object({
  state: z.enum(['asked', 'granted', 'refused', 'withdrawn']).optional(),
  model: release.optional(),
  limit: z.coerce.number().int().min(1).max(500).default(200),
})
const ofLeases = z.object({
  model: release.optional(),
  all: z.enum(['true', 'false']).default('false'),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
})
const why = z.object({ why: z.string().trim().min(1).max(2000) })

const read = { config: { permission: 'weight-security:read' } } as const
/** Everyone who is signed in: what they may is decided by policies, and by whose it is. */
const own = { config: { permission: 'self:read' } } as const
const ask = { config: { permission: 'self:request' } } as const

/** Requests to read weights and the leases that come of them, under `/api/weight-security`. Approving: `/api/approvals`. */
export function leaseRoutes(installation: Installation): FastifyPluginAsync {
  const { db, now } = installation
  const views = async (requests: AccessRequest[], by: Principal) => {
    const signatures = signaturesBy(await listApprovals(installation))
    const shown = []
    for (const request of requests)
      shown.push({
        ...requestView(request, signatures.get(request.approval ?? '') ?? []),
        refusal: request.state === 'asked' ? await refusalFor(installation, request, by) : null,
      })
    return { requests: shown }
  }
  return async (app) => {
    app.get('/requests', read, async ({ query, principal }) =>
      views(await listRequests(db, given(ofRequests, query)), principal),
    )
    app.get('/requests/mine', own, async ({ query, principal }) =>
      views(
        await listRequests(db, { ...given(ofRequests, query), holder: personIn(principal).id }),
        principal,
      ),
    )
    app.post('/requests', ask, async ({ body, principal }, reply) => {
      const asked = await requestAccess(installation, principal, given(askSchema, body, 'body'))
      return reply.code(201).send(requestView(asked))
    })
    app.post('/requests/:id/withdraw', ask, async ({ params, body, principal }) => {
      const { id } = given(byId, params)
      const request = await findRequest(db, { id })
      // what others ask for is not told to who may not read it
      if (request?.holder !== personIn(principal).id)
        throw new AvouchError('not-found', 'there is no such request of yours', { where: `request ${id}` })
      await closeRequest(installation, id, 'withdrawn', given(why, body, 'body').why)
      return { id, state: 'withdrawn' }
    })
    const refuse = { config: { permission: 'weight-security:approve' } } as const
    app.post('/requests/:id/refuse', refuse, async ({ params, body }) => {
      const { id } = given(byId, params)
      await closeRequest(installation, id, 'refused', given(why, body, 'body').why)
      return { id, state: 'refused' }
    })

    app.get('/leases', read, async ({ query }) => {
      const { all, ...filter } = given(ofLeases, query)
      const at = now()
      // what has lost its ground could not be used any more: it is not listed as live
      await endGroundless(installation)
      const rows = await listLeases(db, { ...filter, ...(all === 'false' && { liveAt: at }) })
      const read = await bytesReadUnder(
        db,
        rows.map(({ id }) => id),
      )
      return { leases: rows.map((row) => ({ ...leaseView(row, at), bytesRead: read.get(row.id) ?? 0 })) }
    })
    app.get('/leases/mine', own, async ({ principal }) => {
      const rows = await listLeases(db, { holder: personIn(principal).id, limit: 200 })
      return { leases: await Promise.all(rows.map((row) => ownLeaseView(db, row, now()))) }
    })
    // its holder gives it back, or whoever has weight-security:revoke revokes it
    app.post('/leases/:id/end', ask, async ({ params, principal }) => {
      const { id } = given(byId, params)
      await revokeLease(installation, principal, id)
      return { id, ended: true }
    })

    app.get('/notices', own, async ({ principal }) => {
      const notices = await listNotices(db, personIn(principal).id)
      return {
        notices: notices.map(({ madeAt, seenAt, ...notice }) => ({
          ...notice,
          madeAt: madeAt.toISOString(),
          seenAt: seenAt?.toISOString() ?? null,
        })),
      }
    })
    app.post('/notices/:id/seen', ask, async ({ params, principal }) => {
      await seeNotice(db, personIn(principal).id, given(byId, params).id, now())
      return { seen: true }
    })
  }
}

function signaturesBy(approvals: readonly ApprovalRequest[]): Map<string, string[]> {
  return new Map(approvals.map(({ id, approvals: given }) => [id, given.map(({ personId }) => personId)]))
}

/** Why this person may not approve it; null where they may, by all that is known before they sign. */
async function refusalFor(
  installation: Installation,
  request: AccessRequest,
  by: Principal,
): Promise<string | null> {
  if (by.kind !== 'person') return 'only people approve'
  try {
    await checkApprover(installation, request, by.person)
    return null
  } catch (error) {
    if (error instanceof AvouchError && error.code === 'forbidden') return error.message
    throw error
  }
}

export function personIn(principal: Principal) {
  if (principal.kind === 'person' || principal.kind === 'key') return principal.person
  throw new AvouchError('unauthenticated', 'sign in first')
}
