import type { ServerResponse } from 'node:http'
import type { Installation } from '@avouch/core/installation'
import { readHead } from '@avouch/core/log'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { Changes } from '../changes.ts'

/** A stream ends after this long, so that access that has ended is noticed; browsers come back by themselves. */
const STREAM_MS = 15 * 60_000
const HEARTBEAT_MS = 15_000
/** Streams of one process at most. */
const MOST_STREAMS = 200

/**
 * Live progress as server-sent events, `/api/events`: `campaign` with the counts of each campaign that runs or has just
 * ended, `log` with the tree's size. Each event is sent when it changes; on opening, all that is current.
 */
export function eventRoutes(installation: Installation): FastifyPluginAsyncZod {
  return async (app) => {
    const changes = new Changes(installation, readHead)
    const options = {
      config: { permission: 'campaign:read' },
      schema: { hide: true },
      exposeHeadRoute: false,
    } as const
    const streams = new Set<ServerResponse>()
    app.addHook('preClose', async () => {
      changes.stop()
      for (const stream of streams) stream.end()
    })
    app.get('/events', options, (request, reply) => {
      if (streams.size >= MOST_STREAMS) return reply.code(503).header('retry-after', '30').send()
      reply.hijack()
      const { raw } = reply
      streams.add(raw)
      raw.writeHead(200, {
        ...reply.getHeaders(),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      } as Record<string, string>)
      raw.write('retry: 2000\n\n')
      const leave = changes.listen((event, data) => {
        // A reader that does not keep up is let go; it comes back and gets what is current.
        if (raw.writableLength > 1_000_000) raw.destroy()
        else raw.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      })
      const heartbeat = setInterval(() => raw.write(': here\n\n'), HEARTBEAT_MS)
      const end = setTimeout(() => raw.end(), STREAM_MS)
      request.raw.socket.once('close', () => raw.destroy())
      raw.once('close', () => {
        streams.delete(raw)
        clearInterval(heartbeat)
        clearTimeout(end)
        leave()
      })
    })
  }
}
