import type { OpenedAttempt } from '@avouch/core/campaign'
import { z } from 'zod'
import { loadWorlds } from '../worlds.ts'

/** One thing that happened in an agent's attempt: who spoke, or which tool was called, and with what. */
export type AgentStep =
  | { kind: 'system' | 'user' | 'model'; text: string }
  | { kind: 'call'; tool: string; text: string }
  | { kind: 'result'; text: string }

/** What a page shows of an agent's attempt: its steps in order, and the states of its world that were reached. */
export type AgentView = {
  steps: AgentStep[]
  /** How many steps are left out at the end. */
  more: number
  reached: { id: string; title: string }[]
  achieved: { id: string; title: string }[]
  stopped?: string
}

/** Steps that a page shows at most. */
const MOST = 400

const block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  name: z.string().optional(),
  input: z.unknown().optional(),
  content: z.unknown().optional(),
})
const message = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(block), z.null()]).optional(),
  tool_calls: z
    .array(z.looseObject({ function: z.looseObject({ name: z.string(), arguments: z.string() }) }))
    .optional(),
})
const body = z.looseObject({
  system: z.string().optional(),
  messages: z.array(message).max(10_000),
})

/**
 * An agent's attempt laid out for reading, from the last request and the answer to it; undefined where the attempt was
 * not played in a world. It may hold harmful text: for who asked for this one.
 */
export async function agentView({
  record,
  answer,
  exchanges,
}: OpenedAttempt): Promise<AgentView | undefined> {
  if (!record.world) return undefined
  const own = record.exchanges.findLastIndex(({ role }) => role === undefined)
  const steps = [...stepsIn(exchanges[own]?.request ?? ''), ...(answer ? saidIn(answer) : [])]
  const worlds = [...(await loadWorlds()).values()]
  const titled = (ids: readonly string[], of: 'forbidden' | 'goals') =>
    ids.map((id) => ({
      id,
      title: worlds.flatMap((world) => world[of]).find((one) => one.id === id)?.title ?? id,
    }))
  const { reached, achieved, stopped } = record.world
  return {
    steps: steps.slice(0, MOST),
    more: Math.max(0, steps.length - MOST),
    reached: titled(reached, 'forbidden'),
    achieved: titled(achieved, 'goals'),
    ...(stopped !== undefined && { stopped }),
  }
}

/** The conversation that a request carried, of the chat-completions or the messages form; empty for any other. */
export function stepsIn(request: string): AgentStep[] {
  let value: unknown
  try {
    value = JSON.parse(request)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return []
  }
  const parsed = body.safeParse(value)
  if (!parsed.success) return []
  const { system, messages } = parsed.data
  return [
    ...(system === undefined ? [] : [{ kind: 'system' as const, text: system }]),
    ...messages.flatMap(({ role, content, tool_calls: calls = [] }) => [
      ...(typeof content === 'string'
        ? spoken(role, content)
        : (content ?? []).flatMap((one) => ofBlock(role, one))),
      ...calls.map(({ function: called }) => ({
        kind: 'call' as const,
        tool: called.name,
        text: called.arguments,
      })),
    ]),
  ]
}

function saidIn({ text, toolCalls, results = [] }: NonNullable<OpenedAttempt['answer']>): AgentStep[] {
  return [
    ...spoken('assistant', text),
    ...toolCalls.map((call) => ({ kind: 'call' as const, tool: call.name, text: call.arguments })),
    ...results.map((result) => ({ kind: 'result' as const, text: result })),
  ]
}

function spoken(role: string, text: string): AgentStep[] {
  if (text === '') return []
  if (role === 'tool') return [{ kind: 'result', text }]
  return [{ kind: role === 'assistant' ? 'model' : role === 'user' ? 'user' : 'system', text }]
}

function ofBlock(
  role: string,
  { type, text = '', name = '', input, content }: z.infer<typeof block>,
): AgentStep[] {
  if (type === 'tool_use') return [{ kind: 'call', tool: name, text: JSON.stringify(input ?? {}) }]
  if (type === 'tool_result')
    return [{ kind: 'result', text: typeof content === 'string' ? content : JSON.stringify(content ?? '') }]
  return spoken(role, text)
}
