import { randomUUID } from 'node:crypto'
import { guard } from '@avouch/core/auth'
import type { Commitment } from '@avouch/core/commitment'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import formbody from '@fastify/formbody'
import fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { limitAtOnce } from './at-once.ts'
import { BODY_BYTES, readAddresses, readJsonBodies } from './body.ts'
import { consoleRoutes } from './console.ts'
import { secureHeaders } from './headers.ts'
import { limitRates } from './limits.ts'
import { describeApi, serveDescription } from './openapi.ts'
import { type Part, WEIGHTS } from './part.ts'
import { portalPages } from './portal.ts'
import { answerErrors } from './replies.ts'
import { approvalRoutes } from './routes/approvals.ts'
import { eventRoutes } from './routes/events.ts'
import { evidenceRoutes } from './routes/evidence.ts'
import { logRoutes } from './routes/log.ts'
import { meRoutes } from './routes/me.ts'
import { peopleRoutes } from './routes/people.ts'
import { releaseRoutes } from './routes/releases.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { wellKnownRoutes } from './routes/well-known.ts'
import { witnessRoutes } from './routes/witness.ts'

export type AppOptions = {
  commitments: Commitment[]
  parts: readonly Part[]
  /** Where the built console stands; default: `apps/console/dist`. */
  consoleFiles?: string
}

/** The server's routes, guarded and limited, not yet listening. Throws where a route names no permission. */
export async function buildApp(installation: Installation, options: AppOptions): Promise<FastifyInstance> {
  const { config } = installation
  const has = (part: Part) => options.parts.includes(part)
  const app = fastify({
    loggerInstance: installation.log as FastifyBaseLogger,
    // Our own line below says less: no query, no address, no body.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: BODY_BYTES,
    trustProxy: config.trustProxy ?? false,
    requestTimeout: 60_000,
    connectionTimeout: 120_000,
    forceCloseConnections: 'idle',
    routerOptions: { maxParamLength: 1500 },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  answerErrors(app)
  readJsonBodies(app)
  readAddresses(app)
  await limitRates(app)
  limitAtOnce(app)
  await secureHeaders(app, config.url.startsWith('https:'))
  await app.register(formbody, { bodyLimit: 262_144 })
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, routeOptions } = request
    const ms = Math.round(reply.elapsedTime)
    request.log.info({ method, route: routeOptions.url, status: reply.statusCode, ms }, 'answered')
  })
  if (!has('console')) hideTheInside(app, has('weights'))
  guard(app, installation)
  await describeApi(app, config.url)

  await app.register(wellKnownRoutes(installation))
  serveDescription(app)
  if (has('console')) {
    await app.register(signInRoutes(installation), { prefix: '/api/auth' })
    await app.register(meRoutes(installation), { prefix: '/api/me' })
    await app.register(peopleRoutes(installation), { prefix: '/api/people' })
    await app.register(approvalRoutes(installation, options.commitments), { prefix: '/api/approvals' })
    await app.register(releaseRoutes(installation, options.commitments), { prefix: '/api' })
    await app.register(evidenceRoutes(installation, options.commitments), { prefix: '/api' })
    await app.register(eventRoutes(installation), { prefix: '/api' })
    await app.register(consoleRoutes(options.consoleFiles))
  }
  for (const commitment of options.commitments) {
    if (!has('console') && !has('portal') && commitment.name !== WEIGHTS) continue
    const routes = await commitment.routes?.()
    if (routes) await app.register(routes(installation), { prefix: `/api/${commitment.name}` })
    const v1 = has('console') || has('portal') ? await commitment.v1?.() : undefined
    if (v1 && commitment.verb) await app.register(v1(installation), { prefix: `/v1/${commitment.verb.name}` })
  }
  if (has('portal')) {
    await app.register(logRoutes(installation), { prefix: '/log' })
    await app.register(witnessRoutes(installation), { prefix: '/witness' })
    await app.register(await portalPages(installation))
  }
  await app.ready()
  return app
}

/** A server that is not the console's answers to what is public, and with `weights` to weight security, as if no more existed. */
function hideTheInside(app: FastifyInstance, weights: boolean): void {
  app.addHook('onRequest', async (request) => {
    const { config, url = '' } = request.routeOptions
    if (request.is404 || config.permission === 'public') return
    if (weights && url.startsWith(`/api/${WEIGHTS}/`)) return
    throw new AvouchError('not-found', 'There is nothing at this address', { fix: 'Check the address.' })
  })
}
