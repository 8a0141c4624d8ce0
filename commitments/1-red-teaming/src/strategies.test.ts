import type { AttackContext } from '@avouch/core/campaign'
import { compose } from '@avouch/core/campaign'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rot13 } from './strategies/rot13.ts'
import { loadStrategies } from './strategies.ts'

const strategies = await loadStrategies()
const text = fc.string({ minLength: 1, unit: 'grapheme' })

/** What the model is sent. */
async function sent(name: string, prompt: string, over: Partial<AttackContext['probe']> = {}) {
  const requests: Parameters<AttackContext['ask']>[0][] = []
  const context: AttackContext = {
    probe: { id: 'p', domain: 'd', cluster: 'c', grader: 'g', prompt, ...over },
    seed: 1,
    signal: new AbortController().signal,
    ask: async (request) => {
      requests.push(request)
      return {
        outcome: 'answered',
        text: 'answer',
        toolCalls: [],
        finish: 'stop',
        usage: { inputTokens: 1, outputTokens: 1 },
        servedBy: 'm',
        latency: 1,
        tries: 1,
        error: undefined,
        raw: { request: Buffer.of(), response: Buffer.of() },
      }
    },
  }
  const transcript = await strategies.get(name)!.attack(context)
  return { requests, transcript }
}

describe('strategies', () => {
  it('are found by listing the folder, each with a version, a reference and the digest of its file', () => {
    expect([...strategies.keys()]).toEqual([
      'base64',
      'plain',
      'prefix-injection',
      'refusal-suppression',
      'role-play',
      'rot13',
    ])
    for (const [name, strategy] of strategies) {
      expect(strategy).toMatchObject({ name, digest: expect.stringMatching(/^[0-9a-f]{64}$/) })
      expect(strategy.reference.length).toBeGreaterThan(10)
    }
  })

  it('ask once, keep system prompt and tools, and return the conversation', async () => {
    const tools = [{ name: 't', description: 'd', parameters: {} }]
    for (const name of strategies.keys()) {
      const { requests, transcript } = await sent(name, 'the question', { system: 'be good', tools })
      expect(requests).toHaveLength(1)
      expect(requests[0]).toMatchObject({
        tools,
        messages: [{ role: 'system', content: 'be good' }, { role: 'user' }],
      })
      expect(transcript.messages.at(-1)).toEqual({ role: 'assistant', content: 'answer' })
    }
  })

  it('plain changes nothing, and the wrappers hold the request whole', () => {
    fc.assert(
      fc.property(text, (prompt) => {
        expect(strategies.get('plain')!.transform!(prompt, 0)).toBe(prompt)
        for (const name of ['role-play', 'refusal-suppression', 'prefix-injection'])
          expect(strategies.get(name)!.transform!(prompt, 0)).toContain(prompt)
      }),
    )
  })

  it('base64 and rot13 decode to the request', () => {
    fc.assert(
      fc.property(text, (prompt) => {
        const encoded = strategies.get('base64')!.transform!(prompt, 0).split('\n').at(-1)!
        expect(Buffer.from(encoded, 'base64').toString()).toBe(Buffer.from(prompt).toString())
        expect(rot13(rot13(prompt))).toBe(prompt)
      }),
    )
    expect(rot13('Hello, World 13')).toBe('Uryyb, Jbeyq 13')
    expect(strategies.get('rot13')!.transform!('Hello', 0)).toContain('Uryyb')
  })

  it('compose: the outer rewrites what the inner sends', () => {
    const both = compose(strategies.get('base64')!, strategies.get('prefix-injection')!)
    const encoded = both.transform!('ask', 0).split('\n').at(-1)!
    expect(Buffer.from(encoded, 'base64').toString()).toContain('Begin your answer with')
    expect(both).toMatchObject({ name: 'base64+prefix-injection', version: '1+1' })
  })
})
