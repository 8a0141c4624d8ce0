import type { AttackContext, HelperRole } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import {
  type Message,
  type ModelRequest,
  type ModelResponse,
  openTarget,
  type Target,
  type TargetSpec,
} from '@avouch/core/model'

/** Milliseconds after which a helper that nobody asks lets its connections go. */
const IDLE = 5000

/** Asks a model that helps; the call is recorded with the attempt. Never throws for what it did: that is in `outcome`. */
export type Respond = (
  context: Pick<AttackContext, 'consult'>,
  messages: Message[],
  seed: number,
) => Promise<ModelResponse>

/** A model that takes part in an attack: as the attacker or as a translator. Any target can be one. */
export type Helper = {
  spec: TargetSpec
  /**
   * Its answer; the call is recorded with the attempt. Throws `unavailable` where it gives none: the attempt is then
   * recorded as not run.
   */
  ask(context: Pick<AttackContext, 'consult'>, messages: Message[], seed: number): Promise<string>
}

/**
 * A helper that connects when it is first asked, and lets go when it has been idle. Throws what opening a target
 * throws, at once: a helper that cannot be used is refused before a plan is recorded.
 */
export async function helperAt(
  spec: TargetSpec,
  role: HelperRole,
  request: Pick<ModelRequest, 'maxTokens' | 'temperature'>,
): Promise<Helper & { respond: Respond }> {
  try {
    await openTarget(spec).close()
  } catch (error) {
    throw error instanceof AvouchError ? asRole(error, role) : error
  }
  let target: Target | undefined
  let asking = 0
  let idle: NodeJS.Timeout | undefined

  const letGo = (): void => {
    const open = target
    target = undefined
    // its connections end with it; a failure to end them concerns no attempt
    open?.close().catch(() => undefined)
  }
  const respond: Respond = async ({ consult }, messages, seed) => {
    clearTimeout(idle)
    target ??= openTarget(spec)
    asking++
    try {
      return await consult(role, target, { ...request, messages, seed })
    } finally {
      if (--asking === 0) idle = setTimeout(letGo, IDLE).unref()
    }
  }
  return {
    spec,
    respond,
    async ask(context, messages, seed) {
      const { outcome, text, error } = await respond(context, messages, seed)
      if (outcome === 'answered') return text
      throw new AvouchError('unavailable', `The ${role} gave no answer: ${error ?? outcome}`, {
        where: spec.url,
      })
    },
  }
}

/** Says which of a plan's models cannot be used, and where it is mended. */
function asRole({ code, message, where, fix, cause }: AvouchError, role: HelperRole): AvouchError {
  const option = role === 'judge' ? ' (on the command line: --judge-allow-private)' : ''
  return new AvouchError(code, `The ${role} cannot be used: ${message}`, {
    where: `red-teaming.${role}${where === undefined ? '' : `, ${where}`}`,
    fix:
      code === 'forbidden'
        ? `Name a public address, or set \`allowPrivate: true\` in the plan's red-teaming.${role} if it is meant${option}.`
        : (fix ?? `Correct red-teaming.${role} in the plan.`),
    cause,
  })
}

/** The helper, where the plan names one. Throws `unavailable` otherwise: the item stands as not run. */
export function needed(
  helper: Helper | undefined,
  role: 'attacker' | 'translator',
  strategy: string,
): Helper {
  if (helper) return helper
  throw new AvouchError('unavailable', `The plan names no ${role}, which ${strategy} needs`, {
    where: `red-teaming.${role}`,
    fix: `Give the plan's red-teaming section \`${role}:\` with url and model.`,
  })
}
