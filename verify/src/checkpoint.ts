import { base64, decimal, fromBase64 } from './bytes.ts'
import { VerifyError } from './errors.ts'
import { parseNote, type SignedNote, type VerifierKey, verifyNote } from './note.ts'

/** A log's head at one size (C2SP tlog-checkpoint). */
export type Checkpoint = {
  origin: string
  /** Leaves. */
  size: number
  /** 32 bytes. */
  root: Uint8Array<ArrayBuffer>
  /** Opaque lines after the root; none as a rule. */
  extensions: string[]
}

/** Reads a checkpoint's text, which ends in a newline. Throws `checkpoint`. */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw new VerifyError('checkpoint', 'The checkpoint does not end in a newline.')
  const lines = text.slice(0, -1).split('\n')
  const [origin, size, root, ...extensions] = lines
  if (origin === undefined || size === undefined || root === undefined || lines.includes(''))
    throw new VerifyError(
      'checkpoint',
      'A checkpoint has an origin, a size and a root, each on its line, and no empty line.',
    )
  try {
    return { origin, size: decimal(size), root: fromBase64(root, 32), extensions }
  } catch (cause) {
    throw new VerifyError(
      'checkpoint',
      `The size or the root of the checkpoint cannot be read: ${cause instanceof Error ? cause.message : ''}`,
      { cause },
    )
  }
}

/** The checkpoint's text: what the log signs and witnesses cosign. Throws `checkpoint`. */
export function formatCheckpoint({
  origin,
  size,
  root,
  extensions,
}: Omit<Checkpoint, 'extensions'> & { extensions?: string[] }): string {
  const lines = [origin, String(size), base64(root), ...(extensions ?? [])]
  const text = `${lines.join('\n')}\n`
  const read = parseCheckpoint(text)
  if (read.origin !== origin || read.size !== size || read.extensions.length !== (extensions ?? []).length)
    throw new VerifyError('checkpoint', 'An origin or an extension line holds a newline.')
  return text
}

/** A checkpoint whose log signature holds, with its note (for cosignatures). */
export type VerifiedCheckpoint = Checkpoint & { note: SignedNote }

/**
 * Checks a signed checkpoint by the log's key: its signature, and that its origin is the key's name.
 * Throws `note`, `signature`, `checkpoint` or `limit`.
 */
export async function verifyCheckpoint(
  signed: string | Uint8Array,
  logKey: VerifierKey,
): Promise<VerifiedCheckpoint> {
  const note = parseNote(signed)
  await verifyNote(note, [logKey])
  const checkpoint = parseCheckpoint(note.text)
  if (checkpoint.origin !== logKey.name)
    throw new VerifyError(
      'checkpoint',
      `The checkpoint is of the log ${checkpoint.origin}, the key of ${logKey.name}.`,
    )
  return { ...checkpoint, note }
}
