import { unreadable } from './process.ts'

/** A piece of a NUT stream: to be passed on as it is, or a frame's head with its samples behind. */
export type NutPiece = { head: Buffer; frame: Buffer | undefined }

/** The longest packet that is not a frame, and the longest frame. */
const LONGEST_PACKET = 2 ** 20
const LONGEST_FRAME = 64 * 2 ** 20
const FILE_ID = 25
const STARTCODE = 0x4e
const MAIN = 0x4d

const CODED_PTS = 8
const STREAM_ID = 16
const SIZE_MSB = 32
const CHECKSUM = 64
const RESERVED = 128
const SIDE_DATA = 256
const HEADER_IDX = 1024
const MATCH_TIME = 2048
const CODED = 4096
const INVALID = 8192

type FrameCode = { flags: number; times: number; size: number; reserved: number; header: number }

/**
 * A stream in NUT, the container that ffmpeg hands raw frames over in with their exact times, in pieces (NUT Open Container
 * Format, 2013). Frames' samples are under no checksum, so that they can be changed on their way. Only one picture stream
 * is expected, as our own ffmpeg writes it. Throws `input` where it is anything else.
 */
export async function* nutPieces(stream: AsyncIterable<Buffer>): AsyncGenerator<NutPiece> {
  const reader = readerOf(stream)
  yield { head: await reader.take(FILE_ID), frame: undefined }
  let codes: FrameCode[] = []
  while (!(await reader.atEnd())) {
    reader.begin()
    const first = await reader.byte()
    if (first === STARTCODE) {
      const second = await reader.byte()
      for (let at = 2; at < 8; at++) await reader.byte()
      const length = await reader.count()
      if (length > LONGEST_PACKET) throw unreadable()
      if (length > 4_096) await reader.skip(4)
      const start = reader.length()
      await reader.skip(length)
      const packet = reader.end()
      if (second === MAIN) codes = frameCodes(packet.subarray(start))
      yield { head: packet, frame: undefined }
      continue
    }
    const size = await frameSize(reader, codes[first])
    const head = reader.end()
    yield { head, frame: await reader.take(size) }
  }
}

async function frameSize(reader: Reader, code: FrameCode | undefined): Promise<number> {
  if (code === undefined || code.flags & INVALID) throw unreadable()
  let { flags, reserved, header } = code
  if (flags & CODED) flags ^= await reader.count()
  if (flags & STREAM_ID) await reader.count()
  if (flags & CODED_PTS) await reader.count()
  const above = flags & SIZE_MSB ? await reader.count() : 0
  if (flags & MATCH_TIME) await reader.count()
  if (flags & HEADER_IDX) header = await reader.count()
  if (flags & RESERVED) reserved = await reader.count()
  for (let at = 0; at < reserved; at++) await reader.count()
  if (flags & CHECKSUM) await reader.skip(4)
  const size = code.size + code.times * above
  // headers left out, and data beside, are for coded frames; ours are raw
  if (header !== 0 || flags & SIDE_DATA || size > LONGEST_FRAME) throw unreadable()
  return size
}

/** What each first byte of a frame stands for, from the main header. */
function frameCodes(packet: Buffer): FrameCode[] {
  let at = 0
  const count = (): number => {
    let value = 0
    for (;;) {
      const byte = packet[at++]
      if (byte === undefined || value > 2 ** 42) throw unreadable()
      value = value * 128 + (byte & 127)
      if (byte < 128) return value
    }
  }
  if (count() > 3) count()
  count()
  count()
  for (let bases = count(); bases > 0; bases--) {
    count()
    count()
  }
  const codes: FrameCode[] = []
  let times = 1
  let header = 0
  while (codes.length < 256) {
    const flags = count()
    const fields = count()
    if (fields > 0) count()
    if (fields > 1) times = count()
    if (fields > 2) count()
    const size = fields > 3 ? count() : 0
    const reserved = fields > 4 ? count() : 0
    const run = fields > 5 ? count() : times - size
    if (fields > 6) count()
    if (fields > 7) header = count()
    for (let more = 8; more < fields; more++) count()
    for (let own = 0; own < run && codes.length < 256; own++) {
      if (codes.length === STARTCODE)
        codes.push({ flags: INVALID, times: 0, size: 0, reserved: 0, header: 0 })
      codes.push({ flags, times, size: size + own, reserved, header })
    }
  }
  return codes
}

type Reader = ReturnType<typeof readerOf>

/** Bytes as they come in; from `begin` to `end` they are kept. */
function readerOf(stream: AsyncIterable<Buffer>) {
  const source = stream[Symbol.asyncIterator]()
  let chunk: Buffer = Buffer.alloc(0)
  let at = 0
  let kept: number[] = []
  const more = async (): Promise<boolean> => {
    while (at === chunk.length) {
      const next = await source.next()
      if (next.done) return false
      chunk = next.value
      at = 0
    }
    return true
  }
  const byte = async (): Promise<number> => {
    if (at === chunk.length && !(await more())) throw unreadable()
    const value = chunk[at++]!
    kept.push(value)
    return value
  }
  return {
    byte,
    atEnd: async () => !(await more()),
    begin: () => {
      kept = []
    },
    end: () => Buffer.from(kept),
    length: () => kept.length,
    async skip(bytes: number): Promise<void> {
      for (let left = bytes; left > 0; left--) await byte()
    },
    async count(): Promise<number> {
      let value = 0
      for (;;) {
        const one = await byte()
        if (value > 2 ** 42) throw unreadable()
        value = value * 128 + (one & 127)
        if (one < 128) return value
      }
    },
    /** So many bytes at once; they are not among those kept. */
    async take(bytes: number): Promise<Buffer> {
      const whole = Buffer.allocUnsafe(bytes)
      for (let filled = 0; filled < bytes; ) {
        if (at === chunk.length && !(await more())) throw unreadable()
        const part = Math.min(bytes - filled, chunk.length - at)
        chunk.copy(whole, filled, at, at + part)
        at += part
        filled += part
      }
      return whole
    },
  }
}
