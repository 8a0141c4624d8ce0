import type { Installation } from '@avouch/core/installation'
import { publishDaily } from '@avouch/core/log'

/** The hour (UTC) at which a checkpoint is published each day. */
export const PUBLISHING_HOUR = 4

/**
 * Publishes a checkpoint each day at a fixed hour and at no other time, so that timing says nothing of a launch.
 * Several processes may do so at once. Returns what stops it.
 */
export function publishEachDay(installation: Installation): () => void {
  let timer: NodeJS.Timeout
  const plan = () => {
    const now = installation.now()
    const next = new Date(
      Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate(), PUBLISHING_HOUR),
    )
    if (next <= now) next.setUTCDate(next.getUTCDate() + 1)
    timer = setTimeout(() => {
      publishDaily(installation, PUBLISHING_HOUR)
        .catch((error: unknown) =>
          installation.log.error({ err: error }, 'the daily checkpoint was not published'),
        )
        .finally(plan)
    }, next.getTime() - now.getTime())
    timer.unref()
  }
  plan()
  return () => clearTimeout(timer)
}
