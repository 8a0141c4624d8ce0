import { concat, uint64be, utf8 } from './bytes.ts'
import { VerifyError } from './errors.ts'
import { COSIGNATURE, type SignedNote, signaturesBy, type VerifierKey } from './note.ts'
import { verifyEd25519 } from './signature.ts'

/** A witness's word that at `timestamp` this was the largest consistent head it knew of the log. */
export type Cosignature = {
  witness: VerifierKey
  /** POSIX seconds. */
  timestamp: number
}

/** What a witness signs (C2SP tlog-cosignature, "Ed25519 signed message"). `text` is the checkpoint's, with its newline. */
export function cosignedMessage(text: string, timestamp: number): Uint8Array<ArrayBuffer> {
  if (!Number.isSafeInteger(timestamp) || timestamp < 0)
    throw new VerifyError('input', 'A timestamp is a number of whole seconds.')
  return utf8(`cosignature/v1\ntime ${timestamp}\n${text}`)
}

/** `timestamped_signature` (72 bytes): what follows the key id in the signature line. */
export function formatCosignature(timestamp: number, signature: Uint8Array): Uint8Array<ArrayBuffer> {
  if (signature.length !== 64) throw new VerifyError('input', 'An Ed25519 signature has 64 bytes.')
  return concat(uint64be(timestamp), signature)
}

/** The timestamp and the Ed25519 signature of a `timestamped_signature`. Throws `signature`. */
export function parseCosignature(bytes: Uint8Array): {
  timestamp: number
  signature: Uint8Array<ArrayBuffer>
} {
  if (bytes.length !== 72)
    throw new VerifyError('signature', 'An Ed25519 cosignature has 72 bytes: a timestamp and a signature.')
  const timestamp = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0)
  if (timestamp > BigInt(Number.MAX_SAFE_INTEGER))
    throw new VerifyError('signature', 'The time of a cosignature is beyond 2^53 − 1 seconds.')
  return { timestamp: Number(timestamp), signature: bytes.slice(8) }
}

/**
 * Checks the cosignatures of these witnesses (verifier keys of type 4) on a checkpoint's note; answers those that
 * hold, which may be none. Other signatures are passed over. Throws `signature` where one of these does not hold.
 */
export async function verifyCosignatures(
  note: SignedNote,
  witnesses: readonly VerifierKey[],
): Promise<Cosignature[]> {
  const found: Cosignature[] = []
  for (const witness of witnesses.filter(({ type }) => type === COSIGNATURE)) {
    for (const line of signaturesBy(note, witness)) {
      const { timestamp, signature } = parseCosignature(line.signature)
      if (!(await verifyEd25519(witness.key, cosignedMessage(note.text, timestamp), signature)))
        throw new VerifyError('signature', `The cosignature of ${witness.name} does not hold.`)
      found.push({ witness, timestamp })
    }
  }
  return found
}
