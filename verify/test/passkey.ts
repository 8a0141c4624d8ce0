import { utf8 } from '../src/bytes.ts'
import { challengeOf, formatAssertion } from '../src/webauthn.ts'

/** What a test may have its passkey do wrong. */
export type Lapse = {
  type?: string
  origin?: string
  rpId?: string
  flags?: number
  challenge?: string
  crossOrigin?: boolean
}

/** A passkey in software: makes the assertions an authenticator would, for tests. */
export async function passkey(rpId = 'avouch.example.com', origin = 'https://avouch.example.com') {
  const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])
  const publicKey = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey))
  const sign = async (message: Uint8Array, lapse: Lapse = {}) => {
    const client = {
      type: lapse.type ?? 'webauthn.get',
      challenge: lapse.challenge ?? (await challengeOf(message)),
      origin: lapse.origin ?? origin,
      crossOrigin: lapse.crossOrigin ?? false,
    }
    const clientDataJSON = utf8(JSON.stringify(client))
    const authenticatorData = new Uint8Array(37)
    authenticatorData.set(new Uint8Array(await crypto.subtle.digest('SHA-256', utf8(lapse.rpId ?? rpId))))
    authenticatorData[32] = lapse.flags ?? 0x05
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', clientDataJSON))
    const signed = new Uint8Array([...authenticatorData, ...hash])
    const raw = new Uint8Array(
      await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, pair.privateKey, signed),
    )
    return formatAssertion({ authenticatorData, clientDataJSON, signature: der(raw) })
  }
  return { publicKey, rpId, origin, sign }
}

/** r ‖ s as the DER that authenticators answer. */
export function der(raw: Uint8Array): Uint8Array<ArrayBuffer> {
  const integer = (digits: Uint8Array): number[] => {
    const short = [...digits]
    while (short.length > 1 && short[0] === 0) short.shift()
    if (short[0]! > 127) short.unshift(0)
    return [2, short.length, ...short]
  }
  const body = [...integer(raw.subarray(0, 32)), ...integer(raw.subarray(32))]
  return Uint8Array.from([0x30, body.length, ...body])
}
