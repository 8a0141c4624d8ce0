import fc from 'fast-check'
import { expect, test } from 'vitest'
import { figuresIn, parseProse, plainProse } from '../src/prose.ts'

const read = (sentence: string, names: string[] = []) => parseProse(sentence, 'claim "x"', names)

test('words, names and figures are told apart', () => {
  const pieces = read('Under `RFC 6962`, {{rate}} of base64 attempts on m@2.0 broke through.', ['m@2.0'])
  expect(pieces.map((piece) => piece.kind)).toEqual(['text', 'name', 'text', 'figure', 'text'])
  expect(figuresIn(pieces)).toEqual(['rate'])
  expect(plainProse(pieces, () => '4 %')).toBe(
    'Under RFC 6962, 4 % of base64 attempts on m@2.0 broke through.',
  )
})

test.each([
  'Of 412 attempts none broke through.',
  'It is right 90 % of the time.',
  'Half of it, ½, failed.',
  'n=412',
  'On ٣ benchmarks.',
  '40percent',
  'Version 2.0',
])('a bare number is refused: %s', (sentence) => {
  expect(() => read(sentence)).toThrow(expect.objectContaining({ code: 'input', where: 'claim "x"' }))
})

test.each(['{{rate', 'a } b', 'an `open name', '{{No Id}}', '{{}}'])(
  'an unfinished or wrong mark is refused: %s',
  (sentence) => {
    expect(() => read(sentence)).toThrow(expect.objectContaining({ code: 'input' }))
  },
)

test('the level of an interval is a convention, not a measurement', () => {
  expect(read('Breaches, with 95 % intervals')).toHaveLength(1)
  expect(read('The 99 % confidence interval')).toHaveLength(1)
  expect(() => read('95 % of attempts')).toThrow('bare number')
})

test('whatever is accepted holds a digit only in names, words that start with a letter, and figure ids', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', ' ', '7', '{', '}', '`', '-', '½') }), (sentence) => {
      let pieces: ReturnType<typeof read>
      try {
        pieces = read(sentence)
      } catch {
        return
      }
      for (const piece of pieces)
        if (piece.kind === 'text') expect(piece.text).not.toMatch(/(?<![a-z0-9½])[0-9½]/)
    }),
  )
})
