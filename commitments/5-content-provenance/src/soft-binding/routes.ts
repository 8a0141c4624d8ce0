import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { algorithmsOf } from '../content.ts'
import { activeAlone } from '../manifest/store.ts'
import { kindOf } from '../media/families.ts'
import { findManifest } from '../register/register.ts'
import { forEveryone, parsed, withBytes } from '../upload.ts'
import { BOUND_FAMILIES, readBinding } from './binding.ts'
import { matchesByBinding, matchesByContent } from './resolve.ts'

const most = z.coerce.number().int().min(1).max(100).default(10)
const alg = z.string().min(1).max(200)
const query = z.object({ alg, value: z.string().min(1).max(2_000), maxResults: most })
const large = z.object({ alg, value: z.string().min(1).max(20_000) })
const onlyMost = z.object({ maxResults: most })
const content = z.object({
  alg: alg.optional(),
  maxResults: most,
  hintAlg: alg.optional(),
  hintValue: z.string().max(2_000).optional(),
})
const byId = z.object({ manifestId: z.string().min(1).max(300) })
const parts = z.object({ returnActiveManifest: z.enum(['true', 'false']).default('false') })

const open = { config: { permission: 'public' } } as const
const heavy = {
  config: { permission: 'public', rateLimit: { max: 30, timeWindow: 60_000 }, atOnce: 4 },
} as const

/**
 * C2PA's Soft Binding Resolution API 1.0 (C2PA specification, "Soft Binding Resolution API"), by which other people's
 * validators recover manifests of ours that were stripped. Open to all, for what it gives out stood in the open once.
 */
export function softBindingRoutes(installation: Installation): FastifyPluginAsync {
  const search = async (asked: { alg: string; value: string }, limit: number) => {
    const binding = readBinding(asked.alg, asked.value)
    if (binding === undefined)
      throw new AvouchError('usage', 'this is no value of an algorithm known here', {
        where: 'alg',
        fix: 'services/supportedAlgorithms lists them. The value is base64 over what the manifest holds.',
      })
    return { matches: await matchesByBinding(installation, binding, limit) }
  }
  return async (app) => {
    app.get('/services/supportedAlgorithms', open, async (_request, reply) => {
      forEveryone(reply)
      const algorithms = BOUND_FAMILIES.map(algorithmsOf)
      return {
        watermarks: algorithms.map(({ watermark }) => ({ alg: watermark })),
        fingerprints: algorithms.map(({ fingerprint }) => ({ alg: fingerprint })),
      }
    })
    app.get('/matches/byBinding', open, async (request, reply) => {
      forEveryone(reply)
      const asked = parsed(query, request.query)
      return search(asked, asked.maxResults)
    })
    app.post('/matches/byBinding', open, async (request) =>
      search(parsed(large, request.body), parsed(onlyMost, request.query).maxResults),
    )
    app.post('/matches/byContent', heavy, async (request) => {
      const asked = parsed(content, request.query)
      const matches = await withBytes(request, async (file) => {
        await kindOf(file).catch((error: unknown) => {
          // the standard's status for content that is of no kind known here
          if (!(error instanceof AvouchError && error.code === 'input')) throw error
          throw Object.assign(new Error(error.message), { statusCode: 415 })
        })
        return matchesByContent(installation, file, {
          alg: asked.alg ?? asked.hintAlg,
          most: asked.maxResults,
        })
      })
      const hint = asked.hintAlg && asked.hintValue ? readBinding(asked.hintAlg, asked.hintValue) : undefined
      if (matches.length > 0 || hint === undefined) return { matches }
      return { matches: await matchesByBinding(installation, hint, asked.maxResults) }
    })
    app.get('/manifests/:manifestId', open, async (request, reply) => {
      const { manifestId } = parsed(byId, request.params)
      const { returnActiveManifest } = parsed(parts, request.query)
      const store = await findManifest(installation.db, manifestId)
      if (store === undefined) throw new AvouchError('not-found', 'there is no such manifest here')
      const given = returnActiveManifest === 'true' ? activeAlone(store) : store
      return forEveryone(reply).type('application/c2pa').send(Buffer.from(given))
    })
  }
}
