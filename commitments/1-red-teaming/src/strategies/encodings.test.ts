import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import asciiArt, { drawn } from './ascii-art.ts'
import hex from './hex.ts'
import homoglyphs from './homoglyphs.ts'
import leet from './leet.ts'
import morseStrategy, { morse } from './morse.ts'
import zeroWidth from './zero-width.ts'

const text = fc.string({ minLength: 1, unit: 'grapheme' })

describe('encodings', () => {
  it('hex decodes to the request', () => {
    fc.assert(
      fc.property(text, (prompt) => {
        const digits = hex.transform!(prompt, 0).split('\n').at(-1)!
        expect(digits).toMatch(/^[0-9a-f]+$/)
        expect(Buffer.from(digits, 'hex').toString()).toBe(Buffer.from(prompt).toString())
      }),
    )
  })

  it('leet leaves no letter that a digit looks like, and everything else as it is', () => {
    expect(leet.transform!('Write a letter to the Mayor, 9 lines', 0)).toBe(
      'Wr173 4 l3773r 70 7h3 M4y0r, 9 l1n35',
    )
  })

  it('homoglyphs spell otherwise what reads the same, and lengthen nothing', () => {
    const before = 'an easy choice'
    const after = homoglyphs.transform!(before, 0)
    expect(after).toHaveLength(before.length)
    expect(after).not.toContain('easy')
    expect(after).toMatch(/^[\p{Script=Cyrillic}nhl ]+$/u)
  })

  it('zero-width gives the request back when what is invisible is taken out', () => {
    fc.assert(
      fc.property(fc.lorem(), (prompt) => {
        const hidden = zeroWidth.transform!(prompt, 0)
        expect(hidden.replaceAll('\u200b', '')).toBe(prompt)
        expect(hidden === prompt).toBe(!/[a-z]{2}/i.test(prompt))
      }),
    )
  })

  it('morse is the code of ITU-R M.1677-1', () => {
    expect(morse('SOS  now?')).toBe('... --- ... / -. --- .-- ..--..')
    expect(morse('a-1')).toBe('.- -....- .----')
    const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789'].map(morse)
    expect(new Set(letters).size).toBe(36)
    expect(letters.every((code) => /^[.-]{1,5}$/.test(code))).toBe(true)
    expect(morseStrategy.transform!('so', 0).split('\n').at(-1)).toBe('... ---')
  })

  it('ascii-art draws the longest word and masks it in the sentence', () => {
    expect(drawn('hi')).toBe('#   #   ###\n#   #    #\n#####    #\n#   #    #\n#   #   ###')
    const sent = asciiArt.transform!('Describe the weather today', 0)
    expect(sent).toContain(drawn('Describe'))
    expect(sent).toMatch(/\[MASK\] the weather today$/)
    expect(sent).not.toContain('Describe')
    expect(asciiArt.transform!('a b 12', 0)).toBe('a b 12')
    const shapes = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map(drawn)
    expect(new Set(shapes).size).toBe(26)
  })
})
