import type { Conversation } from './conversation.ts'
import type { Reply } from './reply.ts'

/** 1 January 2025: answers are the same bytes whenever they are made. */
const CREATED = 1_735_689_600

/** A chat completion's bytes. */
export function completionOf(reply: Reply, conversation: Conversation, seed: number): Buffer {
  const { text, finish } = cut(reply, conversation)
  const message: Record<string, unknown> = {
    role: 'assistant',
    content: reply.calls.length > 0 ? null : text,
  }
  if (reply.calls.length > 0) message.tool_calls = callsOf(reply, conversation)
  return Buffer.from(
    JSON.stringify({
      ...head('chat.completion', reply, conversation, seed),
      choices: [{ index: 0, message, finish_reason: finish }],
      usage: usageOf(text, conversation),
    }),
  )
}

/** The same as server-sent events, a few words a piece. */
export function streamOf(reply: Reply, conversation: Conversation, seed: number): Buffer {
  const { text, finish } = cut(reply, conversation)
  const common = head('chat.completion.chunk', reply, conversation, seed)
  const events: unknown[] = [chunk(common, { role: 'assistant', content: '' }, null)]
  if (reply.calls.length === 0)
    for (const [piece] of text.matchAll(/(?:\S+\s*){1,8}|\s+/g))
      events.push(chunk(common, { content: piece }, null))
  callsOf(reply, conversation).forEach((call, index) => {
    const half = Math.ceil(call.function.arguments.length / 2)
    const parts = [call.function.arguments.slice(0, half), call.function.arguments.slice(half)]
    events.push(
      chunk(
        common,
        { tool_calls: [{ index, ...call, function: { name: call.function.name, arguments: parts[0] } }] },
        null,
      ),
    )
    events.push(chunk(common, { tool_calls: [{ index, function: { arguments: parts[1] } }] }, null))
  })
  events.push(chunk(common, {}, finish))
  if (conversation.includeUsage) events.push({ ...common, choices: [], usage: usageOf(text, conversation) })
  return Buffer.from(
    `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`,
  )
}

function head(
  object: string,
  reply: Reply,
  conversation: Conversation,
  seed: number,
): Record<string, unknown> {
  return {
    id: `chatcmpl-practice-${conversation.hash.toString(16).padStart(8, '0')}`,
    object,
    created: CREATED,
    model: conversation.model,
    system_fingerprint: `practice-${seed}`,
    practice: { notAModel: true, kind: reply.kind, weakness: reply.weakness ?? null },
  }
}

function chunk(common: Record<string, unknown>, delta: unknown, finish: string | null): unknown {
  return { ...common, choices: [{ index: 0, delta, finish_reason: finish }] }
}

function callsOf(reply: Reply, conversation: Conversation) {
  return reply.calls.map((call, index) => ({
    id: `call_practice_${conversation.called.length + index}`,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }))
}

/** Stop sequences and the limit of tokens (four characters each) end a text early. */
function cut(reply: Reply, conversation: Conversation): { text: string; finish: string } {
  if (reply.calls.length > 0) return { text: '', finish: 'tool_calls' }
  let text = reply.text
  for (const stop of conversation.stop) {
    const at = stop === '' ? -1 : text.indexOf(stop)
    if (at !== -1) text = text.slice(0, at)
  }
  const most = conversation.maxTokens === undefined ? Number.POSITIVE_INFINITY : conversation.maxTokens * 4
  return text.length > most ? { text: text.slice(0, most), finish: 'length' } : { text, finish: 'stop' }
}

function usageOf(text: string, conversation: Conversation) {
  const input = Math.ceil(conversation.length / 4)
  const output = Math.ceil(text.length / 4)
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output }
}
