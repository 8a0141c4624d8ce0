import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { TargetSpec } from '../target.ts'
import { http } from './http.ts'

const spec = (template: TargetSpec['template']): TargetSpec => ({
  adapter: 'http',
  url: 'http://127.0.0.1/ask',
  model: 'm',
  template,
})

it('places values into the structure, never into the text of the JSON', () => {
  const target = spec({
    body: {
      q: '{{prompt}}',
      wrapped: 'Q: {{prompt}} ({{model}})',
      all: '{{messages}}',
      n: 1,
      deep: [{ '{{prompt}}': '{{other}}' }],
    },
    textPointer: '/a',
  })
  fc.assert(
    fc.property(
      fc.oneof(fc.string(), fc.constantFrom('"},{"x":1', '{{model}}', '$& $1', '\\u0000')),
      (prompt) => {
        const { body } = http.build(target, { messages: [{ role: 'user', content: prompt }] })
        expect(JSON.parse(String(body))).toEqual({
          q: prompt,
          wrapped: `Q: ${prompt} (m)`,
          all: [{ role: 'user', content: prompt }],
          n: 1,
          deep: [{ '{{prompt}}': '{{other}}' }],
        })
      },
    ),
  )
})

it('puts a GET template into the query', () => {
  const target = spec({ method: 'GET', body: { q: '{{prompt}}', n: 2 }, textPointer: '/a' })
  const { path, body } = http.build(target, { messages: [{ role: 'user', content: 'a&b=c' }] })
  expect(path).toBe('?q=a%26b%3Dc&n=2')
  expect(body).toBeUndefined()
})

it('reads text and errors at their pointers', () => {
  const target = spec({ body: {}, textPointer: '/out/0/text', errorPointer: '/err' })
  expect(http.read(target, { out: [{ text: 'hi' }], err: null })).toMatchObject({
    outcome: 'answered',
    text: 'hi',
  })
  expect(http.read(target, { out: [{ text: 'hi' }], err: 'bad' })).toMatchObject({
    outcome: 'errored',
    error: expect.stringContaining('bad'),
  })
  expect(http.read(target, { out: [] })).toMatchObject({
    outcome: 'errored',
    error: expect.stringContaining('/out/0/text'),
  })
})

it('says that it cannot offer tools', () => {
  const tools = [{ name: 'f', description: '', parameters: {} }]
  expect(() => http.build(spec({ body: {}, textPointer: '' }), { messages: [], tools })).toThrow(/tools/)
})
