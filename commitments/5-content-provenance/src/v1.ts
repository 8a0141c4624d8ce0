import { readFile } from 'node:fs/promises'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyError, FastifyPluginAsync, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { checkContent } from './check/check.ts'
import { fetchContent } from './check/fetch.ts'
import { readMaker } from './content.ts'
import { COUNT_JOB } from './jobs.ts'
import { countsDue, recordCounts } from './mark/counts.ts'
import { markContent } from './mark/mark.ts'
import { softBindingRoutes } from './soft-binding/routes.ts'
import { fileIn, forEveryone, parsed, readFiles, UPLOAD_BYTES } from './upload.ts'

const byLink = z.strictObject({ url: z.string().min(1).max(4_096) })
const toMark = z.object({ model: z.string().min(1).max(400) })

/** Checking takes a second or two of a processor: one address gets this many a minute. */
const OFTEN = { max: 30, timeWindow: 60_000 }
const checking = { config: { permission: 'public', rateLimit: OFTEN }, bodyLimit: UPLOAD_BYTES } as const
const marking = { config: { permission: 'content-provenance:mark' }, bodyLimit: UPLOAD_BYTES } as const

/**
 * Addresses that others build on, under `/v1/content`: marking for the company's own services, checking for everyone, and
 * C2PA's Soft Binding Resolution API. What is sent to be checked is kept nowhere and stands in no log.
 */
export function v1(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    readFiles(app)
    // too large is not too often, which is what the code says elsewhere
    app.setErrorHandler((error) => {
      if ((error as FastifyError).code === 'FST_ERR_CTP_BODY_TOO_LARGE')
        throw Object.assign(new Error(`The file is larger than ${UPLOAD_BYTES / 2 ** 20} MB`), {
          statusCode: 413,
        })
      if (!(error instanceof AvouchError && error.code === 'limit')) throw error
      throw Object.assign(new Error([error.message, error.fix].join('. ')), { statusCode: 413 })
    })
    app.post('/mark', marking, async (request, reply) => {
      const maker = readMaker(parsed(toMark, request.query).model)
      const { bytes, mediaType, ...mark } = await markContent(installation, fileIn(request), maker)
      const { db, work, now } = installation
      if (await countsDue(db, now())) await recordCounts(installation)
      // what comes last is counted too, when an hour has passed
      await work.add(COUNT_JOB, {}, { key: COUNT_JOB, runAt: new Date(now().getTime() + 3_600_000) })
      if (request.headers.accept?.includes('application/json'))
        return { ...mark, mediaType, content: Buffer.from(bytes).toString('base64') }
      return reply
        .type(mediaType)
        .header('avouch-content-id', mark.contentId)
        .header('avouch-mark', JSON.stringify(mark))
        .send(Buffer.from(bytes))
    })
    app.post('/check', checking, async (request) => {
      const bytes = isJson(request) ? await fetchContent(parsed(byLink, request.body).url) : fileIn(request)
      return checkContent(installation, bytes)
    })
    // for scripts on other people's pages: a link, and no cookie
    app.get('/check', checking, async (request, reply) => {
      forEveryone(reply)
      return checkContent(installation, await fetchContent(parsed(byLink, request.query).url))
    })
    app.get('/check.js', { config: { permission: 'public' } }, async (_request, reply) =>
      forEveryone(reply)
        .type('text/javascript; charset=utf-8')
        .header('cache-control', 'public, max-age=3600')
        .send(await readFile(new URL('./check/embed.js', import.meta.url), 'utf8')),
    )
    await app.register(softBindingRoutes(installation))
  }
}

function isJson({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.startsWith('application/json') === true
}
