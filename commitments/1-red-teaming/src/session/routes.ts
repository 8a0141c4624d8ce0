import { AuthenticationResponse } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync, FastifyReply } from 'fastify'
import { z } from 'zod'
import { expertOf } from '../expert/record.ts'
import { given } from '../given.ts'
import { attach, attachSchema, openAttachment } from './attachment.ts'
import { changeFinding, findingSchema, markFinding } from './finding.ts'
import { ownSession } from './own.ts'
import { beginResult, closingSchema, endSession, finishResult } from './result.ts'
import { send, sendSchema } from './send.ts'
import { LIMITS, noSuchSession } from './session.ts'
import { startSchema, startSession } from './start.ts'
import { findSession } from './store.ts'
import { readFinding, readThread, viewSession, viewSessions } from './view.ts'

const byId = z.object({ id: z.uuid() })
const number = z.coerce.number().int().min(0).max(1000)
const byNumber = byId.extend({ n: number })
const answer = z.object({ ceremony: z.uuid(), response: AuthenticationResponse })
const findingBody = findingSchema.extend({ turn: z.int().nonnegative() })

const own = { config: { permission: 'red-teaming:session' } } as const
const read = { config: { permission: 'red-teaming:read' } } as const

/**
 * Where experts work, `/api/red-teaming/mine/sessions`, each in their own; and where the company reads what they left,
 * `/api/red-teaming/sessions`: lines without words, and the words of one conversation to who asks for it.
 */
export function sessionRoutes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    app.addContentTypeParser(
      'application/octet-stream',
      { parseAs: 'buffer', bodyLimit: LIMITS.attachmentBytes },
      async (_request: unknown, bytes: Buffer) => bytes,
    )

    app.get('/mine/sessions', own, async (request) => {
      const expert = await expertOf(installation, request.principal)
      return viewSessions(installation, { expert: expert.id })
    })
    app.post('/mine/sessions', own, async (request, reply) => {
      const started = await startSession(
        installation,
        request.principal,
        given(startSchema, request.body, 'body'),
      )
      return reply.code(201).send(await viewSession(installation, started.id, { words: true }))
    })
    app.get('/mine/sessions/:id', own, async (request) => {
      const { id } = given(byId, request.params)
      await ownSession(installation, request.principal, id)
      return viewSession(installation, id, { words: true })
    })
    app.get('/mine/sessions/:id/thread/:n', own, async (request, reply) => {
      const { id, n } = given(byNumber, request.params)
      await ownSession(installation, request.principal, id)
      reply.header('cache-control', 'no-store')
      return readThread(installation, id, n)
    })
    app.post('/mine/sessions/:id/turns', own, async (request, reply) => {
      const { id } = given(byId, request.params)
      reply.header('cache-control', 'no-store')
      return reply
        .code(201)
        .send(await send(installation, request.principal, id, given(sendSchema, request.body, 'body')))
    })
    app.post('/mine/sessions/:id/findings', own, async (request, reply) => {
      const { id } = given(byId, request.params)
      const { turn, ...draft } = given(findingBody, request.body, 'body')
      return reply.code(201).send(await markFinding(installation, request.principal, id, turn, draft))
    })
    app.put('/mine/sessions/:id/findings/:n', own, async (request) => {
      const { id, n } = given(byNumber, request.params)
      return changeFinding(installation, request.principal, id, n, given(findingSchema, request.body, 'body'))
    })
    app.delete('/mine/sessions/:id/findings/:n', own, async (request) => {
      const { id, n } = given(byNumber, request.params)
      return changeFinding(installation, request.principal, id, n, 'withdraw')
    })
    app.post('/mine/sessions/:id/attachments', own, async (request, reply) => {
      const { id } = given(byId, request.params)
      const said = given(attachSchema, request.query)
      if (!Buffer.isBuffer(request.body))
        throw new AvouchError('usage', 'A file is sent as application/octet-stream', {
          where: 'content-type',
        })
      return reply.code(201).send(await attach(installation, request.principal, id, said, request.body))
    })
    app.get('/mine/sessions/:id/attachments/:n', own, async (request, reply) => {
      const { id, n } = given(byNumber, request.params)
      const { session } = await ownSession(installation, request.principal, id)
      return download(reply, await openAttachment(installation, session, n))
    })
    app.post('/mine/sessions/:id/end', own, async (request) => {
      const { id } = given(byId, request.params)
      await endSession(installation, request.principal, id)
      return viewSession(installation, id, { words: true })
    })
    app.post('/mine/sessions/:id/result/begin', own, (request) =>
      beginResult(
        installation,
        request.principal,
        given(byId, request.params).id,
        given(closingSchema, request.body, 'body'),
      ),
    )
    app.post('/mine/sessions/:id/result/finish', own, (request) =>
      finishResult(
        installation,
        request.principal,
        given(byId, request.params).id,
        given(answer, request.body, 'body'),
      ),
    )

    app.get('/sessions', read, () => viewSessions(installation))
    app.get('/sessions/:id', read, (request) =>
      viewSession(installation, given(byId, request.params).id, { words: false }),
    )
    app.get('/sessions/:id/thread/:n', read, async (request, reply) => {
      const { id, n } = given(byNumber, request.params)
      reply.header('cache-control', 'no-store')
      return readThread(installation, id, n)
    })
    app.get('/sessions/:id/world', read, async (request, reply) => {
      const { id } = given(byId, request.params)
      reply.header('cache-control', 'no-store')
      return { set: (await viewSession(installation, id, { words: true })).world?.set ?? null }
    })
    app.get('/sessions/:id/findings/:n', read, (request) => {
      const { id, n } = given(byNumber, request.params)
      return readFinding(installation, id, n)
    })
    app.get('/sessions/:id/attachments/:n', read, async (request, reply) => {
      const { id, n } = given(byNumber, request.params)
      const session = await findSession(installation.db, id)
      if (!session) throw noSuchSession(id)
      return download(reply, await openAttachment(installation, session, n))
    })
  }
}

/** Whatever the file says it is, a browser saves it and opens nothing. */
function download(reply: FastifyReply, { view, bytes }: Awaited<ReturnType<typeof openAttachment>>) {
  return reply
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(view.name)}`)
    .header('cache-control', 'no-store')
    .type('application/octet-stream')
    .send(bytes)
}
