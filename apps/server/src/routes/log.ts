import type { Installation } from '@avouch/core/installation'
import { readHead, serveLog } from '@avouch/core/log'
import type { FastifyPluginAsync } from 'fastify'

/** The published log, `/log/checkpoint`, `/log/key` and `/log/tile/…`, readable from any page (C2SP tlog-tiles). */
export function logRoutes(installation: Installation): FastifyPluginAsync {
  return async (app) => {
    let key = (await readHead(installation.db))?.key
    app.addHook('onRequest', async (_request, reply) => {
      // On the very first start the sealer opens the log a moment after the server.
      key ??= (await readHead(installation.db))?.key
      reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
    })
    const { db, blobs } = installation
    await app.register(
      serveLog({
        db,
        blobs,
        get verifierKey() {
          return key ?? ''
        },
      }),
    )
  }
}
