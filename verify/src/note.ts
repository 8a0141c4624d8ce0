import { base64, concat, fromBase64, fromHex, fromUtf8, hex, utf8 } from './bytes.ts'
import { VerifyError } from './errors.ts'
import { sha256 } from './hash.ts'
import { verifyEd25519 } from './signature.ts'

/** Signature types of C2SP signed-note: Ed25519 over the text, and the timestamped cosignature of a witness. */
export const ED25519 = 0x01
export const COSIGNATURE = 0x04
export type SignatureType = typeof ED25519 | typeof COSIGNATURE

const MAX_BYTES = 262_144
const MAX_SIGNATURES = 64
const DASH = '\u2014 '

/** A public key with its name, as C2SP signed-note writes it: `name+keyid+base64(type ‖ key)`. */
export type VerifierKey = {
  name: string
  /** Four bytes in hex: SHA-256(name ‖ 0x0A ‖ type ‖ key)[:4]. */
  id: string
  type: SignatureType
  /** 32 bytes. */
  key: Uint8Array<ArrayBuffer>
}

/** One line of signature: `signature` is what follows the key id. */
export type NoteSignature = { name: string; id: string; signature: Uint8Array<ArrayBuffer> }

/** A text with its signatures, not yet checked. The text ends in its newline. */
export type SignedNote = { text: string; signatures: NoteSignature[] }

/** The key id of a named key, in hex (C2SP signed-note, "Signatures"). */
export async function keyId(name: string, type: SignatureType, key: Uint8Array): Promise<string> {
  return hex((await sha256(concat(utf8(`${name}\n`), Uint8Array.of(type), key))).subarray(0, 4))
}

/** A verifier key from its parts. Throws `key`. */
export async function verifierKey(name: string, type: SignatureType, key: Uint8Array): Promise<VerifierKey> {
  checkName(name, 'key')
  if (key.length !== 32) throw new VerifyError('key', 'The public key of a verifier key has 32 bytes.')
  return { name, id: await keyId(name, type, key), type, key: new Uint8Array(key) }
}

/** `name+keyid+base64(type ‖ key)` */
export function formatVerifierKey({ name, id, type, key }: VerifierKey): string {
  return `${name}+${id}+${base64(concat(Uint8Array.of(type), key))}`
}

/** Reads a verifier key and checks that its id is its own. Throws `key`. */
export async function parseVerifierKey(vkey: string): Promise<VerifierKey> {
  const [, name, id, encoded] =
    /^([^+]{1,255})\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,64})$/.exec(vkey.trim()) ?? []
  if (name === undefined || id === undefined || encoded === undefined)
    throw new VerifyError('key', 'A verifier key reads NAME+KEYID+BASE64, on one line.')
  const bytes = readAs('key', 'The verifier key', () => fromBase64(encoded, 33))
  const type = bytes[0]
  if (type !== ED25519 && type !== COSIGNATURE)
    throw new VerifyError('key', `The verifier key is of type ${type}; only Ed25519 (1 and 4) is known here.`)
  const key = await verifierKey(name, type, bytes.slice(1))
  if (key.id !== id)
    throw new VerifyError(
      'key',
      'The verifier key does not hash to its own key id: it was mistyped or changed.',
    )
  return key
}

/** Splits a signed note (C2SP signed-note) into text and signatures; checks no signature. Throws `note` or `limit`. */
export function parseNote(note: string | Uint8Array): SignedNote {
  if (note.length > MAX_BYTES) throw new VerifyError('limit', `The note is larger than ${MAX_BYTES} bytes.`)
  const all = typeof note === 'string' ? note : readAs('note', 'The note', () => fromUtf8(note))
  if (!all.isWellFormed()) throw new VerifyError('note', 'The note is not valid Unicode.')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the specification forbids exactly these.
  if (/[\u0000-\u0009\u000b-\u001f]/.test(all))
    throw new VerifyError('note', 'The note holds a control character.')
  const blank = all.lastIndexOf('\n\n')
  if (blank < 0 || !all.endsWith('\n'))
    throw new VerifyError(
      'note',
      'The note has no blank line before its signatures, or no newline at its end.',
    )
  const lines = all.slice(blank + 2, -1).split('\n')
  if (lines.length > MAX_SIGNATURES)
    throw new VerifyError('limit', `The note has more than ${MAX_SIGNATURES} signatures.`)
  return { text: all.slice(0, blank + 1), signatures: lines.map(parseSignatureLine) }
}

/** Reads `— NAME BASE64(key id ‖ signature)`, without its newline. Throws `note`. */
export function parseSignatureLine(line: string): NoteSignature {
  const [name, encoded, ...more] = line.startsWith(DASH) ? line.slice(DASH.length).split(' ') : []
  if (name === undefined || encoded === undefined || more.length > 0)
    throw new VerifyError('note', 'A signature line of the note must read: em dash, name, signature.')
  checkName(name, 'note')
  const bytes = readAs('note', 'A signature of the note', () => fromBase64(encoded))
  if (bytes.length < 5) throw new VerifyError('note', 'A signature of the note is too short.')
  return { name, id: hex(bytes.subarray(0, 4)), signature: bytes.slice(4) }
}

/** One signature line with its newline. */
export function formatSignatureLine({ name, id, signature }: NoteSignature): string {
  return `${DASH}${name} ${base64(concat(fromHex(id, 4), signature))}\n`
}

/** The whole note. Throws `note` where the text does not end in a newline or nothing signs it. */
export function formatNote({ text, signatures }: SignedNote): string {
  if (!text.endsWith('\n') || signatures.length === 0)
    throw new VerifyError('note', 'A note is text that ends in a newline, and signatures.')
  return `${text}\n${signatures.map(formatSignatureLine).join('')}`
}

/**
 * Checks the note's Ed25519 signatures (type 1) by these keys; answers the keys that signed. Signatures by other keys
 * are passed over, as the specification asks. Throws `signature` where a known key's signature does not hold, or
 * where none of these keys signed.
 */
export async function verifyNote(note: SignedNote, keys: readonly VerifierKey[]): Promise<VerifierKey[]> {
  const message = utf8(note.text)
  const signers: VerifierKey[] = []
  for (const key of keys.filter(({ type }) => type === ED25519)) {
    for (const { signature } of signaturesBy(note, key)) {
      if (!(await verifyEd25519(key.key, message, signature)))
        throw new VerifyError('signature', `The signature of ${key.name} on the note does not hold.`)
      if (!signers.includes(key)) signers.push(key)
    }
  }
  if (signers.length === 0)
    throw new VerifyError(
      'signature',
      `The note is not signed by ${keys.map((key) => `${key.name}+${key.id}`).join(' or ') || 'a known key'}.`,
    )
  return signers
}

/** The note's signatures that claim to be by this key. */
export function signaturesBy(note: SignedNote, key: VerifierKey): NoteSignature[] {
  return note.signatures.filter(({ name, id }) => name === key.name && id === key.id)
}

function checkName(name: string, code: 'key' | 'note'): void {
  if (name === '' || name.length > 255 || /[\p{White_Space}\p{Cc}+]/u.test(name) || !name.isWellFormed())
    throw new VerifyError(
      code,
      'The name of a key must not be empty or longer than 255 characters, and has neither space nor plus.',
    )
}

function readAs<T>(code: 'key' | 'note', what: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new VerifyError(
      code,
      `${what} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }
}
