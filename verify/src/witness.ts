import { base64, decimal, fromBase64, fromUtf8 } from './bytes.ts'
import { VerifyError } from './errors.ts'
import { type NoteSignature, parseSignatureLine } from './note.ts'

const MAX_BYTES = 262_144
const MAX_PROOF = 63

/** What a log asks of a witness (C2SP tlog-witness, "add-checkpoint"): the head it knows, the proof to the new one, the new one. */
export type AddCheckpoint = {
  /** Size of the head that the witness cosigned last; 0 for none. */
  oldSize: number
  /** RFC 6962 consistency proof from there; empty where `oldSize` is 0. */
  proof: Uint8Array<ArrayBuffer>[]
  /** The signed note, whole. */
  checkpoint: string
}

/** The body of an add-checkpoint request. Throws `input` or `limit`. */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  const body = [`old ${oldSize}`, ...proof.map(base64), '', checkpoint].join('\n')
  parseAddCheckpoint(body)
  return body
}

/** Reads the body of an add-checkpoint request; checks neither proof nor signature. Throws `input` or `limit`. */
export function parseAddCheckpoint(body: string | Uint8Array): AddCheckpoint {
  if (body.length > MAX_BYTES)
    throw new VerifyError('limit', `The request is larger than ${MAX_BYTES} bytes.`)
  const text = typeof body === 'string' ? body : fromUtf8(body)
  const end = text.indexOf('\n\n')
  const [old = '', ...hashes] = text.slice(0, end).split('\n')
  if (end < 0 || !old.startsWith('old '))
    throw new VerifyError('input', 'The request must begin with `old SIZE`, then hashes, then an empty line.')
  if (hashes.length > MAX_PROOF)
    throw new VerifyError('limit', `The request holds more than ${MAX_PROOF} hashes.`)
  const oldSize = decimal(old.slice(4))
  if (oldSize === 0 && hashes.length > 0)
    throw new VerifyError('input', 'From an empty tree the proof must be empty.')
  return { oldSize, proof: hashes.map((hash) => fromBase64(hash, 32)), checkpoint: text.slice(end + 2) }
}

/** The signature lines of a witness's answer. Throws `note` or `limit`. */
export function parseWitnessAnswer(body: string | Uint8Array): NoteSignature[] {
  if (body.length > MAX_BYTES) throw new VerifyError('limit', `The answer is larger than ${MAX_BYTES} bytes.`)
  const text = typeof body === 'string' ? body : fromUtf8(body)
  if (!text.endsWith('\n')) throw new VerifyError('note', "The witness's answer does not end in a newline.")
  const lines = text.slice(0, -1).split('\n')
  if (lines.length > MAX_PROOF)
    throw new VerifyError('limit', 'The witness answered more signatures than are read.')
  return lines.map(parseSignatureLine)
}
