import { type AgentLimits, act, type Stop, tokensOf, type World } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { Message, ModelRequest, ModelResponse } from '@avouch/core/model'
import type { Step } from './step.ts'

/** Why an agent was stopped before it answered in words; `time`: what one message may take was used up. */
export type Stopped = Stop | 'time'

/** How one message of an expert's ended: an answer in words, none, or a stop; its steps were noted before. */
export type Driven = { last: ModelResponse | { failed: string } } | { stopped: Stopped }

export type DriveOptions = {
  /** As the branch left it. */
  world: World
  messages: Message[]
  /** Of this message: steps, and tokens of the whole branch, of which so many are spent. */
  limits: AgentLimits
  spent: number
  /** Bytes that the model may be sent at once. */
  conversationBytes: number
  /** Asks the model. Throws where it cannot be asked. */
  ask(request: ModelRequest): Promise<ModelResponse>
  /** Keeps a step, durably, before the model is asked again. */
  note(step: Step, raw: ModelResponse['raw']): Promise<void>
  /** Whether there is time for another question. */
  mayGoOn(): boolean
}

/**
 * Lets the model act in the world until it answers in words, under the limits of a campaign. Whatever a model or a tool
 * does ends in an answer, a failure or a stop. Throws only what `note` throws: what cannot be kept is not gone on with.
 */
export async function drive(options: DriveOptions): Promise<Driven> {
  const { world, messages, limits, conversationBytes, ask, note, mayGoOn } = options
  const halt = new Error('halt')
  let ended: Driven | undefined
  const end = (how: Driven): Error => {
    ended = how
    return halt
  }
  const guarded: World = {
    ...world,
    call(call) {
      try {
        return world.call(call)
      } catch (error) {
        // a defect: its message may quote what the model wrote
        throw end({
          last: { failed: `A tool of the world failed: ${error instanceof Error ? error.name : 'unknown'}.` },
        })
      }
    },
  }
  try {
    const answer = await act(
      guarded,
      async (request) => {
        if (!mayGoOn()) throw end({ stopped: 'time' })
        if (sizeOf(request.messages) > conversationBytes)
          throw end({ last: { failed: 'The conversation has grown too long to be sent.' } })
        try {
          return await ask(request)
        } catch (error) {
          if (!(error instanceof AvouchError)) throw error
          throw end({ last: { failed: error.message } })
        }
      },
      { messages },
      limits,
      { outputTokens: options.spent },
      (response, results) => {
        const { text, toolCalls } = response
        const answers = results.map(({ content }) => content)
        return note(
          { text, toolCalls, results: answers, state: world.state(), tokens: tokensOf(response) },
          response.raw,
        )
      },
    )
    return answer.stopped ? { stopped: answer.stopped } : { last: answer }
  } catch (error) {
    if (error === halt && ended) return ended
    throw error
  }
}

/** UTF-8 bytes of what a model is sent. */
export function sizeOf(messages: readonly Message[]): number {
  return messages.reduce(
    (sum, message) =>
      sum +
      Buffer.byteLength(message.content) +
      (message.role === 'assistant'
        ? (message.toolCalls ?? []).reduce(
            (more, call) => more + Buffer.byteLength(call.id + call.name + call.arguments),
            0,
          )
        : 0),
    0,
  )
}
