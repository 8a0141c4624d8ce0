import { commitment, parseStatement } from '@avouch/verify'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { fieldAt, fieldCommitment, prepare } from './statement.ts'
import { defineEvidence } from './type.ts'

const type = defineEvidence('test/thing/v1', {
  title: 'Thing',
  schema: z.object({
    open: z.number(),
    rates: z.record(z.string(), z.unknown()),
    list: z.array(z.unknown()),
    text: z.string(),
  }),
  open: ['open'],
  each: ['rates', 'list'],
})
const context = { origin: 'example.test/log', now: new Date('2026-03-01T12:00:00Z'), head: undefined }
const fields = { open: 1, rates: { a: { value: 0.5 }, 'b/c~d': 2 }, list: [1, [2]], text: 'x' }

describe('prepare', () => {
  it('makes a Statement that the verifier reads, open fields in the clear and every other one committed', async () => {
    const prepared = prepare({ type, about: { release: 'm@1', snapshot: 'id:m' }, fields }, context)
    const statement = parseStatement(prepared.statement)
    expect(statement.predicate.fields).toEqual({ open: 1 })
    expect(Object.keys(statement.predicate.sealed).sort()).toEqual([
      '/list/0',
      '/list/1',
      '/rates/a',
      '/rates/b~1c~0d',
      '/text',
    ])
    for (const [pointer, hash] of Object.entries(statement.predicate.sealed))
      expect(
        await commitment(Buffer.from(prepared.salts[pointer]!, 'base64'), pointer, fieldAt(fields, pointer)),
      ).toBe(hash)
    expect(prepared.statement.includes('"x"')).toBe(false)
  })

  it('commits to the same value differently each time', () => {
    const one = prepare({ type, about: {}, fields }, context)
    const two = prepare({ type, about: {}, fields }, context)
    expect(parseStatement(one.statement).predicate.sealed['/text']).not.toBe(
      parseStatement(two.statement).predicate.sealed['/text'],
    )
  })

  it('names the snapshot by its own digest, or a provider’s id by its hash', () => {
    const digest = 'ab'.repeat(32)
    const subject = (snapshot: string) =>
      parseStatement(prepare({ type, about: { release: 'm@1', snapshot }, fields }, context).statement)
        .subject[0]!
    expect(subject(`sha256:${digest}`)).toEqual({ name: 'm@1', digest: { sha256: digest } })
    expect(subject('id:m').digest.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('refuses fields that do not fit, saying which', () => {
    expect(() => prepare({ type, about: {}, fields: { ...fields, open: 'x' } as never }, context)).toThrow(
      /open/,
    )
  })

  it('commits as the verifier does, whatever the value', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        fc.string(),
        fc.jsonValue(),
        async (salt, name, value) => {
          const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
          const text = JSON.stringify(value)
          // The one name that both refuse.
          fc.pre(!pointer.includes('__proto__') && !text.includes('__proto__'))
          const json = JSON.parse(text) as unknown
          expect(fieldCommitment(salt, pointer, json)).toBe(await commitment(salt, pointer, json))
        },
      ),
    )
  })
})
