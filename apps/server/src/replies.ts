import { AvouchError, httpStatus } from '@avouch/core/errors'
import { VerifyError } from '@avouch/verify'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'

/** What every failed request answers: in JSON, or as a readable page where a person's browser asked. */
export type ErrorReply = { error: { code: string; message: string; where?: string; fix?: string } }

/** How an error looks in a person's browser: plain, or as whoever sets `render` dresses it. */
export type ErrorPages = { render(status: number, texts: string[]): string }

declare module 'fastify' {
  interface FastifyInstance {
    errorPages: ErrorPages
  }
}

/** Turns every error into an `ErrorReply`. What is a defect of ours is logged and says no more than its request id. */
export function answerErrors(app: FastifyInstance): void {
  app.decorate<ErrorPages>('errorPages', { render: (status, texts) => page(String(status), texts) })
  app.setErrorHandler((error, request, reply) => {
    const known = toAvouchError(error)
    const status = known ? (statusOf(error) ?? httpStatus(known)) : 500
    if (status >= 500) request.log.error({ err: error }, 'a request failed')
    const shown =
      known ??
      new AvouchError('internal', 'Something went wrong inside Avouch', {
        fix: `Look for request ${request.id} in the server's log.`,
      })
    return send(request, reply, status, shown)
  })
  app.setNotFoundHandler((request, reply) =>
    send(
      request,
      reply,
      404,
      new AvouchError('not-found', 'There is nothing at this address', { fix: 'Check the address.' }),
    ),
  )
}

function send(request: FastifyRequest, reply: FastifyReply, status: number, error: AvouchError) {
  const { code, message, where, fix } = error
  reply.code(status).header('cache-control', 'no-store')
  if (status === 401) reply.header('www-authenticate', 'Bearer')
  if (!wantsPage(request))
    return reply
      .type('application/json; charset=utf-8')
      .serializer(JSON.stringify)
      .send({ error: { code, message, where, fix } } satisfies ErrorReply)
  return reply.type('text/html; charset=utf-8').send(
    request.server.errorPages.render(
      status,
      [message, fix].filter((it) => it !== undefined),
    ),
  )
}

function wantsPage(request: FastifyRequest): boolean {
  const api = request.url.startsWith('/api/') || request.url.startsWith('/log/')
  return !api && (request.headers.accept ?? '').includes('text/html')
}

function toAvouchError(error: unknown): AvouchError | undefined {
  if (error instanceof AvouchError) return error
  if (error instanceof VerifyError)
    return new AvouchError(
      error.code === 'input' || error.code === 'limit' ? 'input' : 'proof',
      error.message,
    )
  if (hasZodFastifySchemaValidationErrors(error)) {
    const [first] = error.validation
    return new AvouchError('input', first?.message ?? 'The request does not fit its schema', {
      where: `${error.validationContext ?? 'request'}${first?.instancePath ?? ''}`,
      fix: 'See /api/openapi.json for what is expected.',
    })
  }
  const status = statusOf(error)
  if (status === undefined || status >= 500 || !(error instanceof Error)) return undefined
  return new AvouchError(status === 429 ? 'limit' : status === 404 ? 'not-found' : 'input', error.message)
}

/** The status that Fastify or a plugin chose itself: 413, 415, 429. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof AvouchError || !(error instanceof Error) || !('statusCode' in error)) return undefined
  return typeof error.statusCode === 'number' ? error.statusCode : undefined
}

/** A page of plain text, for errors and for what has not been built: no script, and readable without its style. */
export function page(title: string, paragraphs: string[]): string {
  const body = paragraphs.map((text) => `<p>${escapeHtml(text)}</p>`).join('\n')
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${escapeHtml(title)} · Avouch</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/assets/portal.css"></head>
<body><div class="av-page"><header class="av-bar"><a class="av-mark" href="/">Avouch</a></header>
<main class="av-main av-main-narrow"><header class="av-head"><h1>${escapeHtml(title)}</h1>
<div class="av-lead">${body}</div></header>
<p><a href="/">To the front page</a></p>
</main></div></body></html>
`
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
