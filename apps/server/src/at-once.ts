import { AvouchError } from '@avouch/core/errors'
import type { FastifyInstance } from 'fastify'
import { networkOf } from './limits.ts'

/** Requests that all addresses together have worked on at once, by routes that limit how many of one are. */
const IN_ALL = 32

declare module 'fastify' {
  interface FastifyRequest {
    /** Gives the place of this request to the next. */
    leavePlace: (() => void) | undefined
  }
}

/**
 * Routes whose `config.atOnce` says so work on that many requests of one address at once, however many a minute may come: a
 * few slow ones would else keep everybody waiting. A request has its place until it is answered, also where nobody waits for
 * the answer any more. To be called before any route is added.
 */
export function limitAtOnce(app: FastifyInstance): void {
  const held = new Map<string, number>()
  let all = 0
  app.decorateRequest('leavePlace', undefined)
  app.addHook('onRequest', async (request, reply) => {
    const most = request.routeOptions.config.atOnce
    if (most === undefined) return
    const network = networkOf(request.ip)
    const own = held.get(network) ?? 0
    if (own >= most || all >= IN_ALL) {
      reply.header('retry-after', '5')
      const why =
        own >= most ? 'more is being worked on for your address already' : 'too much is being worked on'
      throw own >= most
        ? Object.assign(new Error(why), { statusCode: 429 })
        : new AvouchError('unavailable', why, { fix: 'Try again in a while.' })
    }
    held.set(network, own + 1)
    all++
    request.leavePlace = () => {
      request.leavePlace = undefined
      all--
      const left = held.get(network)! - 1
      if (left === 0) held.delete(network)
      else held.set(network, left)
    }
  })
  app.addHook('onSend', async (request) => request.leavePlace?.())
}
