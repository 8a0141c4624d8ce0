import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import {
  exchangeDigest,
  type Message,
  type ModelRequest,
  type ModelResponse,
  openTarget,
  type TargetSpec,
} from '@avouch/core/model'
import { drive } from '../driving/drive.ts'
import type { Setting } from '../driving/setting.ts'
import type { StepRecord } from '../driving/step.ts'
import { type Branch, spentOn, worldOn } from './branch.ts'
import type { SessionBox } from './sealed.ts'
import { LIMITS } from './session.ts'
import { insertStep } from './step-store.ts'
import type { Begun, Came } from './turn.ts'

/** Tokens that an agent writes in one step at most, as in a campaign whose plan does not say. */
const STEP_TOKENS = 1024
/** Bytes of one answer of an agent at most: what it writes is kept and sent again with every later step. */
const STEP_BYTES = 1024 * 1024
/** Of the time that one message may take, so much is used before an agent is let rest; what is left is for its last step. */
const RESTS_AFTER = 0.7

/** Asks the model once or twice; whatever goes wrong is an answer too. */
export async function askModel(
  spec: TargetSpec,
  request: ModelRequest,
  withinMs: number,
): Promise<ModelResponse | { failed: string }> {
  const timeoutMs = Math.min(spec.timeoutMs ?? withinMs, withinMs)
  const signal = AbortSignal.timeout(withinMs)
  try {
    const target = openTarget({ ...spec, timeoutMs, maxTries: Math.min(spec.maxTries ?? 2, 2) })
    try {
      return await target.ask(request, signal)
    } finally {
      await target.close()
    }
  } catch (error) {
    if (signal.aborted) return { failed: `No answer came within ${withinMs / 1000} seconds.` }
    if (error instanceof AvouchError) return { failed: error.message }
    throw error
  }
}

/**
 * Lets the model act in the branch's world, which was played again up to here, and keeps each step, sealed, before the
 * next is asked for. Answers what came of it and the steps of this turn. Throws `conflict` where the turn was recorded
 * as lost meanwhile.
 */
export async function letAct(
  installation: Installation,
  box: SessionBox,
  spec: TargetSpec,
  {
    setting,
    branch,
    begun,
    messages,
  }: { setting: Setting; branch: Branch; begun: Begun; messages: Message[] },
  withinMs: number,
): Promise<{ came: Came; steps: StepRecord[] }> {
  const { session, turn, said } = begun
  const steps: StepRecord[] = []
  const started = performance.now()
  const leftMs = () => withinMs - (performance.now() - started)
  const narrow = { ...spec, maxResponseBytes: Math.min(spec.maxResponseBytes ?? STEP_BYTES, STEP_BYTES) }
  const driven = await drive({
    world: await worldOn(setting, branch),
    messages,
    limits: { ...setting.limits, steps: Math.min(said.steps ?? setting.limits.steps, setting.limits.steps) },
    spent: spentOn(branch),
    conversationBytes: LIMITS.conversationBytes,
    mayGoOn: () => steps.length === 0 || leftMs() > withinMs * (1 - RESTS_AFTER),
    async ask(request) {
      const response = await askModel(
        narrow,
        {
          ...request,
          maxTokens: STEP_TOKENS,
          seed: setting.seed,
          ...(said.temperature !== undefined && { temperature: said.temperature }),
        },
        Math.max(1, Math.round(leftMs())),
      )
      if ('failed' in response) throw new AvouchError('unavailable', response.failed)
      return response
    },
    async note(step, raw) {
      const record: StepRecord = {
        ...step,
        session,
        turn,
        step: steps.length + 1,
        at: installation.now().toISOString(),
        exchange: exchangeDigest(raw),
      }
      const sealed = box.sealStep(record, raw)
      const kept = await installation.db.kysely
        .transaction()
        .execute((tx) => insertStep(tx, session, { turn, step: record.step, sealed }))
      if (!kept) throw tooLate(turn)
      steps.push(record)
    },
  })
  return { came: 'last' in driven ? driven.last : driven, steps }
}

/** That a turn was recorded as lost before it ended. */
export function tooLate(turn: number): AvouchError {
  return new AvouchError('conflict', 'The answer came too late: the turn was recorded as lost', {
    where: `turn ${turn}`,
    fix: 'Send the message again.',
  })
}
