import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsync } from 'fastify'
import { z } from 'zod'
import { given } from '../given.ts'
import { theftFigures } from './figures.ts'
import { HOUR } from './limits.ts'
import { windowStart } from './spend.ts'
import { limitsInForce, listUsed } from './store.ts'

const people = z.coerce.number().int().min(2).max(1000)
const asked = z.object({
  model: z
    .string()
    .max(201)
    .regex(/^[^\s@]+@[^\s@]+$/)
    .optional(),
  people: z.union([people.transform((one) => [one]), z.array(people).max(20)]).default([2, 4]),
  environment: z
    .union([
      z
        .string()
        .max(200)
        .transform((one) => [one]),
      z.array(z.string().max(200)).max(100),
    ])
    .default(['any']),
})

/** Budgets, what of them was used in the last hour, and the arithmetic of stealing: `/api/weight-security/egress`. */
export function egressRoutes(installation: Installation): FastifyPluginAsync {
  const { db, now } = installation
  return async (app) => {
    app.get('/egress', { config: { permission: 'weight-security:read' } }, async (request) => {
      const { model, ...thieves } = given(asked, request.query)
      const thieving = { people: thieves.people, environments: thieves.environment }
      const inForce = await limitsInForce(db)
      const used = new Map<string, { model: string; environment: string; bytes: number; people: number }>()
      // who it was is for those who investigate, and stands in the record of reads
      for (const { environment, bytes, ...one } of await listUsed(db, windowStart(now(), HOUR), model)) {
        const key = JSON.stringify([one.model, environment])
        const sum = used.get(key) ?? { model: one.model, environment, bytes: 0, people: 0 }
        used.set(key, { ...sum, bytes: sum.bytes + bytes, people: sum.people + 1 })
      }
      const theft = model === undefined ? null : await theftFigures(installation, model, thieving)
      return {
        budgets: inForce?.limits.budgets ?? [],
        evidence: inForce?.evidence ?? null,
        since: inForce?.since.toISOString() ?? null,
        lastHour: [...used.values()],
        theft: theft && { ...theft, limits: theft.limits ?? null },
      }
    })
  }
}
