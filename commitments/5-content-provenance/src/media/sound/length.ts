import type { Kind } from '../family.ts'
import { behindTags } from '../sound-kinds.ts'
import { readWav } from './wav.ts'

/** Where nothing tells it, compressed sound is taken to have so many bytes a second: speech at 48 kbit/s. */
const BYTES_A_SECOND = 6_000

/**
 * About how many seconds of sound a file holds, by its head and end alone; what it claims is not proved. By it the time that
 * may be taken is given and progress is told, and nothing else depends on it.
 */
export function toldSeconds(bytes: Uint8Array, kind: Kind): number {
  const guess = bytes.length / BYTES_A_SECOND
  const told = toldBy(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), kind.name)
  return told !== undefined && Number.isFinite(told) && told > 0 ? told : guess
}

function toldBy(bytes: Buffer, kind: string): number | undefined {
  try {
    switch (kind) {
      case 'wav': {
        const { from, to, rate, channels, depth } = readWav(bytes)
        return (to - from) / ((rate * channels * depth) / 8)
      }
      case 'flac':
        return flacSeconds(bytes.subarray(behindTags(bytes)))
      case 'opus':
        return granules(bytes) / 48_000
      case 'vorbis':
        // the identification header's rate (Vorbis I, 4.2.2)
        return granules(bytes) / bytes.readUInt32LE(bytes.indexOf('\x01vorbis', 0, 'latin1') + 12)
      case 'mp3':
        return mp3Seconds(bytes.subarray(behindTags(bytes)))
      case 'm4a':
        return movieSeconds(bytes)
      default:
        return undefined
    }
  } catch {
    // cut off, or no such head: whoever decodes it says so
    return undefined
  }
}

/** Of a stream's first block (RFC 9639, 8.2): 20 bits of rate, 36 of samples. */
function flacSeconds(bytes: Buffer): number {
  const rate = bytes.readUIntBE(18, 3) >> 4
  return ((bytes[21]! & 15) * 2 ** 32 + bytes.readUInt32BE(22)) / rate
}

/** The place in samples that the last page of an Ogg file ends at (RFC 3533). */
function granules(bytes: Buffer): number {
  return Number(bytes.readBigInt64LE(bytes.lastIndexOf('OggS') + 6))
}

/** Kilobits a second of MPEG-1 layer III, and of MPEG-2 and 2.5. */
const RATES = [
  [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
  [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
]

/** By the first frame's bit rate; of variable ones this is a guess. */
function mp3Seconds(bytes: Buffer): number | undefined {
  const first = (bytes[1]! >> 3) & 3
  const rate = RATES[first === 3 ? 0 : 1]![bytes[2]! >> 4]
  return rate === undefined ? undefined : bytes.length / (rate * 125)
}

/** By the movie header (ISO/IEC 14496-12, 8.2.2). */
function movieSeconds(bytes: Buffer): number {
  const at = bytes.lastIndexOf('mvhd') + 4
  return bytes[at] === 1
    ? Number(bytes.readBigUInt64BE(at + 24)) / bytes.readUInt32BE(at + 20)
    : bytes.readUInt32BE(at + 16) / bytes.readUInt32BE(at + 12)
}
