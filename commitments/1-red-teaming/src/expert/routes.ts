import { AuthenticationResponse } from '@avouch/core/auth'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { viewSandboxes } from '../driving/scope.ts'
import { given } from '../given.ts'
import { askedBefore, askedBy } from './asked.ts'
import { endInvitationEarly, type Invited, inviteExpert, inviteSchema, linkAgain } from './invite.ts'
import { beginRecord, expertOf, finishRecord, recordOf } from './record.ts'
import { listInvitations } from './store.ts'
import { viewExperts, viewInvitation } from './view.ts'

const byId = z.object({ id: z.uuid() })
const inviteBody = inviteSchema.extend({
  endsAt: z.iso.datetime().transform((text) => new Date(text)),
  /** The campaign whose model is asked. */
  campaign: z.uuid(),
  person: z.uuid().optional(),
})
const answer = z.object({ ceremony: z.uuid(), response: AuthenticationResponse })

const read = { config: { permission: 'red-teaming:read' } } as const
const invite = { config: { permission: 'red-teaming:invite' } } as const
const careful = { config: { permission: 'red-teaming:invite', stepUp: true } } as const
const own = { config: { permission: 'red-teaming:session' } } as const

/** Inviting experts, and an expert's own record: `/api/red-teaming/experts`, `/invitations`, `/mine`. */
export function expertRoutes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    app.get('/experts', read, () => viewExperts(installation))
    app.get('/models', invite, () => askedBefore(installation))
    app.get('/worlds', invite, () => viewSandboxes())
    app.post('/experts', careful, async (request, reply) => {
      const { campaign, ...draft } = given(inviteBody, request.body, 'body')
      const invited = await inviteExpert(
        installation,
        request.principal,
        { ...draft, person: draft.person },
        await askedBy(installation, campaign),
      )
      return reply.code(201).send(await onWire(installation, invited))
    })
    app.post('/experts/:id/link', careful, async (request) => {
      const link = await linkAgain(installation, request.principal, given(byId, request.params).id)
      return { name: link.person.name, url: link.url, expiresAt: link.expiresAt.toISOString() }
    })
    app.post('/invitations/:id/end', careful, async (request) => {
      const ended = await endInvitationEarly(installation, given(byId, request.params).id)
      return viewInvitation(ended, installation.now())
    })

    app.get('/mine', own, async (request) => {
      const expert = await expertOf(installation, request.principal)
      const [record, invitations] = await Promise.all([
        recordOf(installation, expert),
        listInvitations(installation.db, expert.id),
      ])
      const now = installation.now()
      return {
        expert: expert.id,
        record: record ? { ...record, signedAt: record.signedAt.toISOString() } : null,
        invitations: await Promise.all(invitations.map((one) => viewInvitation(one, now))),
      }
    })
    app.post('/mine/record/begin', own, (request) =>
      beginRecord(installation, request.principal, request.body),
    )
    app.post('/mine/record/finish', own, (request) =>
      finishRecord(installation, request.principal, given(answer, request.body, 'body')),
    )
  }
}

async function onWire(installation: Installation, { invitation, link }: Invited) {
  return {
    invitation: await viewInvitation(invitation, installation.now()),
    link: link ? { name: link.person.name, url: link.url, expiresAt: link.expiresAt.toISOString() } : null,
  }
}
