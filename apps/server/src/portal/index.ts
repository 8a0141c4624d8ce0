import '@avouch/ui/tsx'
import { AvouchError } from '@avouch/core/errors'
import { findCheckpoint, listCheckpoints, readHead } from '@avouch/core/log'
import { findPublication, listPublications, readPublished } from '@avouch/public-reporting/publish'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { policy, REPORT_POLICY, VERIFIER_POLICY } from '../headers.ts'
import type { PortalRoutes } from '../portal.ts'
import { releaseParam } from '../wire.ts'
import { portalAssets } from './assets.ts'
import { readCited } from './cited.ts'

const open = { config: { permission: 'public' }, schema: { hide: true } } as const

/**
 * The public pages: home, published reports, checking a file, the log. Static markup and no script, except on
 * `/verify`, whose one script checks files in the reader's browser and sends nothing.
 */
export const portalRoutes: PortalRoutes = (installation) => {
  const { db, config } = installation
  const routes: FastifyPluginAsyncZod = async (app) => {
    const pages = await import('./pages.tsx')
    const show = (reply: FastifyReply, markup: string) =>
      reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(markup)
    const published = async (release: string) => {
      const found = await findPublication(db, release)
      if (found) return found
      throw new AvouchError('not-found', `No report about ${release} is published`, {
        where: `report ${release}`,
        fix: 'The front page lists all reports that are.',
      })
    }
    await app.register(portalAssets)

    app.get('/', open, async (_request, reply) => {
      const [publications, head, checkpoint] = await Promise.all([
        listPublications(db),
        readHead(db),
        findCheckpoint(db, 'published'),
      ])
      return show(reply, pages.homePage({ url: config.url, publications, head, checkpoint }))
    })

    app.get('/reports', open, async (_request, reply) => reply.redirect('/#reports', 303))
    app.get(
      '/reports/:name',
      { ...open, helmet: policy(REPORT_POLICY), schema: { hide: true, params: releaseParam } },
      async (request, reply) => {
        const bytes = await readPublished(installation, await published(request.params.name), 'report.html')
        return reply
          .header('cache-control', 'no-cache')
          .type('text/html; charset=utf-8')
          .send(Buffer.from(bytes))
      },
    )
    app.get(
      '/reports/:name/about',
      { ...open, schema: { hide: true, params: releaseParam } },
      async (request, reply) => {
        const publication = await published(request.params.name)
        const [cited, head] = await Promise.all([
          readCited(await readPublished(installation, publication, 'report.json')),
          readHead(db),
        ])
        return show(reply, pages.aboutPage({ url: config.url, publication, cited, key: head?.key }))
      },
    )
    for (const [name, type] of [
      ['report.html', 'text/html; charset=utf-8'],
      ['report.json', 'application/json; charset=utf-8'],
      ['model-card.md', 'text/markdown; charset=utf-8'],
    ] as const)
      app.get(
        `/reports/:name/${name}`,
        { ...open, helmet: policy(REPORT_POLICY), schema: { hide: true, params: releaseParam } },
        async (request, reply) => {
          const bytes = await readPublished(installation, await published(request.params.name), name)
          // To be saved, not shown: only the saved bytes are the ones that were signed.
          return reply
            .header('content-disposition', `attachment; filename="${name}"`)
            .header('cache-control', 'no-cache')
            .type(type)
            .send(Buffer.from(bytes))
        },
      )

    app.get('/verify', { ...open, helmet: policy(VERIFIER_POLICY) }, async (_request, reply) => {
      const head = await readHead(db)
      return show(reply, pages.verifyPage({ origin: head?.origin }))
    })

    app.get('/log', open, async (_request, reply) => {
      const [head, checkpoints] = await Promise.all([readHead(db), listCheckpoints(db, 500)])
      const shown = checkpoints.filter((one) => one.published_at !== null).slice(0, 50)
      return show(reply, pages.logPage({ head, checkpoints: shown }))
    })
  }
  return routes
}
