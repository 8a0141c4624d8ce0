import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { page } from './replies.ts'

/** What `portal/index.ts` exports: the public pages, mounted at `/`. Every route names `public`. */
export type PortalRoutes = (installation: Installation) => FastifyPluginAsync

const PAGES = new URL('./portal/index.ts', import.meta.url)

/** The public pages; loaded only where the portal is asked for, since they bring React. */
export async function portalPages(installation: Installation): Promise<FastifyPluginAsync> {
  if (existsSync(fileURLToPath(PAGES))) {
    // Node reads the pages' .tsx by this hook.
    await import('@avouch/ui/tsx')
    const { portalRoutes } = (await import(PAGES.href)) as { portalRoutes: PortalRoutes }
    return portalRoutes(installation)
  }
  return async (app) => {
    app.get('/', { config: { permission: 'public' }, schema: { hide: true } }, async (_request, reply) =>
      reply
        .type('text/html; charset=utf-8')
        .send(
          page('Avouch', ['The public pages are not part of this build.', 'The console is at /console/.']),
        ),
    )
  }
}
