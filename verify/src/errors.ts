/**
 * What did not hold, as a closed set: the caller branches on the code, the person reads the message.
 *
 * - `input`: not in the form asked for (encoding, number, JSON, missing or unknown member). `limit`: too large, deep or many.
 * - `no-webcrypto`: this page or program has no WebCrypto, or its WebCrypto lacks an algorithm.
 * - `key`: a key that cannot be read, or that is not what it says. `signature`: a signature that does not hold.
 * - `note`, `checkpoint`, `envelope`, `statement`, `bundle`, `report`: such a document that breaks its own rules.
 * - `inclusion`, `consistency`: a Merkle proof that does not lead to the root. `tile`: a tile path or an entry bundle.
 * - `disclosure`: a value that is not the one committed to. `withheld`: a value that was not disclosed.
 * - `figure`: a number of a report that its evidence does not bear out.
 */
export type VerifyErrorCode =
  | 'input'
  | 'limit'
  | 'no-webcrypto'
  | 'key'
  | 'signature'
  | 'note'
  | 'checkpoint'
  | 'envelope'
  | 'statement'
  | 'bundle'
  | 'report'
  | 'inclusion'
  | 'consistency'
  | 'tile'
  | 'disclosure'
  | 'withheld'
  | 'figure'

/** The verifier's one error. `message` is a sentence for people; it never holds a secret or a disclosed value. */
export class VerifyError extends Error {
  override readonly name = 'VerifyError'
  readonly code: VerifyErrorCode

  constructor(code: VerifyErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options)
    this.code = code
  }
}
