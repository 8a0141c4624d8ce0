import { describe, expect, it } from 'vitest'
import { answerIn, isRight, parseItems } from '../src/items.ts'
import { measuredTable } from '../src/measured-table.ts'
import { parseScores } from '../src/scores.ts'

const head = 'benchmark,domain,item,prompt,answer\n'

describe('frozen items', () => {
  it('reads prompts with commas and line breaks, and the digest does not depend on order', () => {
    const one = 'A,maths,1,"What is 1, 2,\nor 3?",B'
    const two = 'A,maths,2,Next?,C'
    const items = parseItems(`${head}${one}\n${two}\n`, 'items.csv')
    expect(items.items[0]).toEqual({
      benchmark: 'A',
      domain: 'maths',
      item: '1',
      prompt: 'What is 1, 2,\nor 3?',
      answer: 'B',
    })
    expect(parseItems(`${head}${two}\n${one}\n`, 'x').digest).toBe(items.digest)
  })

  it.each([
    ['benchmark,domain,item,prompt\n', /columns/, 'line 1'],
    [head, /0 items/, 'items.csv'],
    [`${head}A,maths,1,Q\n`, /4 cells/, 'line 2'],
    [`${head}A,maths,1,Q,\n`, /answer is empty/, 'line 2'],
    [`${head}A,maths,1,Q,B\nA,maths,1,R,C\n`, /already/, 'line 3'],
    [`${head}A,maths,1,Q,B\nA,art,2,R,C\n`, /in the domain maths and in art/, 'line 3'],
  ])('refuses %j', (text, message, where) => {
    expect(() => parseItems(text, 'items.csv')).toThrow(
      expect.objectContaining({
        code: 'input',
        message: expect.stringMatching(message),
        where: expect.stringContaining(where),
      }),
    )
  })

  it('takes the last answer that is stated, and nothing that is not', () => {
    expect(answerIn('I think.\nAnswer: A\nNo.\n**Answer:** C.')).toBe('C.')
    expect(answerIn('The answer: is hidden in prose')).toBeUndefined()
    expect(isRight('C', ' c. ')).toBe(true)
    expect(isRight('C', 'CD')).toBe(false)
    expect(isRight('C', undefined)).toBe(false)
  })
})

describe('measuredTable', () => {
  it('puts measured answers before given scores, and no answer counts as neither', () => {
    const frozen = parseItems(`${head}A,maths,1,Q,B\nA,maths,2,R,C\nB,art,1,S,D\n`, 'x')
    const given = parseScores(
      'benchmark,domain,model,score\nA,maths,m,0.9\nA,maths,k,0.4\nZ,art,m,0.2\n',
      'x',
    )
    const table = measuredTable(frozen, [{ model: 'm', right: [1, undefined, 0], evidence: 'e' }], given)
    expect(table.scores).toEqual([
      { benchmark: 'A', domain: 'maths', model: 'm', score: 1, n: 1 },
      { benchmark: 'B', domain: 'art', model: 'm', score: 0, n: 1 },
      { benchmark: 'A', domain: 'maths', model: 'k', score: 0.4, n: undefined },
      { benchmark: 'Z', domain: 'art', model: 'm', score: 0.2, n: undefined },
    ])
    expect(table.items.get('A')!.right.get('m')).toEqual([1, undefined])
  })
})
