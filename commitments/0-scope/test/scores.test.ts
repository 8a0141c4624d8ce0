import { AvouchError } from '@avouch/core/errors'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCsv } from '../src/csv.ts'
import { parseScores } from '../src/scores.ts'

const head = 'benchmark,domain,model,score,n\n'

function refusal(text: string): AvouchError {
  try {
    parseScores(text, 'scores.csv')
  } catch (error) {
    if (error instanceof AvouchError) return error
    throw error
  }
  throw new Error('the scores were accepted')
}

describe('parseScores', () => {
  it('reads CSV with quotes, line ends of Windows, a byte order mark and n left empty', () => {
    const { scores } = parseScores(
      `\uFEFF${head.replace('\n', '\r\n')}"Example, ""One""",maths,m@1,0.5,\r\n\r\nB,maths,m@1,1,40\r\n`,
      'x',
    )
    expect(scores).toEqual([
      { benchmark: 'Example, "One"', domain: 'maths', model: 'm@1', score: 0.5, n: undefined },
      { benchmark: 'B', domain: 'maths', model: 'm@1', score: 1, n: 40 },
    ])
  })

  it('reads JSON, and the digest does not depend on format or order', () => {
    const csv = parseScores(`${head}A,maths,m@1,0.5,10\nB,maths,m@1,0.25,\n`, 'x')
    const json = parseScores(
      JSON.stringify([
        { benchmark: 'B', domain: 'maths', model: 'm@1', score: 0.25 },
        { benchmark: 'A', domain: 'maths', model: 'm@1', score: 0.5, n: 10 },
      ]),
      'x',
    )
    expect(json.digest).toBe(csv.digest)
    expect(parseScores(`${head}A,maths,m@1,0.6,10\nB,maths,m@1,0.25,\n`, 'x').digest).not.toBe(csv.digest)
  })

  it('sums up single answers', () => {
    const table = parseScores(
      'benchmark,domain,item,model,correct\nA,maths,1,m,1\nA,maths,2,m,0\nA,maths,2,k,1\n',
      'x',
    )
    expect(table.scores).toEqual([
      { benchmark: 'A', domain: 'maths', model: 'm', score: 0.5, n: 2 },
      { benchmark: 'A', domain: 'maths', model: 'k', score: 1, n: 1 },
    ])
    expect(table.items.get('A')!.right.get('k')).toEqual([undefined, 1])
  })

  it.each([
    ['', /empty/, 'scores.csv'],
    [head, /no scores/, 'scores.csv'],
    ['benchmark,domain,model\nA,d,m\n', /column score is missing/, 'line 1'],
    ['benchmark,domain,model,score,points\n', /"points" is not known/, 'line 1'],
    ['benchmark,benchmark,domain,model,score\n', /stands twice/, 'line 1'],
    [`${head}A,d,m,0.5,1\nB,d,m,85.2,1\n`, /85.2 is not between 0 and 1/, 'line 3'],
    [`${head}A,d,m,high,1\n`, /"high" is no number/, 'line 2'],
    [`${head}A,d,m,0.5,0\n`, /n is "0"/, 'line 2'],
    [`${head}A,d,m,0.5\n`, /4 cells where the header has 5/, 'line 2'],
    [`${head}A,d,m,0.5,1\nA,d,m,0.6,1\n`, /already \(scores.csv, line 2\)/, 'line 3'],
    [`${head}A,d,m,0.5,1\nA,e,k,0.6,1\n`, /in the domain "d" and in "e"/, 'scores.csv'],
    [`${head},d,m,0.5,1\n`, /benchmark is empty/, 'line 2'],
    [`${head}"A,d,m,0.5,1\n`, /never closed/, 'line 2'],
    [`${head}A"B,d,m,0.5,1\n`, /middle of a cell/, 'line 2'],
    ['benchmark,domain,item,model,correct\nA,d,1,m,yes\n', /correct is "yes"/, 'line 2'],
    ['benchmark,domain,item,model,correct\nA,d,1,m,1\nA,d,1,m,0\n', /already/, 'line 3'],
    ['[{"benchmark":"A","domain":"d","model":"m","score":2}]', /2 is not between/, '/0'],
    ['[1]', /no object/, '/0'],
    ['{"scores":[]}', /no array/, 'scores.csv'],
    ['[{]', /not JSON/, 'scores.csv'],
  ])('refuses %j', (text, message, where) => {
    const error = refusal(text)
    expect(error.code).toBe('input')
    expect(error.message).toMatch(message)
    expect(error.where).toContain(where)
  })

  it('never throws anything but its own error, whatever the bytes', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.string().map((s) => head + s),
        ),
        (text) => {
          try {
            parseScores(text, 'x')
          } catch (error) {
            expect(error).toBeInstanceOf(AvouchError)
          }
        },
      ),
      { seed: 21, numRuns: 400 },
    )
  })
})

describe('parseCsv', () => {
  it('reads back what was written with quotes', () => {
    const cell = fc.string({ maxLength: 12 })
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        (rows) => {
          const text = rows.map((row) => row.map((c) => `"${c.replaceAll('"', '""')}"`).join(',')).join('\n')
          expect(parseCsv(text, 'x').map((record) => record.cells)).toEqual(rows)
        },
      ),
      { seed: 22 },
    )
  })
})
