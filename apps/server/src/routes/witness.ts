import { loadOrCreateSigningKey } from '@avouch/core/crypto'
import type { Installation } from '@avouch/core/installation'
import { serveWitness, witnessKey } from '@avouch/core/log'
import type { FastifyPluginAsync } from 'fastify'

/** This installation as a witness of others' logs (C2SP tlog-witness): `/witness/add-checkpoint`, `/witness/key`. */
export function witnessRoutes({ config, db, now }: Installation): FastifyPluginAsync {
  return serveWitness({
    db,
    now,
    witness: async () => {
      const key = await loadOrCreateSigningKey(config, 'witness')
      return { ...witnessKey(config.origin, key), key }
    },
  })
}
