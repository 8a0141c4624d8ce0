import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Config } from '../config.ts'
import { AvouchError } from '../errors.ts'
import { findApiKey } from './api-key.ts'
import { readSessionCookie } from './cookie.ts'
import { isPermission, type Permission } from './permission.ts'
import { ANYONE, may, type Principal, steppedUp } from './principal.ts'
import { findSession } from './session.ts'
import type { AuthContext } from './store.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route asks for; a route without one does not start. `public` is open to all. */
    permission?: Permission
    /** Whether a passkey assertion of the last five minutes is needed as well. */
    stepUp?: boolean
    /** How many requests of one address are worked on at once; without it as many as come. */
    atOnce?: number
  }
  interface FastifyRequest {
    /** Who asks; set before any handler runs. */
    principal: Principal
  }
}

/**
 * Guards every route of this server: a route that names no permission throws at start; a request is refused unless
 * its session cookie or API key grants what the route names. To be called before any route is added.
 */
export function guard(app: FastifyInstance, context: AuthContext): void {
  app.decorateRequest('principal', { getter: () => ANYONE })
  app.addHook('onRoute', nameAPermission)
  // After onRequest, where rates are limited, and before the body is read.
  app.addHook('preParsing', async (request: FastifyRequest) => {
    refuseForged(request, context.config)
    const principal = await identify(request, context)
    Object.defineProperty(request, 'principal', { value: principal })
    // The answer to an unknown address tells nothing, so it needs no permission.
    if (request.is404) return
    admit(principal, request.routeOptions.config, context.now())
  })
}

function nameAPermission(route: RouteOptions): void {
  const config = route.config
  if (!isPermission(config?.permission))
    throw new AvouchError('internal', `Route ${route.method} ${route.url} names no permission`, {
      where: `${route.method} ${route.url}`,
      fix: "Give it config: { permission: '<area>:<verb>' }, or 'public' where it is open to all.",
    })
}

async function identify(request: FastifyRequest, context: AuthContext): Promise<Principal> {
  const { authorization } = request.headers
  if (authorization !== undefined) {
    const secret = /^Bearer ([A-Za-z0-9_-]{1,100})$/i.exec(authorization)?.[1]
    const key = secret && (await findApiKey(context, secret))
    if (!key)
      throw new AvouchError('unauthenticated', 'This API key is not known, or no longer valid', {
        where: 'Authorization',
        fix: 'Send `Authorization: Bearer avk_…` with a key that stands.',
      })
    return key
  }
  const token = readSessionCookie(request.headers.cookie, context.config)
  return (token && (await findSession(context, token))) || ANYONE
}

function admit(principal: Principal, config: { permission?: Permission; stepUp?: boolean }, now: Date): void {
  const { permission, stepUp } = config
  if (permission === undefined || !may(principal, permission)) {
    if (principal.kind === 'anyone')
      throw new AvouchError('unauthenticated', 'This is not open to everyone', {
        fix: 'Sign in, or send an API key: `Authorization: Bearer avk_…`.',
      })
    throw new AvouchError('forbidden', `This needs the permission ${permission}`, {
      where: permission,
      fix: 'Ask an owner for a role that has it.',
    })
  }
  if (stepUp && !steppedUp(principal, now))
    throw new AvouchError('forbidden', 'This needs a passkey used within the last five minutes', {
      where: 'step-up',
      fix: 'Confirm with your passkey, then try again.',
    })
}

/**
 * Cross-site request forgery: a request that changes something must come from our own pages, by Fetch Metadata or
 * else by Origin. Only API keys need neither, for no browser adds them by itself.
 */
function refuseForged(request: FastifyRequest, config: Pick<Config, 'url'>): void {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method) || request.headers.authorization !== undefined)
    return
  const site = request.headers['sec-fetch-site']
  const origin = request.headers.origin
  const ours = origin === undefined ? undefined : origin === new URL(config.url).origin
  const sameSite = site === undefined ? undefined : site === 'same-origin' || site === 'none'
  const hasCookie = readSessionCookie(request.headers.cookie, config) !== undefined
  const forged =
    sameSite === false || ours === false || (hasCookie && sameSite === undefined && ours === undefined)
  if (forged)
    throw new AvouchError('forbidden', 'This request came from another site', {
      where: site === undefined ? 'Origin' : 'Sec-Fetch-Site',
      fix: `Use the pages at ${new URL(config.url).origin}, or an API key.`,
    })
}
