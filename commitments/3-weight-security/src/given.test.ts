import { expect, it } from 'vitest'
import { z } from 'zod'
import { given } from './given.ts'

const schema = z.object({
  seconds: z.int().min(60).max(14_400),
  emergency: z.string().min(20, 'say what the emergency is'),
  words: z.string().max(5),
  lease: z.uuid(),
})
const fine = {
  seconds: 60,
  emergency: 'the service answers nothing',
  words: 'yes',
  lease: crypto.randomUUID(),
}
const said = (other: object) => () => given(schema, { ...fine, ...other }, 'body')

it('says what is wrong with a request in words for whoever filled in the form', () => {
  expect(given(schema, fine)).toEqual(fine)
  expect(said({ seconds: 108_000 })).toThrow(/^seconds: 14400 at most$/)
  expect(said({ seconds: 1 })).toThrow(/^seconds: 60 at least$/)
  expect(said({ words: 'far too long' })).toThrow(/^words: 5 characters at most$/)
  expect(said({ emergency: 'short' })).toThrow(/^emergency: say what the emergency is$/)
  expect(said({ lease: undefined, seconds: 0 })).toThrow(/^seconds: 60 at least; lease: is missing$/)
  expect(() => given(schema, undefined)).toThrow(/^is missing$/)
})
