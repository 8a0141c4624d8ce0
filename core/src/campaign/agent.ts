import type { Message, ModelRequest, ModelResponse, ToolCall } from '../model/target.ts'
import type { AgentLimits, Stop, World } from './world.ts'

/** Of the calls in one answer, so many are carried out; the others are told so. */
const CALLS_AT_ONCE = 32

/** An answer, and what an agent did on the way to it. */
export type Answer = ModelResponse & {
  /** Calls of a world's tools and their results, in order, before the answer itself. Absent outside worlds. */
  steps?: Message[]
  /** Results of those of the answer's own calls that were carried out, where it ends in calls. */
  results?: Message[]
  /** Present where the agent was stopped before it answered in words: the answer is then its last calls. */
  stopped?: Stop
}

/** What is done with each step before the model is asked again: its answer, and the results of all of its calls. */
export type NoteStep = (response: ModelResponse, results: Message[]) => Promise<void>

/**
 * Lets a model act in a world until it answers in words: its calls are carried out and their results shown to it. Calls
 * of tools that the request offers beside the world's (an attack's own) end the loop and are left to the caller; of a
 * tool that nobody offers the world says that there is none. Ends too when the steps or the tokens are used up, or the
 * world is over: what was reached by then stands, and is judged. `spent` counts the tokens of earlier questions of the
 * same attempt; `note` is told of each step.
 */
export async function act(
  world: World,
  ask: (request: ModelRequest) => Promise<ModelResponse>,
  request: ModelRequest,
  limits: AgentLimits,
  spent: { outputTokens: number } = { outputTokens: 0 },
  note?: NoteStep,
): Promise<Answer> {
  const own = new Set(world.tools.map(({ name }) => name))
  const others = (request.tools ?? []).filter(({ name }) => !own.has(name))
  const othersNames = new Set(others.map(({ name }) => name))
  const tools = [...others, ...world.tools]
  const steps: Message[] = []
  for (let step = 1; ; step++) {
    const response = await ask({ ...request, messages: [...request.messages, ...steps], tools })
    spent.outputTokens += tokensOf(response)
    const { toolCalls } = response
    if (response.outcome !== 'answered' || toolCalls.length === 0) return { ...response, steps }
    const results = carriedOut(
      world,
      toolCalls.filter(({ name }) => !othersNames.has(name)),
    )
    if (results.length < toolCalls.length) return { ...response, steps, results }
    await note?.(response, results)
    const stopped = stopOf(world, step, spent.outputTokens, limits)
    if (stopped) return { ...response, steps, results, stopped }
    steps.push({ role: 'assistant', content: response.text, toolCalls }, ...results)
  }
}

/** Tokens that an answer took: as the service says, or a fourth of its characters where it says nothing. */
export function tokensOf({ usage, text }: Pick<ModelResponse, 'usage' | 'text'>): number {
  return usage.outputTokens ?? Math.ceil(text.length / 4)
}

/** Carries the calls of one answer out, in order; those beyond 32 are told that they were not. */
export function carriedOut(world: World, calls: readonly ToolCall[]): Message[] {
  return calls.map((call, n) => (n < CALLS_AT_ONCE ? resultOf(world, call) : tooMany(call)))
}

/** What a tool of a world answers, as a message. */
export function resultOf(world: World, call: ToolCall): Message {
  return { role: 'tool', toolCallId: call.id, content: world.call(call) }
}

function tooMany({ id }: ToolCall): Message {
  const error = `More than ${CALLS_AT_ONCE} calls in one answer; this one was not carried out.`
  return { role: 'tool', toolCallId: id, content: JSON.stringify({ error }) }
}

function stopOf(world: World, step: number, tokens: number, limits: AgentLimits): Stop | undefined {
  if (world.state().over) return 'over'
  if (step >= limits.steps) return 'steps'
  return tokens >= limits.outputTokens ? 'tokens' : undefined
}
