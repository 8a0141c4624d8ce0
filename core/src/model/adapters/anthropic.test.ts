import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TargetSpec } from '../target.ts'
import { anthropic } from './anthropic.ts'

const SPEC: TargetSpec = { adapter: 'anthropic', url: 'http://127.0.0.1/v1', model: 'm' }

describe('a request', () => {
  it('sets the system apart and joins turns of one side', () => {
    const { path, body } = anthropic.build(SPEC, {
      messages: [
        { role: 'system', content: 's1' },
        { role: 'user', content: 'u1' },
        { role: 'assistant', content: 'a', toolCalls: [{ id: 'c', name: 'f', arguments: '{"x":1}' }] },
        { role: 'tool', content: 'r', toolCallId: 'c' },
        { role: 'user', content: 'u2' },
        { role: 'assistant', content: '', toolCalls: [{ id: 'd', name: 'f', arguments: '{"x' }] },
      ],
      tools: [{ name: 'f', description: 'd', parameters: { type: 'object' } }],
      stop: ['x'],
      seed: 3,
    })
    expect(path).toBe('/messages')
    expect(JSON.parse(String(body))).toEqual({
      model: 'm',
      max_tokens: 4096,
      system: 's1',
      messages: [
        { role: 'user', content: 'u1' },
        {
          role: 'assistant',
          content: [
            { type: 'text', text: 'a' },
            { type: 'tool_use', id: 'c', name: 'f', input: { x: 1 } },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'c', content: 'r' },
            { type: 'text', text: 'u2' },
          ],
        },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'd', name: 'f', input: { malformed: '{"x' } }],
        },
      ],
      tools: [{ name: 'f', description: 'd', input_schema: { type: 'object' } }],
      stop_sequences: ['x'],
    })
  })

  it('names the version, and the key in a header', () => {
    expect(anthropic.headers(SPEC, 'k')).toEqual({ 'anthropic-version': '2023-06-01', 'x-api-key': 'k' })
  })
})

describe('an answer', () => {
  it('is read from its blocks', () => {
    const reading = anthropic.read(SPEC, {
      model: 'm-1',
      stop_reason: 'tool_use',
      content: [
        { type: 'thinking', thinking: 'hm' },
        { type: 'text', text: 'hi' },
        { type: 'tool_use', id: 'c', name: 'f', input: { x: 1 } },
      ],
      usage: { input_tokens: 2, cache_read_input_tokens: 3, output_tokens: 4 },
    })
    expect(reading).toMatchObject({
      outcome: 'answered',
      text: 'hi',
      toolCalls: [{ id: 'c', name: 'f', arguments: '{"x":1}' }],
      usage: { inputTokens: 5, outputTokens: 4 },
      servedBy: 'm-1',
    })
  })

  it('with stop reason refusal is refused by the provider', () => {
    const reading = anthropic.read(SPEC, { stop_reason: 'refusal', content: [] })
    expect(reading).toMatchObject({ outcome: 'refused-by-provider', finish: 'refusal' })
  })

  it('is read whatever JSON it is', () => {
    const event = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: fc.constantFrom(
          'message_start',
          'content_block_start',
          'content_block_delta',
          'message_delta',
          'message_stop',
          'error',
          'ping',
        ),
        index: fc.jsonValue(),
        message: fc.jsonValue(),
        delta: fc.jsonValue(),
        content_block: fc.jsonValue(),
        content: fc.array(fc.jsonValue()),
        error: fc.jsonValue(),
      }),
    )
    fc.assert(
      fc.property(fc.array(event, { maxLength: 5 }), (events) => {
        const stream = anthropic.stream!(SPEC)
        for (const value of events) {
          expect(typeof anthropic.read(SPEC, value).text).toBe('string')
          anthropic.readFailure(SPEC, 400, value)
          stream.push('', JSON.stringify(value))
        }
        expect(typeof stream.end().text).toBe('string')
      }),
    )
  })
})

it('reads a stream, and tells one that was cut', () => {
  const events = [
    { type: 'message_start', message: { model: 'm-1', usage: { input_tokens: 5, output_tokens: 1 } } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
    {
      type: 'content_block_start',
      index: 1,
      content_block: { type: 'tool_use', id: 'c', name: 'f', input: {} },
    },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: '{"x"' } },
    { type: 'content_block_delta', index: 1, delta: { type: 'input_json_delta', partial_json: ':1}' } },
    { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 9 } },
    { type: 'message_stop' },
  ]
  const read = (list: unknown[]) => {
    const stream = anthropic.stream!(SPEC)
    for (const event of list) stream.push('', JSON.stringify(event))
    return stream.end()
  }
  expect(read(events)).toMatchObject({
    outcome: 'answered',
    text: 'Hi',
    toolCalls: [{ id: 'c', name: 'f', arguments: '{"x":1}' }],
    finish: 'tool_use',
    usage: { inputTokens: 5, outputTokens: 9 },
    servedBy: 'm-1',
  })
  expect(read(events.slice(0, -1))).toMatchObject({
    outcome: 'errored',
    error: expect.stringContaining('cut'),
  })
})
