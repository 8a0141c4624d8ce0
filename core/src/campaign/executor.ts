import { setTimeout as sleep } from 'node:timers/promises'
import { AvouchError } from '../errors.ts'
import type { Installation } from '../installation.ts'
import type { ModelResponse, Target } from '../model/target.ts'
import { type Attempt, type AttemptRecord, exchangeDigest } from './attempt.ts'
import type { BatchWriter } from './batch-writer.ts'
import type { Campaign } from './campaign.ts'
import { canonicalJson, sha256Hex } from './canonical.ts'
import type { Grade } from './grader.ts'
import type { Probe } from './probe.ts'
import type { Ask, Transcript } from './strategy.ts'

/** So many attempts in a row without an answer end the run: the target is gone, and going on would only burn the plan. */
const MAX_ERRORS_IN_A_ROW = 100

/** Milliseconds between the first starts. */
const SPREAD = 1

export type ExecutorOptions<P extends Probe> = {
  installation: Installation
  campaign: Campaign<P>
  round: number
  target: Target
  /** Attempts in flight at most. */
  concurrency: number
  writer: BatchWriter<P>
  signal: AbortSignal
  /** Told of the first failure, once. */
  failed?: (error: unknown) => void
}

/**
 * Carries items out: `concurrency` of them in flight at any moment, whichever shard they are of, and never more, so
 * that memory stays flat. The first failure stops it.
 */
export class Executor<P extends Probe> {
  readonly #options: ExecutorOptions<P>
  readonly #stop = new AbortController()
  readonly #signal: AbortSignal
  readonly #waiting: (() => void)[] = []
  #inFlight = 0
  #answered = false
  #failure: unknown
  #errorsInARow = 0
  readonly #idle: (() => void)[] = []

  constructor(options: ExecutorOptions<P>) {
    this.#options = options
    this.#signal = AbortSignal.any([options.signal, this.#stop.signal])
  }

  /** Starts an item as soon as there is room, and returns then. Throws once the executor has failed or was aborted. */
  async start(item: number): Promise<void> {
    while (this.#inFlight >= this.#options.concurrency && !this.#stopped)
      await new Promise<void>((free) => this.#waiting.push(free))
    if (this.#failure !== undefined) throw this.#failure
    this.#signal.throwIfAborted()
    this.#inFlight++
    void this.#carryOut(item)
    // until the first answer, starts are spread: calls in step would come back in step and wait for each other for ever
    if (!this.#answered && this.#inFlight < this.#options.concurrency) await sleep(SPREAD)
  }

  /** Waits until nothing is in flight and what was answered is durable, then throws the first failure, if any. */
  async drain(): Promise<void> {
    while (this.#inFlight > 0) await new Promise<void>((idle) => this.#idle.push(idle))
    try {
      await this.#options.writer.flush()
    } catch (error) {
      this.#failure ??= error
    }
    if (this.#failure !== undefined) throw this.#failure
  }

  get #stopped(): boolean {
    return this.#failure !== undefined || this.#signal.aborted
  }

  async #carryOut(item: number): Promise<void> {
    try {
      const attempt = await this.#attempt(item)
      this.#answered = true
      if (attempt) {
        this.#watch(attempt.record)
        await this.#options.writer.add(attempt)
      }
    } catch (error) {
      this.#fail(error)
    } finally {
      this.#inFlight--
      if (this.#stopped) for (const free of this.#waiting.splice(0)) free()
      else this.#waiting.shift()?.()
      if (this.#inFlight === 0) for (const idle of this.#idle.splice(0)) idle()
    }
  }

  /** Undefined where it was aborted before there was anything to record. */
  async #attempt(item: number): Promise<Attempt | undefined> {
    const { campaign, round, target } = this.#options
    const { document } = campaign.plan
    const place = campaign.plan.at(item)
    const probe = document.probes[place.probe]!
    const strategy = campaign.definition.strategies[place.strategy]!
    const seed = campaign.plan.seedOf(item)
    const calls: ModelResponse[] = []

    const ask: Ask = async (request) => {
      if (calls.length >= document.maxCalls)
        throw new AvouchError(
          'limit',
          `The strategy made more than the ${document.maxCalls} calls the plan allows for one attempt`,
        )
      const response = await target.ask({ ...document.request, seed, ...request }, this.#signal)
      calls.push(response)
      return response
    }

    let transcript: Transcript | undefined
    let problem: AvouchError | undefined
    try {
      transcript = await strategy.attack({ probe, ask, seed, signal: this.#signal })
    } catch (error) {
      if (this.#signal.aborted) return undefined
      if (!(error instanceof AvouchError) || !['limit', 'unavailable'].includes(error.code)) throw error
      problem = error
    }

    const record: AttemptRecord = {
      campaign: campaign.id,
      item,
      round,
      probe: probe.id,
      strategy: `${strategy.name}@${strategy.version}`,
      repetition: place.repetition,
      status: 'executed',
      latency: 0,
      exchanges: calls.map(({ raw }) => exchangeDigest(raw)),
    }
    let input: number | undefined
    let output: number | undefined
    for (const { latency, usage } of calls) {
      record.latency += latency
      if (usage.inputTokens !== undefined) input = (input ?? 0) + usage.inputTokens
      if (usage.outputTokens !== undefined) output = (output ?? 0) + usage.outputTokens
    }
    record.latency = Math.round(record.latency * 1000) / 1000
    record.inputTokens = input
    record.outputTokens = output

    const last = transcript?.last ?? calls.at(-1)
    record.finish = last?.finish
    record.servedBy = last?.servedBy
    let answer = ''
    if (problem) {
      record.status = problem.code === 'unavailable' ? 'not-run' : 'errored'
      record.error = problem.message
    } else if (last?.outcome !== 'answered') {
      record.status = last?.outcome ?? 'errored'
      record.error = last ? last.error : 'The strategy ended without asking the model'
    } else {
      answer = canonicalJson({ text: last.text, toolCalls: last.toolCalls })
      record.answer = sha256Hex(answer)
      await this.#grade(probe, transcript!, record)
    }
    return {
      record,
      answer,
      exchanges: calls.map(({ raw }) => raw),
      probe: place.probe,
      strategy: place.strategy,
    }
  }

  async #grade(probe: P, transcript: Transcript, record: AttemptRecord): Promise<void> {
    const grader = this.#options.campaign.definition.graders.find(({ name }) => name === probe.grader)!
    record.grader = `${grader.name}@${grader.version}`
    let grade: Grade
    try {
      const given = grader.grade({ probe, transcript })
      grade = given instanceof Promise ? await given : given
    } catch (error) {
      // the answer stands; that it could not be judged is what is recorded
      grade = {
        verdict: 'ungradable',
        why: `The grader failed: ${error instanceof Error ? error.message : String(error)}`,
      }
    }
    record.verdict = grade.verdict
    record.score = grade.score
    record.why = grade.why
  }

  #watch({ status, error }: AttemptRecord): void {
    this.#errorsInARow = status === 'errored' ? this.#errorsInARow + 1 : 0
    if (this.#errorsInARow === MAX_ERRORS_IN_A_ROW)
      this.#fail(
        new AvouchError(
          'target',
          `The target gave no usable answer ${MAX_ERRORS_IN_A_ROW} times in a row; the last time: ${error ?? 'no reason given'}`,
          {
            where: this.#options.target.spec.url,
            fix: 'Mend it, or its address or key, and run the same command again: it goes on from here. Errored attempts are asked again only if you say so (--retry-errors).',
          },
        ),
      )
  }

  #fail(error: unknown): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.#stop.abort()
    this.#options.failed?.(error)
  }
}
