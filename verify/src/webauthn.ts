import { base64url, concat, equal, fromBase64url, fromUtf8, utf8 } from './bytes.ts'
import { canonicalBytes, canonicalJson } from './canonical.ts'
import { VerifyError } from './errors.ts'
import { sha256 } from './hash.ts'
import { asObject, asString, only, parseJson } from './json.ts'
import { verifyP256 } from './signature.ts'

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04

/** What a passkey answers when asked to sign (WebAuthn level 3, section 5.2.2), as raw bytes. */
export type Assertion = { authenticatorData: Uint8Array; clientDataJSON: Uint8Array; signature: Uint8Array }

/** A person's passkey: an uncompressed P-256 point (65 bytes), and where it may be used. */
export type Passkey = {
  publicKey: Uint8Array
  rpId: string /** Such as `https://avouch.example.com`. */
  origin: string
}

/** The challenge a person's passkey signs for a message: SHA-256 of it, as base64url. */
export async function challengeOf(message: Uint8Array): Promise<string> {
  return base64url(await sha256(message))
}

/** The bytes of the DSSE `sig` that carries an assertion: canonical JSON of its parts, each in base64url. */
export function formatAssertion({
  authenticatorData,
  clientDataJSON,
  signature,
}: Assertion): Uint8Array<ArrayBuffer> {
  return canonicalBytes({
    authenticatorData: base64url(authenticatorData),
    clientDataJSON: base64url(clientDataJSON),
    signature: base64url(signature),
  })
}

/** Reads what `formatAssertion` wrote; another spelling of the same JSON is refused. Throws `signature`. */
export function parseAssertion(sig: Uint8Array): Assertion {
  return reading('The passkey signature', () => {
    const text = fromUtf8(sig)
    const json = asObject(parseJson(text, { bytes: 16_384, depth: 2, values: 8 }), 'A passkey signature')
    only(json, ['authenticatorData', 'clientDataJSON', 'signature'], 'A passkey signature')
    if (canonicalJson(json) !== text) throw new VerifyError('input', 'It is not in canonical form.')
    return {
      authenticatorData: fromBase64url(asString(json.authenticatorData, 'authenticatorData', 4096)),
      clientDataJSON: fromBase64url(asString(json.clientDataJSON, 'clientDataJSON', 4096)),
      signature: fromBase64url(asString(json.signature, 'signature', 256)),
    }
  })
}

/**
 * Checks that this passkey signed this message (WebAuthn level 3, section 7.2, the steps that need no session):
 * kind of ceremony, challenge, origin, relying party, presence and verification of the person, ES256 signature.
 * Throws `signature` and says which of them does not hold.
 */
export async function verifyAssertion(key: Passkey, message: Uint8Array, sig: Uint8Array): Promise<void> {
  const { authenticatorData, clientDataJSON, signature } = parseAssertion(sig)
  const client = reading('The client data of the passkey signature', () =>
    asObject(parseJson(clientDataJSON, { bytes: 4096, depth: 4, values: 64 }), 'The client data'),
  )
  if (client.type !== 'webauthn.get') refuse('its client data is not of a signing ceremony (webauthn.get)')
  if (client.challenge !== (await challengeOf(message)))
    refuse('its challenge is not the digest of what was to be signed')
  if (client.origin !== key.origin) refuse(`it was given to another origin than ${key.origin}`)
  if (client.crossOrigin === true) refuse('it was given inside a page of another origin')
  if (authenticatorData.length < 37) refuse('its authenticator data is too short')
  if (!equal(authenticatorData.subarray(0, 32), await sha256(utf8(key.rpId))))
    refuse(`it was given to another relying party than ${key.rpId}`)
  const flags = authenticatorData[32]!
  if ((flags & USER_PRESENT) === 0) refuse('nobody was present')
  if ((flags & USER_VERIFIED) === 0) refuse('the person was not verified by PIN or biometrics')
  const signed = concat(authenticatorData, await sha256(clientDataJSON))
  if (!(await verifyP256(key.publicKey, signed, rawSignature(signature))))
    refuse('its ES256 signature is wrong')
}

/**
 * The two 32-byte numbers r ‖ s of an ECDSA signature in DER (SEQUENCE of two INTEGERs), as WebCrypto wants them.
 * Only DER's one spelling is read. Throws `signature`.
 */
export function rawSignature(der: Uint8Array): Uint8Array<ArrayBuffer> {
  if (der.length < 8 || der.length > 72 || der[0] !== 0x30 || der[1] !== der.length - 2)
    refuse('its signature is not DER')
  const out = new Uint8Array(64)
  let at = 2
  for (const start of [0, 32]) {
    const length = der[at + 1] ?? 0
    const number = der.subarray(at + 2, at + 2 + length)
    const [first = 0, second = 0] = number
    const padded = first === 0 && length > 1
    if (
      der[at] !== 0x02 ||
      length === 0 ||
      number.length !== length ||
      first > 127 ||
      (padded && second < 128)
    )
      refuse('its signature is not DER')
    const digits = padded ? number.subarray(1) : number
    if (digits.length > 32) refuse('its signature is not one of P-256')
    out.set(digits, start + 32 - digits.length)
    at += 2 + length
  }
  if (at !== der.length) refuse('its signature is not DER')
  return out
}

function refuse(why: string): never {
  throw new VerifyError('signature', `The passkey signature does not hold: ${why}.`)
}

function reading<T>(what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new VerifyError(
      'signature',
      `${what} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}
