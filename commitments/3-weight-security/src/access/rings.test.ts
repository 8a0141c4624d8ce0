import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Edge, ringOf } from './rings.ts'

const edge = (text: string): Edge => ({ approver: text[0]!, holder: text[1]! })
const ring = (edges: string, next: string, longest = 4): string | undefined =>
  ringOf(
    edges
      .split(' ')
      .filter((one) => one !== '')
      .map(edge),
    edge(next),
    longest,
  )?.join('')

describe('approval rings', () => {
  it('are found whatever their length up to the longest, the shortest first', () => {
    expect(ring('', 'aa')).toBe('a')
    expect(ring('', 'ab')).toBeUndefined()
    expect(ring('ba', 'ab')).toBe('ab')
    expect(ring('ab', 'ab')).toBeUndefined()
    expect(ring('bc ca', 'ab')).toBe('abc')
    expect(ring('bc ca cd da', 'ab')).toBe('abc')
    expect(ring('bc cd da', 'ab')).toBe('abcd')
    expect(ring('bc cd da', 'ab', 3)).toBeUndefined()
    expect(ring('bc cb bd db', 'ab')).toBeUndefined()
  })

  it('leave no ring behind where every signature that would close one is refused', () => {
    const person = fc.integer({ min: 0, max: 5 }).map(String)
    fc.assert(
      fc.property(fc.array(fc.record({ approver: person, holder: person }), { maxLength: 25 }), (wanted) => {
        const taken: Edge[] = []
        for (const next of wanted) if (!ringOf(taken, next, 6)) taken.push(next)
        // what is left can be put in order: whoever approves nobody that is left is taken away, until none is
        let left = taken
        for (let before = -1; before !== left.length; ) {
          before = left.length
          left = left.filter(({ holder }) => left.some(({ approver }) => approver === holder))
        }
        expect(left).toEqual([])
      }),
    )
  })
})
