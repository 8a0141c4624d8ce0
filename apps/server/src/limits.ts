import { isIPv6 } from 'node:net'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'

/** Requests a minute from one address, by what a route is. A route may set its own `config.rateLimit`. */
export const PER_MINUTE = { public: 600, inside: 6000, ceremony: 60 }

/** The `config.rateLimit` of routes that guess-work would be aimed at: sign-in, invitations, single sign-on. */
export const CEREMONY_LIMIT = { max: PER_MINUTE.ceremony, timeWindow: 60_000 }

/** Limits every route; to be called before any route is added. IPv6 addresses count by their /64. */
export async function limitRates(app: FastifyInstance): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    timeWindow: 60_000,
    // counted apart: whoever works in the console is not kept out of the portal for it
    keyGenerator: (request) => `${kindOf(request)} ${networkOf(request.ip)}`,
    max: (request) => PER_MINUTE[kindOf(request)],
    cache: 20_000,
  })
}

function kindOf({ routeOptions: { config, url = '' } }: FastifyRequest): 'public' | 'inside' {
  // Whoever audits the log reads all of its tiles, and a page of the console is many small files.
  const plenty = url.startsWith('/log/tile/') || url.startsWith('/console/')
  return config?.permission === 'public' && !plenty ? 'public' : 'inside'
}

/** Who counts as one: an IPv4 address, also where it is written as IPv6, or the first 64 bits of an IPv6 address. */
export function networkOf(ip: string): string {
  if (!isIPv6(ip)) return ip
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)
  if (mapped) return mapped[1]!
  const [front = [], back] = ip.split('::').map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = back === undefined ? 0 : Math.max(0, 8 - front.length - back.length)
  const groups = [...front, ...Array<string>(zeros).fill('0'), ...(back ?? [])].slice(0, 4)
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':')
}
