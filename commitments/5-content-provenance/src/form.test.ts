import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readForm } from './form.ts'

const field = (name: string, bytes: Uint8Array) =>
  Buffer.concat([
    Buffer.from(`--b0undary\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ])
const type = 'multipart/form-data; boundary=b0undary'

/** The body in pieces of these lengths, over and over. */
async function* inPieces(body: Buffer, lengths: readonly number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const length = lengths[turn % lengths.length]!
    yield body.subarray(at, at + length)
    at += length
  }
}

async function fieldsOf(body: Buffer, lengths: readonly number[] = [body.length], contentType = type) {
  const fields: { name: string; bytes: Buffer }[] = []
  for await (const event of readForm(inPieces(body, lengths), contentType))
    if ('name' in event) fields.push({ name: event.name, bytes: Buffer.alloc(0) })
    else fields.at(-1)!.bytes = Buffer.concat([fields.at(-1)!.bytes, event.bytes])
  return fields
}

// what looks like a boundary, or almost
const tricky = fc.constantFrom(...['\r\n--b0undar', '\r\n--', '\r', '\n--b0undary', '\r\n\r\n--b0und'])
const value = fc
  .oneof(
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
    fc.array(tricky, { maxLength: 4 }).map((parts) => Buffer.from(parts.join(''))),
  )
  .filter((bytes) => !bytes.includes('\r\n--b0undary'))

describe('a form', () => {
  it('gives back every field, byte for byte, however it comes in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 16 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        async (values, lengths) => {
          const body = Buffer.concat([
            ...values.map((bytes, at) => field(`f${at}`, bytes)),
            Buffer.from('--b0undary--\r\n'),
          ])
          expect(await fieldsOf(body, lengths)).toEqual(
            values.map((bytes, at) => ({ name: `f${at}`, bytes })),
          )
        },
      ),
      { numRuns: 60 },
    )
  })

  it('is refused where it breaks off, has no boundary or too many fields', async () => {
    const whole = Buffer.concat([field('file', Buffer.from('abc')), Buffer.from('--b0undary--\r\n')])
    for (let length = 0; length < whole.length - 3; length++)
      await expect(fieldsOf(whole.subarray(0, length), [7])).rejects.toThrow('cannot be read')
    await expect(fieldsOf(whole, [9], 'multipart/form-data')).rejects.toThrow('no boundary')
    await expect(fieldsOf(Buffer.from('no form at all, but long enough'))).rejects.toThrow('begin with')
    const endless = Buffer.concat([Buffer.from('--b0undary\r\nX: '), Buffer.alloc(5_000, 'x')])
    await expect(fieldsOf(endless, [1_000])).rejects.toThrow('too long')
    const many = Buffer.concat([
      ...Array.from({ length: 17 }, () => field('f', Buffer.of(1))),
      Buffer.from('--b0undary--'),
    ])
    await expect(fieldsOf(many)).rejects.toThrow('more than 16')
  })
})
