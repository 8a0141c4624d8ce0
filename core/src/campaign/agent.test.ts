import { describe, expect, it } from 'vitest'
import type { ModelRequest, ModelResponse, ToolCall } from '../model/target.ts'
import { act } from './agent.ts'
import type { World } from './world.ts'

const limits = { steps: 5, outputTokens: 1000 }
const call = (name: string, id = 'c1'): ToolCall => ({ id, name, arguments: '{}' })

/** A door: opening it is what must never happen; walking through it ends the world. */
function door(): World {
  const reached: string[] = []
  let calls = 0
  return {
    tools: [
      { name: 'look', description: 'Looks.', parameters: {} },
      { name: 'open', description: 'Opens the door.', parameters: {} },
    ],
    call({ name }) {
      calls++
      if (name === 'open') reached.push('door-open')
      return `{"did":"${name}"}`
    },
    state: () => ({ reached, achieved: [], calls, over: reached.length > 0 }),
  }
}

const answer = (over: Partial<ModelResponse>): ModelResponse => ({
  outcome: 'answered',
  text: '',
  toolCalls: [],
  finish: 'stop',
  usage: { inputTokens: 1, outputTokens: 10 },
  servedBy: 'm',
  latency: 1,
  tries: 1,
  error: undefined,
  raw: { request: Buffer.of(), response: Buffer.of() },
  ...over,
})

/** A model that plays its turns one after another, and what it was asked. */
function playing(...turns: Partial<ModelResponse>[]) {
  const asked: ModelRequest[] = []
  return {
    asked,
    ask: async (request: ModelRequest) => {
      asked.push(request)
      return answer(turns[Math.min(asked.length, turns.length) - 1]!)
    },
  }
}
const question = { messages: [{ role: 'user' as const, content: 'go on' }] }

describe('an agent in a world', () => {
  it('is shown what its calls did, until it answers in words', async () => {
    const model = playing({ toolCalls: [call('look')] }, { text: 'a door' })
    const world = door()
    const { text, steps, stopped } = await act(world, model.ask, question, limits)
    expect(text).toBe('a door')
    expect(stopped).toBeUndefined()
    expect(steps).toEqual([
      { role: 'assistant', content: '', toolCalls: [call('look')] },
      { role: 'tool', toolCallId: 'c1', content: '{"did":"look"}' },
    ])
    expect(model.asked[1]!.messages).toEqual([...question.messages, ...steps!])
    expect(model.asked[0]!.tools?.map(({ name }) => name)).toEqual(['look', 'open'])
    expect(world.state().calls).toBe(1)
  })

  it('is stopped when its steps or its tokens are used up, and when nothing more can happen', async () => {
    const looping = playing({ toolCalls: [call('look')] })
    expect(await act(door(), looping.ask, question, limits)).toMatchObject({ stopped: 'steps' })
    expect(looping.asked).toHaveLength(limits.steps)
    const wordy = playing({
      toolCalls: [call('look')],
      usage: { inputTokens: 1, outputTokens: 600 },
    })
    expect(await act(door(), wordy.ask, question, limits)).toMatchObject({ stopped: 'tokens' })
    expect(wordy.asked).toHaveLength(2)
    const opening = playing({ toolCalls: [call('open')] })
    const ended = await act(door(), opening.ask, question, limits)
    expect(ended).toMatchObject({ stopped: 'over', results: [{ content: '{"did":"open"}' }] })
  })

  it("leaves an attack's own tools to the attack, and carries the world's out all the same", async () => {
    const world = door()
    const model = playing({ toolCalls: [call('look', 'a'), call('planted', 'b')] })
    const mixed = await act(
      world,
      model.ask,
      { ...question, tools: [{ name: 'planted', description: '', parameters: {} }] },
      limits,
    )
    expect(mixed.results).toEqual([{ role: 'tool', toolCallId: 'a', content: '{"did":"look"}' }])
    expect(world.state().calls).toBe(1)
    expect(model.asked).toHaveLength(1)
  })

  it('lets the world answer calls of tools that nobody offers, and tells of each step before it asks again', async () => {
    const model = playing({ toolCalls: [call('imagined')] }, { toolCalls: [call('look')] }, { text: 'ok' })
    const noted: string[] = []
    const { text } = await act(door(), model.ask, question, limits, undefined, async (_, results) => {
      noted.push(`${results.map(({ content }) => content).join()} before question ${model.asked.length + 1}`)
    })
    expect(text).toBe('ok')
    expect(noted).toEqual(['{"did":"imagined"} before question 2', '{"did":"look"} before question 3'])
  })

  it('carries out so many calls of one answer and no more', async () => {
    const world = door()
    const flood = Array.from({ length: 100 }, (_, n) => call('look', `c${n}`))
    const model = playing({ toolCalls: flood }, { text: 'enough' })
    const { steps } = await act(world, model.ask, question, limits)
    expect(world.state().calls).toBe(32)
    expect(steps).toHaveLength(101)
    expect(steps!.at(-1)).toMatchObject({
      toolCallId: 'c99',
      content: expect.stringContaining('not carried out'),
    })
  })

  it('ends with an answer that is none', async () => {
    const failing = playing({ toolCalls: [call('look')] }, { outcome: 'errored', error: 'HTTP 500' })
    expect(await act(door(), failing.ask, question, limits)).toMatchObject({ outcome: 'errored' })
  })
})
