import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TargetSpec } from '../target.ts'
import { openai } from './openai.ts'

const SPEC: TargetSpec = { adapter: 'openai', url: 'http://127.0.0.1/v1', model: 'm' }
const completion = (choice: unknown, more = {}) => ({ model: 'm-1', choices: [choice], ...more })

describe('a request', () => {
  it('carries conversation, tools and settings', () => {
    const { path, body } = openai.build(
      { ...SPEC, stream: true },
      {
        messages: [
          { role: 'system', content: 's' },
          { role: 'user', content: 'u' },
          { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'f', arguments: '{"a":' }] },
          { role: 'tool', content: 'r', toolCallId: 'c' },
        ],
        tools: [{ name: 'f', description: 'd', parameters: { type: 'object' } }],
        maxTokens: 5,
        temperature: 0,
        seed: 7,
        stop: ['x'],
      },
    )
    expect(path).toBe('/chat/completions')
    expect(JSON.parse(String(body))).toEqual({
      model: 'm',
      messages: [
        { role: 'system', content: 's' },
        { role: 'user', content: 'u' },
        {
          role: 'assistant',
          content: null,
          tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":' } }],
        },
        { role: 'tool', tool_call_id: 'c', content: 'r' },
      ],
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' } } },
      ],
      max_tokens: 5,
      temperature: 0,
      seed: 7,
      stop: ['x'],
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  it('holds the key in a header only', () => {
    expect(openai.headers(SPEC, 'k')).toEqual({ authorization: 'Bearer k' })
    expect(openai.headers(SPEC, undefined)).toEqual({})
  })
})

describe('an answer', () => {
  it('is read with usage, tools and who served it', () => {
    const reading = openai.read(
      SPEC,
      completion(
        {
          finish_reason: 'tool_calls',
          message: { content: 'hi', tool_calls: [{ id: 'c', function: { name: 'f', arguments: { a: 1 } } }] },
        },
        { system_fingerprint: 'fp', usage: { prompt_tokens: 3, completion_tokens: 4 } },
      ),
    )
    expect(reading).toEqual({
      outcome: 'answered',
      text: 'hi',
      toolCalls: [{ id: 'c', name: 'f', arguments: '{"a":1}' }],
      finish: 'tool_calls',
      usage: { inputTokens: 3, outputTokens: 4 },
      servedBy: 'm-1 (fp)',
      error: undefined,
    })
  })

  it('that is a refusal of the model is answered text', () => {
    const reading = openai.read(
      SPEC,
      completion({ finish_reason: 'stop', message: { content: null, refusal: 'No.' } }),
    )
    expect(reading).toMatchObject({ outcome: 'answered', text: 'No.' })
  })

  it('that the filter stopped is refused by the provider, its text dropped', () => {
    const reading = openai.read(
      SPEC,
      completion({ finish_reason: 'content_filter', message: { content: 'half' } }),
    )
    expect(reading).toMatchObject({ outcome: 'refused-by-provider', text: '', finish: 'content_filter' })
  })

  it.each([
    [null],
    [[]],
    ['text'],
    [{}],
    [{ choices: 7 }],
    [{ choices: [{}] }],
    [{ error: { message: 'no' } }],
  ])('that is %o is errored', (body) => {
    expect(openai.read(SPEC, body)).toMatchObject({ outcome: 'errored', error: expect.any(String) })
  })

  it('is read whatever JSON it is', () => {
    const near = fc.record(
      {
        model: fc.jsonValue(),
        usage: fc.jsonValue(),
        choices: fc.oneof(
          fc.jsonValue(),
          fc.array(
            fc.record({
              finish_reason: fc.jsonValue(),
              message: fc.oneof(
                fc.jsonValue(),
                fc.record({ content: fc.jsonValue(), tool_calls: fc.jsonValue() }),
              ),
              delta: fc.jsonValue(),
            }),
          ),
        ),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(near, fc.jsonValue()), fc.constantFrom(200, 400, 500), (body, status) => {
        const reading = openai.read(SPEC, body)
        expect(typeof reading.text).toBe('string')
        openai.readFailure(SPEC, status, body)
        const stream = openai.stream!(SPEC)
        stream.push('', JSON.stringify(body))
        expect(typeof stream.end().text).toBe('string')
      }),
    )
  })
})

describe('a failure', () => {
  it.each([
    [400, { error: { code: 'content_filter', message: 'The response was filtered' } }],
    [400, { error: { message: 'x', innererror: { code: 'ResponsibleAIPolicyViolation' } } }],
    [
      400,
      { error: { code: 'invalid_prompt', message: 'flagged as potentially violating our usage policy' } },
    ],
    [403, { error: { message: 'requires moderation, your input was flagged' } }],
  ])('of the filter (%i) is a refusal by the provider', (status, body) => {
    expect(openai.readFailure(SPEC, status, body).refused).toBe(true)
  })

  it.each([
    [400, { error: { message: 'max_tokens is too large' } }],
    [401, { error: { message: 'content policy' } }],
    [500, { error: { code: 'content_filter' } }],
    [400, undefined],
  ])('of any other kind (%i) is none', (status, body) => {
    expect(openai.readFailure(SPEC, status, body).refused).toBe(false)
  })
})

describe('a stream', () => {
  const read = (...events: unknown[]) => {
    const stream = openai.stream!(SPEC)
    for (const event of events) stream.push('', typeof event === 'string' ? event : JSON.stringify(event))
    return stream.end()
  }
  const delta = (value: unknown, finish: string | null = null) => ({
    model: 'm-1',
    choices: [{ delta: value, finish_reason: finish }],
  })

  it('joins text and tool calls', () => {
    const call = (part: object) => delta({ tool_calls: [{ index: 0, ...part }] })
    expect(
      read(
        delta({ role: 'assistant', content: 'Hel' }),
        delta({ content: 'lo' }),
        call({ id: 'c', function: { name: 'f', arguments: '{"a"' } }),
        call({ function: { arguments: ':1}' } }),
        delta({}, 'tool_calls'),
        { choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
        '[DONE]',
      ),
    ).toMatchObject({
      outcome: 'answered',
      text: 'Hello',
      toolCalls: [{ id: 'c', name: 'f', arguments: '{"a":1}' }],
      usage: { inputTokens: 1, outputTokens: 2 },
      servedBy: 'm-1',
    })
  })

  it('that has no end, a broken event or an error in it is errored', () => {
    expect(read(delta({ content: 'Hel' }))).toMatchObject({
      outcome: 'errored',
      error: expect.stringContaining('cut'),
    })
    expect(read(delta({ content: 'Hel' }), '{"a', '[DONE]').outcome).toBe('errored')
    expect(read({ error: { message: 'overloaded' } })).toMatchObject({
      error: expect.stringContaining('overloaded'),
    })
  })
})
