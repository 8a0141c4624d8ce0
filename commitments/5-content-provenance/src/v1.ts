import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { checkContent } from './check/check.ts'
import { fetchContent } from './check/fetch.ts'
import { type Maker, readMaker } from './content.ts'
import { COUNT_JOB } from './jobs.ts'
import { countsDue, recordCounts } from './mark/counts.ts'
import { markFile } from './mark/mark.ts'
import type { OnDisk } from './media/on-disk.ts'
import { softBindingRoutes } from './soft-binding/routes.ts'
import { forEveryone, parsed, readFiles, withFile } from './upload.ts'
import { openUploadFolder } from './upload-folder.ts'

const byLink = z.strictObject({ url: z.string().min(1).max(4_096) })
const toMark = z.object({ model: z.string().min(1).max(400) })

/** Checking takes a second or two of a processor: one address gets this many a minute. */
const OFTEN = { max: 30, timeWindow: 60_000 }
const checking = { config: { permission: 'public', rateLimit: OFTEN, atOnce: 4 } } as const
const marking = { config: { permission: 'content-provenance:mark' } } as const

/** Of the content, where the whole answer is one document. */
const MOST_IN_DOCUMENT = 32 * 2 ** 20

/**
 * Addresses that others build on, under `/v1/content`: marking for the company's own services, checking for everyone, and
 * C2PA's Soft Binding Resolution API. What is sent to be checked is kept nowhere and stands in no log.
 */
export function v1(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    await readFiles(app, installation.config)
    // too large is not too often, which is what the code says elsewhere
    app.setErrorHandler((error, _request, reply) => {
      if (!(error instanceof AvouchError && error.code === 'limit')) throw error
      // what is still coming is not waited for
      reply.header('connection', 'close')
      throw Object.assign(new Error([error.message, error.fix].join('. ')), { statusCode: 413 })
    })
    app.post('/mark', marking, async (request, reply) => {
      const maker = readMaker(parsed(toMark, request.query).model)
      const inDocument = request.headers.accept?.includes('application/json') === true
      const { stream, ...marked } = await withFile(request, async (file) => {
        if (inDocument && file.size > MOST_IN_DOCUMENT)
          throw new AvouchError('limit', 'content of more than 32 MiB is not given in one document', {
            fix: 'Ask for the file itself: leave `Accept: application/json` out.',
          })
        return markUpload(installation, file, maker)
      })
      const { size, mediaType, ...mark } = marked
      const { db, work, now } = installation
      if (await countsDue(db, now())) await recordCounts(installation)
      // what comes last is counted too, when an hour has passed
      await work.add(COUNT_JOB, {}, { key: COUNT_JOB, runAt: new Date(now().getTime() + 3_600_000) })
      if (inDocument) return { ...mark, mediaType, content: (await buffer(stream)).toString('base64') }
      return reply
        .type(mediaType)
        .header('content-length', size)
        .header('avouch-content-id', mark.contentId)
        .header('avouch-mark', JSON.stringify(mark))
        .send(stream)
    })
    app.post('/check', checking, async (request) => {
      if (isJson(request))
        return checkContent(installation, await fetchContent(parsed(byLink, request.body).url))
      return withFile(request, (file) => checkContent(installation, file))
    })
    // for scripts on other people's pages: a link, and no cookie
    app.get('/check', checking, async (request, reply) => {
      // what was asked about stands in nobody's cache either
      forEveryone(reply).header('cache-control', 'no-store')
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

/** Marks what was sent. The marked file is gone when it was read to its end, or nobody reads it any more. */
async function markUpload(installation: Installation, source: OnDisk, maker: Maker) {
  const folder = await openUploadFolder()
  try {
    const out = join(folder.path, 'out')
    const mark = await markFile(installation, source, out, maker)
    const { size } = await stat(out)
    const stream = createReadStream(out)
    stream.once('close', () => void folder.remove())
    return { ...mark, size, stream }
  } catch (error) {
    await folder.remove()
    throw error
  }
}

function isJson({ headers }: FastifyRequest): boolean {
  return headers['content-type']?.startsWith('application/json') === true
}
