import { access } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import type { FastifyPluginAsync } from 'fastify'
import { CONSOLE_POLICY, policy } from './headers.ts'
import { page } from './replies.ts'

/** Where `npm run build -w @avouch/console` leaves the inside web app. */
export const CONSOLE_FILES = fileURLToPath(new URL('../../console/dist', import.meta.url))

const FILES = new Set('.js .css .map .svg .png .ico .woff2 .json .txt .webmanifest'.split(' '))

/**
 * The console's files under `/console/`. They hold no data, so they are public; any address that names no file is
 * the app's own and gets its start page. Where the app is not built, a page says how to build it.
 */
export function consoleRoutes(root = CONSOLE_FILES): FastifyPluginAsync {
  return async (app) => {
    // Our own route below names the permission; the plugin only lends sendFile.
    await app.register(fastifyStatic, {
      root,
      serve: false,
      index: false,
      dotfiles: 'ignore',
      cacheControl: false,
      suppressWarning: true,
    })
    const open = {
      config: { permission: 'public' },
      helmet: policy(CONSOLE_POLICY),
      schema: { hide: true },
    } as const
    app.get('/console', open, async (_request, reply) => reply.redirect('/console/', 308))
    app.get<{ Params: { '*': string } }>('/console/*', open, async (request, reply) => {
      const path = request.params['*']
      if (FILES.has(extname(path))) {
        const hashed = path.startsWith('assets/')
        reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache')
        return reply.sendFile(path)
      }
      const built = await access(join(root, 'index.html')).then(
        () => true,
        () => false,
      )
      reply.header('cache-control', 'no-cache')
      if (built) return reply.sendFile('index.html')
      return reply
        .code(503)
        .type('text/html; charset=utf-8')
        .send(
          page('The console is not built yet', [
            'Its files are made once, from the source: run "npm run build" in the folder of Avouch, then load this page again.',
            'The API under /api/ works without it.',
          ]),
        )
    })
  }
}
