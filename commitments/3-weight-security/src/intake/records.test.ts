import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FoundRecord, LONGEST_RECORD, recordsOf } from './records.ts'

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(text: string | Buffer, size = 1000): Promise<FoundRecord[]> {
  const found: FoundRecord[] = []
  for await (const batch of recordsOf(inChunks(Buffer.from(text), size))) found.push(...batch)
  return found
}

const values = (found: FoundRecord[]) => found.map((one) => ('value' in one ? one.value : one.why))
const records = [
  { a: 1 },
  { text: 'with "quotes", {braces} and [lists]\n' },
  { deep: { list: [[{}], 'é'] } },
  {},
]

describe('records', () => {
  it('are read in every shape and at every chunk size', async () => {
    const shapes = [
      records.map((record) => JSON.stringify(record)).join('\n'),
      `\ufeff${records.map((record) => JSON.stringify(record)).join('\r\n')}\r\n\r\n`,
      records.map((record) => JSON.stringify(record, null, 2)).join('\n'),
      JSON.stringify(records),
      JSON.stringify(records, null, 2),
      JSON.stringify({ Records: records }),
      JSON.stringify({ entries: records, nextPageToken: 'more', count: 4 }, null, 2),
    ]
    for (const shape of shapes)
      for (const size of [1, 7, 300, 10_000]) expect(values(await read(shape, size))).toEqual(records)
    expect(await read('')).toEqual([])
    expect(await read('[]')).toEqual([])
    expect(await read('{"Records":[]}')).toEqual([])
  })

  it('that are cut off are one malformed record, and the next line is read', async () => {
    const lines = ['{"a":1}', '{"b":"cut', '{"c":3}', '{"d":{"e":', '{"f":6}', 'text', '7', '{"g":8}', '{"h"']
    expect(values(await read(lines.join('\n'), 5))).toEqual([
      { a: 1 },
      'it is cut off in the middle of a text',
      { c: 3 },
      'it is cut off',
      { f: 6 },
      'it is no object',
      'it is no object',
      { g: 8 },
      'it is cut off at the end of the file',
    ])
    expect(values(await read('{"Records":[{"a":1},{"b'))).toEqual([
      { a: 1 },
      'it is cut off at the end of the file',
    ])
  })

  it('may be looked for by a text in them', async () => {
    const found: FoundRecord[] = []
    const text = '{"a":"here"}\n{"b":"there"}\n{"c":"here","cut'
    for await (const batch of recordsOf(inChunks(Buffer.from(text), 7), 'here"')) found.push(...batch)
    expect(values(found)).toEqual([{ a: 'here' }, { b: 'there' }, 'it is cut off at the end of the file'])
    for await (const batch of recordsOf(inChunks(Buffer.from(text), 7), '"here"')) found.push(...batch)
    expect(values(found.slice(3))).toEqual([{ a: 'here' }, 'it is cut off at the end of the file'])
  })

  it('may have something before them on their line, as syslog puts it', async () => {
    const line = (record: unknown) => `<134>1 2026-01-05T09:00:00Z host vault: ${JSON.stringify(record)}`
    expect(values(await read(records.map(line).join('\n'), 9))).toEqual(records)
  })

  it('that are too long or too deep are passed over without being kept', async () => {
    const long = 'x'.repeat(LONGEST_RECORD + 10)
    const deep = `${'['.repeat(500)}${']'.repeat(500)}`
    const odd = [`{"long":"${long}"}`, `{"deep":${deep}}`]
    const expected = [{ a: 1 }, expect.stringMatching(/longer/), expect.stringMatching(/deep/), { b: 2 }]
    expect(values(await read(`{"a":1}\n${odd.join('\n')}\n{"b":2}`, 65_536))).toEqual(expected)
    expect(values(await read(`{"Records":[{"a":1},${odd.join(',')},{"b":2}]}`, 65_536))).toEqual(expected)
  })

  it('of any bytes at all never throw', async () => {
    const piece = fc.oneof(
      fc.json().map((text) => text),
      fc.constantFrom('{', '}', '[', ']', '"', '\\', '\n', ',', '{"Records":[', 'null', '\u0000'),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 30 }),
        fc.integer({ min: 1, max: 50 }),
        async (pieces, size) => {
          for (const one of await read(pieces.join(''), size)) expect('value' in one || one.why).toBeTruthy()
        },
      ),
      { numRuns: 150 },
    )
  })
})
