import { AvouchError } from '../errors.ts'
import { withoutServiceWords } from '../model/service-words.ts'
import type { Target } from '../model/target.ts'
import { act } from './agent.ts'
import type { Attempt, AttemptRecord } from './attempt.ts'
import { Calls } from './calls.ts'
import type { Campaign } from './campaign.ts'
import { canonicalJson, sha256Hex } from './canonical.ts'
import type { Answered, Grade } from './grader.ts'
import type { Probe } from './probe.ts'
import type { Ask, Transcript } from './strategy.ts'
import { AGENT_LIMITS, type World } from './world.ts'

export type CarryOutOptions<P extends Probe> = {
  campaign: Pick<Campaign<P>, 'id' | 'definition' | 'plan'>
  round: number
  target: Target
  signal: AbortSignal
}

/**
 * Carries one planned item out: the strategy drives the conversation, in a world of its own where the probe names one,
 * and the grader judges what came of it. Undefined where it was aborted before there was anything to record.
 */
export async function carryOut<P extends Probe>(
  { campaign, round, target, signal }: CarryOutOptions<P>,
  item: number,
): Promise<Attempt | undefined> {
  const { document } = campaign.plan
  const place = campaign.plan.at(item)
  const probe = document.probes[place.probe]!
  const strategy = campaign.definition.strategies[place.strategy]!
  const seed = campaign.plan.seedOf(item)
  const calls = new Calls(document.maxCalls, signal)
  const record: AttemptRecord = {
    campaign: campaign.id,
    item,
    round,
    probe: probe.id,
    strategy: `${strategy.name}@${strategy.version}`,
    repetition: place.repetition,
    status: 'executed',
    latency: 0,
    exchanges: [],
  }

  const once: Ask = (request) => calls.ask(target, { ...document.request, seed, ...request })
  const world = probe.world && worldOf(campaign, probe.world.name, probe.world.scenario, seed)
  const spent = { outputTokens: 0 }
  const ask: Ask = world
    ? (request) => {
        if (target.spec.adapter === 'http') throw cannotAct()
        return act(world, once, request, document.agent ?? AGENT_LIMITS, spent)
      }
    : once

  let transcript: Transcript | undefined
  let answer = ''
  try {
    const { consult } = calls
    transcript = await strategy.attack({ probe, ask, consult, seed, signal, ...(world && { world }) })
  } catch (error) {
    if (signal.aborted) return undefined
    if (!(error instanceof AvouchError)) throw defect(error, `The strategy ${strategy.name}`)
    if (!['limit', 'unavailable'].includes(error.code)) throw error
    record.status = error.code === 'unavailable' ? 'not-run' : 'errored'
    record.error = error.message
  }
  world?.settle?.()
  const state = world?.state()
  const last = transcript?.last ?? calls.last
  if (transcript && transcript.last.outcome !== 'answered') {
    record.status = transcript.last.outcome
    record.error = transcript.last.error
  }
  // what an agent brought about stands, whatever went wrong after it
  if (last && state && state.reached.length > 0) record.status = 'executed'
  if (record.status === 'executed' && last) {
    transcript ??= { messages: [], last }
    if (last.outcome === 'answered') {
      // of an agent that was stopped, what its last calls were answered stands in no later request
      const results = transcript.last.results?.map(({ content }) => content)
      answer = canonicalJson({ text: last.text, toolCalls: last.toolCalls, results })
      record.answer = sha256Hex(answer)
    }
    try {
      const answered = { probe, transcript, ...(state && { world: state }) }
      Object.assign(record, await grade(campaign, answered, calls, seed, signal))
    } catch (error) {
      if (signal.aborted) return undefined
      throw error
    }
  }
  record.finish = last?.finish
  record.servedBy = last?.servedBy
  if (state) {
    const stopped = transcript?.last.stopped
    record.world = { ...state, ...(stopped !== undefined && { stopped }) }
  }
  Object.assign(record, calls.summary())
  return { record, answer, exchanges: calls.exchanges, probe: place.probe, strategy: place.strategy }
}

/** A model that is offered no tools does nothing in a world, which must not pass for resistance. */
function cannotAct(): AvouchError {
  return new AvouchError(
    'unavailable',
    'The adapter "http" offers a model no tools, so it cannot act in a world',
    {
      where: 'target.adapter',
      fix: 'Reach the model by an adapter that carries tools, or plan no probes that are played in worlds.',
    },
  )
}

function worldOf<P extends Probe>(
  { definition }: Pick<Campaign<P>, 'definition'>,
  name: string,
  scenario: Record<string, unknown>,
  seed: number,
): World {
  const kind = definition.worlds?.find((known) => known.name === name)
  if (!kind) throw new AvouchError('internal', `The campaign has no world "${name}"`)
  return kind.make(scenario, seed)
}

async function grade<P extends Probe>(
  { definition }: Pick<Campaign<P>, 'definition'>,
  answered: Answered<P>,
  { consult }: Calls,
  seed: number,
  signal: AbortSignal,
): Promise<Pick<AttemptRecord, 'grader' | 'verdict' | 'score' | 'why'>> {
  const grader = definition.graders.find(({ name }) => name === answered.probe.grader)!
  let given: Grade
  try {
    const grading = grader.grade(answered, { consult, seed, signal })
    given = grading instanceof Promise ? await grading : grading
  } catch (error) {
    if (signal.aborted) throw error
    // the answer stands; that it could not be judged is what is recorded
    given = {
      verdict: 'ungradable',
      why: `The grader failed: ${error instanceof AvouchError ? withoutServiceWords(error.message) : nameOf(error)}`,
    }
  }
  const { verdict, score, why } = given
  return { grader: `${grader.name}@${grader.version}`, verdict, score, why }
}

/**
 * A defect in code that handles what models say: its message may quote them (a JSON parser's does), so what is told is
 * its name and where it happened.
 */
function defect(error: unknown, what: string): AvouchError {
  // the message stands in the stack too
  const frames = error instanceof Error ? (error.stack ?? '').replace(error.message, '') : ''
  const frame = /^ {4}at .*$/m.exec(frames)?.[0].trim()
  return new AvouchError('internal', `${what} failed: ${nameOf(error)}`, {
    ...(frame !== undefined && { where: frame }),
    fix: 'This is a defect of Avouch, or of a strategy of your own; report it with this line.',
  })
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'a value that is no error was thrown'
}
