import {
  type Checked,
  checkContent,
  fetchContent,
  readFiles,
  readForm,
  readSettings,
  UPLOAD_BYTES,
} from '@avouch/content-provenance/check'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyError, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Problem } from './check.tsx'
import type { Frame } from './shell.tsx'

const open = { config: { permission: 'public' }, schema: { hide: true } } as const
const asking = {
  config: { permission: 'public', rateLimit: { max: 30, timeWindow: 60_000 } },
  schema: { hide: true },
  bodyLimit: UPLOAD_BYTES,
} as const

/** `/check`: a form that anyone can send a file or a link by, without a script. What is sent is kept nowhere. */
export function checkRoutes(installation: Installation, frame: Frame): FastifyPluginAsync {
  return async (app) => {
    const { checkPage } = await import('./check.tsx')
    readFiles(app)
    const show = async (reply: FastifyReply, answer: Checked | Problem | undefined) => {
      const { feedback } = await readSettings(installation.config)
      const page = checkPage(frame, { url: installation.config.url, feedback, answer })
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
      const problem = REFUSED[(error as FastifyError).statusCode ?? 500]
      if (problem === undefined) throw error
      reply.code((error as FastifyError).statusCode!)
      return show(reply, problem)
    })
    app.get('/check', open, async (_request, reply) => show(reply, undefined))
    app.post('/check', asking, async (request, reply) => {
      try {
        return show(reply, await checkContent(installation, await givenIn(request)))
      } catch (error) {
        if (!(error instanceof AvouchError) || error.code === 'internal') throw error
        reply.code(422)
        return show(reply, { problem: error.message, fix: error.fix })
      }
    })
  }
}

const REFUSED: Record<number, Problem> = {
  413: { problem: 'the file is larger than 32 MB', fix: 'Send a smaller one, or a part of it.' },
  429: {
    problem: 'too much was checked from your address in the last minute',
    fix: 'Try again in a minute.',
  },
}

/** The file of the form, or what its link leads to. */
async function givenIn({ body, headers }: FastifyRequest): Promise<Uint8Array> {
  const parts = Buffer.isBuffer(body) ? readForm(body, headers['content-type'] ?? '') : []
  const file = parts.find(({ name, bytes }) => name === 'file' && bytes.length > 0)
  if (file) return file.bytes
  const link = parts.find(({ name, bytes }) => name === 'url' && bytes.length > 0)
  if (link) return fetchContent(Buffer.from(link.bytes).toString('utf8').trim())
  throw new AvouchError('usage', 'nothing was chosen', { fix: 'Choose a file, or paste a link.' })
}
