import { parseTilePath, VerifyError } from '@avouch/verify'
import type { FastifyPluginAsync } from 'fastify'
import type { BlobStore } from '../blob/store.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { findCheckpoint } from './store.ts'
import { tileKey } from './tile-store.ts'
import { TILE_WIDTH } from './tree.ts'

/**
 * The published log over HTTP as C2SP tlog-tiles: `checkpoint`, `tile/<level>/<index>[.p/<width>]` and
 * `tile/entries/…`. Nothing beyond the last published checkpoint is served.
 */
export function serveLog(parts: { db: Database; blobs: BlobStore; verifierKey: string }): FastifyPluginAsync {
  return async (app) => {
    app.get('/checkpoint', { config: { permission: 'public' } }, async (_request, reply) => {
      const checkpoint = await findCheckpoint(parts.db, 'published')
      if (checkpoint === undefined)
        throw new AvouchError('not-found', 'this log has not published a checkpoint yet')
      return reply.type('text/plain; charset=utf-8').header('cache-control', 'no-cache').send(checkpoint.note)
    })

    app.get('/key', { config: { permission: 'public' } }, async (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(`${parts.verifierKey}\n`),
    )

    app.get<{ Params: { '*': string } }>(
      '/tile/*',
      { config: { permission: 'public' } },
      async (request, reply) => {
        const missing = new AvouchError('not-found', 'no such tile in the published log')
        const tile = readTilePath(request.params['*'])
        const published = await findCheckpoint(parts.db, 'published')
        if (tile === undefined || published === undefined) throw missing
        const level = tile.level === 'entries' ? 0 : tile.level
        const available = Math.floor(published.size / TILE_WIDTH ** level) - tile.index * TILE_WIDTH
        if (tile.width > available) throw missing
        const bytes = await parts.blobs.get(tileKey(published.epoch, tile.level, tile.index, tile.width))
        if (bytes === undefined) throw missing
        return reply
          .type('application/octet-stream')
          .header('cache-control', 'public, max-age=31536000, immutable')
          .send(Buffer.from(bytes))
      },
    )
  }
}

function readTilePath(path: string): ReturnType<typeof parseTilePath> | undefined {
  try {
    return parseTilePath(`tile/${path}`)
  } catch (error) {
    if (error instanceof VerifyError) return undefined
    throw error
  }
}
