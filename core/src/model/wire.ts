import { Pool } from 'undici'
import { guardedConnector } from './connector.ts'
import { Limiter } from './limiter.ts'
import type { TargetSpec } from './target.ts'

/** The connections to one target and the limiter before them, shared by all who opened it in this process. */
export type Wire = { pool: Pool; limiter: Limiter; release(): Promise<void> }

const OPEN = new Map<string, { pool: Pool; limiter: Limiter; users: number }>()

/** Requests in flight where a spec does not say. */
export const DEFAULT_CONCURRENCY = 16

/** Joins the wire to this target, or makes it. The last one to release it closes the connections. */
export function joinWire(spec: TargetSpec, connectTimeoutMs: number): Wire {
  const { origin } = new URL(spec.url)
  const key = JSON.stringify([
    origin,
    spec.model,
    spec.keyVariable,
    spec.concurrency,
    spec.requestsPerMinute,
    spec.tokensPerMinute,
    spec.allowPrivate === true,
    connectTimeoutMs,
  ])
  let entry = OPEN.get(key)
  if (!entry) {
    const concurrency = spec.concurrency ?? DEFAULT_CONCURRENCY
    entry = {
      pool: new Pool(origin, {
        connections: concurrency,
        pipelining: 1,
        allowH2: false,
        connect: guardedConnector({ allowPrivate: spec.allowPrivate === true, connectTimeoutMs }),
      }),
      limiter: new Limiter({
        concurrency,
        requestsPerMinute: spec.requestsPerMinute,
        tokensPerMinute: spec.tokensPerMinute,
      }),
      users: 0,
    }
    OPEN.set(key, entry)
  }
  entry.users += 1
  const { pool, limiter } = entry
  const joined = entry
  let released: Promise<void> | undefined
  return {
    pool,
    limiter,
    release() {
      if (released) return released
      joined.users -= 1
      if (joined.users > 0) released = Promise.resolve()
      else {
        OPEN.delete(key)
        limiter.close()
        released = pool.close()
      }
      return released
    },
  }
}
