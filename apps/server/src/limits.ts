import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'

/** Requests a minute from one address, by what a route is. A route may set its own `config.rateLimit`. */
export const PER_MINUTE = { public: 600, inside: 6000, ceremony: 60 }

/** The `config.rateLimit` of routes that guess-work would be aimed at: sign-in, invitations, single sign-on. */
export const CEREMONY_LIMIT = { max: PER_MINUTE.ceremony, timeWindow: 60_000 }

/** Limits every route; to be called before any route is added. IPv6 addresses count by their /64. */
export async function limitRates(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    timeWindow: 60_000,
    max: (request) => {
      const { config, url = '' } = request.routeOptions
      // Whoever audits the log reads all of its tiles, and a page of the console is many small files.
      const plenty = url.startsWith('/log/tile/') || url.startsWith('/console/')
      return config?.permission === 'public' && !plenty ? PER_MINUTE.public : PER_MINUTE.inside
    },
    cache: 20_000,
  })
}
