import { timingSafeEqual } from 'node:crypto'
import { AvouchError } from '@avouch/core/errors'
import { keyedDigest, type MarkKey } from './keyed.ts'

/** What a watermark says: which service made the content, and under which id the register has it. */
export type Payload = {
  /** The number of the service, 0 … 65535. */
  service: number
  /** The content id: 48 random bits as 12 small hex digits. */
  contentId: string
}

export const PAYLOAD_BITS = 64
/** Length of the code that authenticates a payload. A wrong word passes with probability 2^-44. */
export const MAC_BITS = 44
export const SEALED_BITS = PAYLOAD_BITS + MAC_BITS

const MAC_BYTES = Math.ceil(MAC_BITS / 8)

/**
 * A payload as 108 bits (one per byte) that look random without the key: a synthetic-IV seal (Rogaway and Shrimpton,
 * 2006). The first 44 bits are a MAC of the payload, the other 64 the payload under a pad drawn from that MAC, so that
 * two payloads of one service share no more bits than chance has it.
 */
export function sealPayload(payload: Payload, key: MarkKey): Uint8Array {
  const plain = payloadBytes(payload)
  const mac = payloadMac(plain, key)
  const pad = keyedDigest(key, 'pad', mac)
  const bits = new Uint8Array(SEALED_BITS)
  writeBits(bits, 0, mac, MAC_BITS)
  writeBits(
    bits,
    MAC_BITS,
    plain.map((byte, index) => byte ^ pad[index]!),
    PAYLOAD_BITS,
  )
  return bits
}

/** The payload of 108 sealed bits, or nothing if they were not sealed under this key. */
export function openPayload(bits: Uint8Array, key: MarkKey): Payload | undefined {
  const mac = readBits(bits, 0, MAC_BITS)
  const pad = keyedDigest(key, 'pad', mac)
  const plain = readBits(bits, MAC_BITS, PAYLOAD_BITS).map((byte, index) => byte ^ pad[index]!)
  if (!timingSafeEqual(payloadMac(plain, key), mac)) return undefined
  const hex = Buffer.from(plain).toString('hex')
  return { service: Number.parseInt(hex.slice(0, 4), 16), contentId: hex.slice(4) }
}

function payloadBytes({ service, contentId }: Payload): Uint8Array {
  if (!Number.isInteger(service) || service < 0 || service > 65_535)
    throw new AvouchError('input', `service number ${service} does not fit into 16 bits`, {
      fix: 'number services from 0 to 65535',
    })
  if (!/^[0-9a-f]{12}$/.test(contentId))
    throw new AvouchError('input', 'a content id has 12 small hex digits', {
      fix: 'draw one of 48 random bits',
    })
  return Buffer.from(service.toString(16).padStart(4, '0') + contentId, 'hex')
}

/** The leading 44 bits of the payload's HMAC, the last half byte cleared. */
function payloadMac(plain: Uint8Array, key: MarkKey): Uint8Array {
  const mac = Uint8Array.from(keyedDigest(key, 'mac', plain).subarray(0, MAC_BYTES))
  mac[MAC_BYTES - 1]! &= 0xff << (MAC_BYTES * 8 - MAC_BITS)
  return mac
}

function writeBits(bits: Uint8Array, at: number, bytes: Uint8Array, count: number): void {
  for (let bit = 0; bit < count; bit++) bits[at + bit] = (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1
}

function readBits(bits: Uint8Array, at: number, count: number): Uint8Array {
  const bytes = new Uint8Array(Math.ceil(count / 8))
  for (let bit = 0; bit < count; bit++) bytes[bit >> 3]! |= (bits[at + bit]! & 1) << (7 - (bit & 7))
  return bytes
}
