import {
  type Checked,
  checkContent,
  fetchContent,
  readFiles,
  readSettings,
  uploadLimits,
  withUpload,
} from '@avouch/content-provenance/check'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyError, FastifyPluginAsync, FastifyReply } from 'fastify'
import type { Problem } from './check.tsx'
import type { Frame } from './shell.tsx'

const open = { config: { permission: 'public' }, schema: { hide: true } } as const
const asking = {
  config: { permission: 'public', rateLimit: { max: 30, timeWindow: 60_000 }, atOnce: 4 },
  schema: { hide: true },
} as const

/** `/check`: a form that anyone can send a file or a link by, without a script. What is sent is kept nowhere. */
export function checkRoutes(installation: Installation, frame: Frame): FastifyPluginAsync {
  return async (app) => {
    const { checkPage } = await import('./check.tsx')
    await readFiles(app, installation.config)
    const show = async (reply: FastifyReply, answer: Checked | Problem | undefined) => {
      const settings = await readSettings(installation.config)
      const page = checkPage(frame, {
        url: installation.config.url,
        feedback: settings.feedback,
        most: uploadLimits(settings).check,
        answer,
      })
      return (
        reply
          .header('cache-control', 'no-store')
          // under `no-referrer` browsers send forms with the origin `null`, which the guard takes for another site's
          .header('referrer-policy', 'same-origin')
          .type('text/html; charset=utf-8')
          .send(page)
      )
    }
    // what is refused before it is read: there is a page to say it on
    app.setErrorHandler(async (error, _request, reply) => {
      if (error instanceof AvouchError && error.code !== 'internal') {
        // what is still coming is not waited for
        reply.code(error.code === 'limit' ? 413 : 422).header('connection', 'close')
        return show(reply, { problem: error.message, fix: error.fix })
      }
      const problem = REFUSED[(error as FastifyError).statusCode ?? 500]
      if (problem === undefined) throw error
      reply.code((error as FastifyError).statusCode!)
      return show(reply, problem)
    })
    app.get('/check', open, async (_request, reply) => show(reply, undefined))
    app.post('/check', asking, async (request, reply) => {
      try {
        const answer = await withUpload(request, async ({ file, fields }) =>
          checkContent(installation, file ?? (await linked(fields.get('url')))),
        )
        return show(reply, answer)
      } catch (error) {
        if (!(error instanceof AvouchError) || error.code === 'internal') throw error
        reply.code(422)
        return show(reply, { problem: error.message, fix: error.fix })
      }
    })
  }
}

const REFUSED: Record<number, Problem> = {
  429: {
    problem: 'too much was checked from your address in the last minute',
    fix: 'Try again in a minute.',
  },
}

/** What the form's link leads to. */
async function linked(link: string | undefined): Promise<Uint8Array> {
  if (link?.trim()) return fetchContent(link.trim())
  throw new AvouchError('usage', 'nothing was chosen', { fix: 'Choose a file, or paste a link.' })
}
