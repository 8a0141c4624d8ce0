import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { listObjects, listSealings } from '../store.ts'

const filter = z.object({ model: z.string().min(1).max(201).optional() })
const read = { config: { permission: 'weight-security:read' } } as const

/** What stands sealed, under `/api/weight-security`: no keys, and nothing of what is in the weights but their shape. */
export function objectRoutes({ db }: Installation): FastifyPluginAsync {
  return async (app) => {
    app.get('/objects', read, async (request) => {
      const { model } = given(filter, request.query)
      const objects = await listObjects(db, { model })
      const unfinished = (await listSealings(db)).filter((one) => model === undefined || one.model === model)
      return {
        objects: objects.map(({ header: _, wrappedKey: __, sealedAt, format, ...object }) => ({
          ...object,
          format: format ?? null,
          sealedAt: sealedAt.toISOString(),
        })),
        unfinished: unfinished.map(({ id, model: of, name, bytes, begunAt }) => ({
          ...{ id, model: of, name, bytes },
          begunAt: begunAt.toISOString(),
        })),
      }
    })
  }
}
