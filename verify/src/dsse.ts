import type { Envelope } from './bundle.ts'
import { base64, concat, fromBase64, utf8 } from './bytes.ts'
import { VerifyError } from './errors.ts'
import { asArray, asObject, asString, type Json, parseJson } from './json.ts'
import { verifyEd25519 } from './signature.ts'
import { verifyAssertion } from './webauthn.ts'

/** The media type of an in-toto Statement in a DSSE envelope. */
export const STATEMENT_TYPE = 'application/vnd.in-toto+json'

const MAX_SIGNATURES = 16
const MAX_PAYLOAD = 4_194_304

/** A key that may sign an envelope: an installation's Ed25519 key, or a person's passkey. `keyid` as in the envelope. */
export type EnvelopeKey =
  | { algorithm: 'ed25519'; keyid: string; publicKey: Uint8Array }
  | { algorithm: 'webauthn-es256'; keyid: string; publicKey: Uint8Array; rpId: string; origin: string }

/** An envelope taken apart; no signature is checked yet. */
export type ParsedEnvelope = {
  payloadType: string
  payload: Uint8Array<ArrayBuffer>
  signatures: { keyid: string; sig: Uint8Array<ArrayBuffer> }[]
}

/** DSSE v1 pre-authentication encoding: what each signature is over. */
export function pae(payloadType: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const type = utf8(payloadType)
  return concat(utf8(`DSSEv1 ${type.length} `), type, utf8(` ${payload.length} `), payload)
}

/** The envelope as an object whose JSON is logged and sent. */
export function formatEnvelope({ payloadType, payload, signatures }: ParsedEnvelope): Envelope {
  return {
    payloadType,
    payload: base64(payload),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: base64(sig) })),
  }
}

/** Reads an envelope from its JSON bytes. Members it does not know are passed over, as DSSE asks. Throws `envelope` or `limit`. */
export function parseEnvelope(bytes: Uint8Array): ParsedEnvelope {
  try {
    return readEnvelope(parseJson(bytes, { bytes: 2 * MAX_PAYLOAD, depth: 8, values: 1000 }))
  } catch (cause) {
    if (cause instanceof VerifyError && cause.code === 'input')
      throw new VerifyError('envelope', `The DSSE envelope cannot be read: ${cause.message}`, { cause })
    throw cause
  }
}

function readEnvelope(json: Json): ParsedEnvelope {
  const envelope = asObject(json, 'A DSSE envelope')
  const signatures = asArray(envelope.signatures, 'The signatures of an envelope', MAX_SIGNATURES)
  if (signatures.length === 0) throw new VerifyError('envelope', 'The DSSE envelope carries no signature.')
  return {
    payloadType: asString(envelope.payloadType, 'payloadType', 255),
    payload: fromBase64(asString(envelope.payload, 'payload', 2 * MAX_PAYLOAD)),
    signatures: signatures.map((entry) => {
      const signature = asObject(entry, 'A signature of an envelope')
      return {
        keyid: asString(signature.keyid, 'keyid', 512),
        sig: fromBase64(asString(signature.sig, 'sig', 16_384)),
      }
    }),
  }
}

/**
 * Checks an envelope's signatures by these keys; answers the distinct keys whose signature holds, in the envelope's
 * order. Signatures by other keys are passed over. Throws `signature` where a known key's signature does not hold or
 * where none of these keys signed.
 */
export async function verifyEnvelope(
  envelope: ParsedEnvelope,
  keys: readonly EnvelopeKey[],
): Promise<EnvelopeKey[]> {
  const message = pae(envelope.payloadType, envelope.payload)
  const signers: EnvelopeKey[] = []
  for (const { keyid, sig } of envelope.signatures) {
    const key = keys.find((known) => known.keyid === keyid)
    if (key === undefined) continue
    if (key.algorithm === 'webauthn-es256') await verifyAssertion(key, message, sig)
    else if (!(await verifyEd25519(key.publicKey, message, sig)))
      throw new VerifyError(
        'signature',
        `The signature of key ${shortKeyid(keyid)} on the envelope does not hold.`,
      )
    if (!signers.includes(key)) signers.push(key)
  }
  if (signers.length === 0)
    throw new VerifyError('signature', 'The envelope is not signed by a key that counts.')
  return signers
}

/** A key id as people read it: the first 16 hex digits of a digest, anything else whole. */
export function shortKeyid(keyid: string): string {
  return /^[0-9a-f]{64}$/.test(keyid) ? keyid.slice(0, 16) : keyid
}
