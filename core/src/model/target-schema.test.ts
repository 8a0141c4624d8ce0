import { expect, it } from 'vitest'
import { targetSchema } from './target-schema.ts'

const good = { url: 'https://models.example/v1', model: 'm' }

it('takes a plain target, OpenAI-compatible unless told otherwise', () => {
  expect(targetSchema.parse(good)).toEqual({ ...good, adapter: 'openai' })
})

it.each([
  [{ url: 'ftp://models.example' }, 'http'],
  [{ url: 'https://user:word@models.example' }, 'keyVariable'],
  [{ keyVariable: 'not a name' }, 'environment variable'],
  [{ headers: { Authorization: 'Bearer x' } }, 'keyVariable'],
  [{ headers: { 'x-y': 'a\r\nb: c' } }, 'header'],
  [{ adapter: 'http' }, 'template'],
  [{ template: { body: {}, textPointer: '/a' } }, 'http adapter'],
  [{ adapter: 'http', template: { body: {}, textPointer: 'a' } }, 'JSON pointer'],
  [{ concurrency: 0 }, ''],
  [{ unknown: 1 }, 'unknown'],
])('refuses %o', (change, reason) => {
  const result = targetSchema.safeParse({ ...good, ...change })
  expect(result.success).toBe(false)
  expect(result.error?.message).toContain(reason)
})
