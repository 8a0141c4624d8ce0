import '@avouch/ui/tsx'
import { readFile } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import { findCheckpoint, listCheckpoints, readHead } from '@avouch/core/log'
import { findPublication, listPublications, readPublished } from '@avouch/public-reporting/publish'
import { parseNote } from '@avouch/verify'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { policy, REPORT_POLICY, VERIFIER_POLICY } from '../headers.ts'
import type { PortalRoutes } from '../portal.ts'
import { releaseParam } from '../wire.ts'
import { assetRoutes, loadAssets } from './assets.ts'
import { checkRoutes } from './check-routes.ts'
import { readCited } from './cited.ts'
import type { Frame } from './shell.tsx'

const open = { config: { permission: 'public' }, schema: { hide: true } } as const
const ofRelease = { ...open, schema: { hide: true, params: releaseParam } } as const

const FILES = [
  ['report.html', 'text/html; charset=utf-8'],
  ['report.json', 'application/json; charset=utf-8'],
  ['model-card.md', 'text/markdown; charset=utf-8'],
] as const

/**
 * The public pages: home, published reports, checking a picture or a file, the log. Static markup and no script, except on
 * `/verify`, whose one script checks files in the reader's browser and sends nothing.
 */
export const portalRoutes: PortalRoutes = (installation) => {
  const { db, config } = installation
  const routes: FastifyPluginAsyncZod = async (app) => {
    const [{ homePage }, { reportPage }, { verifyPage }, { logPage }, { problemPage }] = await Promise.all([
      import('./home.tsx'),
      import('./report.tsx'),
      import('./verify.tsx'),
      import('./log.tsx'),
      import('./problem.tsx'),
    ])
    const assets = await loadAssets()
    const frame: Frame = {
      sheet: assets.sheet,
      version: await ownVersion(),
      contact: config.securityContact !== undefined,
      console: app.hasRoute({ method: 'GET', url: '/console/*' }),
    }
    app.errorPages.render = (status, texts) => problemPage(frame, status, texts)
    await app.register(assetRoutes(assets))

    const show = (reply: FastifyReply, markup: string) =>
      reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(markup)
    const published = async (release: string) => {
      const found = await findPublication(db, release)
      if (found) return found
      throw new AvouchError('not-found', `No report on ${release} is published`, {
        where: release,
        fix: 'The front page lists every report that is.',
      })
    }

    app.get('/', open, async (_request, reply) => {
      const [publications, head, checkpoint] = await Promise.all([
        listPublications(db),
        readHead(db),
        findCheckpoint(db, 'published'),
      ])
      return show(reply, homePage(frame, { host: new URL(config.url).host, publications, head, checkpoint }))
    })

    app.get('/reports', open, async (_request, reply) => reply.redirect('/#reports', 303))
    app.get('/reports/:name', ofRelease, async (request, reply) => {
      const publication = await published(request.params.name)
      const [json, record, head] = await Promise.all([
        readPublished(installation, publication, 'report.json'),
        installation.evidence.get(publication.evidence),
        readHead(db),
      ])
      const cited = await readCited(json)
      return show(reply, reportPage(frame, { url: config.url, publication, record, cited, key: head?.key }))
    })
    for (const [file, type] of FILES)
      app.get(`/reports/:name/${file}`, ofRelease, async (request, reply) => {
        const publication = await published(request.params.name)
        const etag = `"${publication.evidence}"`
        reply.header('cache-control', 'no-cache').header('etag', etag)
        if (request.headers['if-none-match'] === etag) return reply.code(304).send()
        const bytes = await readPublished(installation, publication, file)
        // Not for the whole route: a page that says "not found" is one of ours.
        await reply.helmet(policy(REPORT_POLICY))
        return reply
          .header('content-disposition', `inline; filename="${file}"`)
          .type(type)
          .send(Buffer.from(bytes))
      })

    // A config of its own: helmet keeps a route's policy in it.
    const verifying = { ...open, config: { ...open.config }, helmet: policy(VERIFIER_POLICY) }
    app.get('/verify', verifying, async (_request, reply) =>
      show(reply, verifyPage(frame, { origin: config.origin, script: await assets.script() })),
    )

    await app.register(checkRoutes(installation, frame))

    app.get('/log', open, async (_request, reply) => {
      const [head, newest, all] = await Promise.all([
        readHead(db),
        findCheckpoint(db, 'published'),
        listCheckpoints(db, 500),
      ])
      const earlier = all.filter((one) => one.published_at !== null && one.note !== newest?.note)
      const checkpoints = newest ? [newest, ...earlier.slice(0, 49)] : []
      const signers = newest ? parseNote(newest.note).signatures.map(({ name }) => name) : []
      const witnesses = [...new Set(signers)].filter((name) => name !== newest?.origin)
      return show(reply, logPage(frame, { url: config.url, head, checkpoints, witnesses }))
    })
  }
  return routes
}

async function ownVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
  return (manifest as { version: string }).version
}
