import { AvouchError } from '../errors.ts'

/** One attempt's bytes inside a batch: the record's canonical JSON, the answer, and every call's request and response. */
export type Frame = {
  record: string
  answer: string
  exchanges: { request: Uint8Array; response: Uint8Array }[]
}

/**
 * A batch's plain bytes: for each attempt a count of parts (uint32 BE), then each part with its length before it
 * (uint32 BE): record, answer, request, response, request, response …
 */
export function encodeFrames(frames: Frame[]): Buffer {
  const pieces: Uint8Array[] = []
  for (const { record, answer, exchanges } of frames) {
    pieces.push(uint32(2 + 2 * exchanges.length))
    part(pieces, Buffer.from(record))
    part(pieces, Buffer.from(answer))
    for (const { request, response } of exchanges) {
      part(pieces, request)
      part(pieces, response)
    }
  }
  return Buffer.concat(pieces)
}

/** Reads what `encodeFrames` wrote. Throws `proof` where the bytes do not add up. */
export function decodeFrames(bytes: Buffer): Frame[] {
  const frames: Frame[] = []
  let at = 0
  const uint = (): number => {
    if (at + 4 > bytes.length) throw broken()
    at += 4
    return bytes.readUInt32BE(at - 4)
  }
  const take = (): Buffer => {
    const length = uint()
    if (at + length > bytes.length) throw broken()
    at += length
    return bytes.subarray(at - length, at)
  }
  while (at < bytes.length) {
    const parts = uint()
    if (parts < 2 || parts % 2 !== 0) throw broken()
    const record = take().toString()
    const answer = take().toString()
    const exchanges: Frame['exchanges'] = []
    for (let call = 1; call < parts / 2; call++) exchanges.push({ request: take(), response: take() })
    frames.push({ record, answer, exchanges })
  }
  return frames
}

function broken(): AvouchError {
  return new AvouchError('proof', 'A batch of attempts does not have the form it was written in', {
    where: 'campaign.batch',
  })
}

function part(pieces: Uint8Array[], bytes: Uint8Array): void {
  pieces.push(uint32(bytes.length), bytes)
}

function uint32(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeUInt32BE(value)
  return bytes
}
