import { recordRevocations } from '@avouch/core/auth'
import type { Installation } from '@avouch/core/installation'

/** Makes evidence of revocations that stand noted. They act already: a failure is logged, and the next call tries again. */
export async function recordSoon(installation: Installation): Promise<void> {
  try {
    await recordRevocations(installation)
  } catch (error) {
    installation.log.error({ err: error }, 'revocations act, but are not evidence yet')
  }
}
