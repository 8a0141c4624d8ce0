import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventStream } from './event-stream.ts'

function read(bytes: Uint8Array, sizes: number[] = []): [string, string][] {
  const events: [string, string][] = []
  const stream = new EventStream((event, data) => events.push([event, data]))
  let at = 0
  for (const size of sizes) {
    stream.push(bytes.subarray(at, at + size))
    at += size
  }
  stream.push(bytes.subarray(at))
  stream.end()
  return events
}

it('reads names, several data lines, comments and every line end', () => {
  const text =
    '\uFEFF: hello\nevent: a\ndata: one\ndata: two\n\nid: 3\ndata:three\r\n\r\ndata\rdata: x\r\rretry: 5\n\ndata: unended'
  expect(read(Buffer.from(text))).toEqual([
    ['a', 'one\ntwo'],
    ['', 'three'],
    ['', '\nx'],
  ])
})

it('reads the same however the bytes are cut', () => {
  const line = fc.stringMatching(/^[a-zé€𝄞 :]{0,12}$/u)
  fc.assert(
    fc.property(
      fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n', '\r'))),
      fc.array(fc.integer({ min: 0, max: 7 })),
      (lines, sizes) => {
        const bytes = Buffer.from(lines.map(([text, end]) => `data: ${text}${end}${end}`).join(''))
        expect(read(bytes, sizes)).toEqual(lines.map(([text]) => ['', text]))
      },
    ),
  )
})
