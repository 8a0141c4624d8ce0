/**
 * What went wrong, as a closed set: the caller branches on the code, the person reads the message.
 *
 * - `usage`, `input`, `config`, `conflict`, `not-found`, `unauthenticated`, `forbidden`, `limit`: what was asked cannot be done as asked.
 * - `proof`: evidence, a proof or a signature does not hold.
 * - `database`, `disk`, `network`, `target`, `locked`, `unavailable`: something outside failed.
 * - `internal`: a defect of Avouch.
 */
export type ErrorCode =
  | 'usage'
  | 'input'
  | 'config'
  | 'conflict'
  | 'not-found'
  | 'unauthenticated'
  | 'forbidden'
  | 'limit'
  | 'proof'
  | 'database'
  | 'disk'
  | 'network'
  | 'target'
  | 'locked'
  | 'unavailable'
  | 'internal'

export type ErrorDetail = {
  /** Where it was found: a file with its line, a field's pointer, an address. Never a secret. */
  where?: string
  /** What the reader can do about it, as a sentence. */
  fix?: string
  cause?: unknown
}

/** Avouch's one error: says what was wrong (`message`), where (`where`) and what to do (`fix`). */
export class AvouchError extends Error {
  override readonly name = 'AvouchError'
  readonly code: ErrorCode
  readonly where: string | undefined
  readonly fix: string | undefined

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? undefined : { cause: detail.cause })
    this.code = code
    this.where = detail.where
    this.fix = detail.fix
  }
}

/** The command line's exit status: 1 done and the answer is no, 2 bad usage or input, 3 a failure outside or a defect. */
export function exitStatus(error: unknown): 1 | 2 | 3 {
  if (!(error instanceof AvouchError)) return 3
  switch (error.code) {
    case 'proof':
    case 'not-found':
      return 1
    case 'usage':
    case 'input':
    case 'config':
    case 'conflict':
    case 'forbidden':
    case 'unauthenticated':
    case 'limit':
      return 2
    default:
      return 3
  }
}

/** The HTTP status that answers this error. */
export function httpStatus(error: AvouchError): number {
  switch (error.code) {
    case 'usage':
    case 'input':
    case 'config':
      return 400
    case 'unauthenticated':
      return 401
    case 'forbidden':
      return 403
    case 'not-found':
      return 404
    case 'conflict':
    case 'proof':
      return 409
    case 'limit':
      return 429
    case 'network':
    case 'target':
      return 502
    case 'unavailable':
    case 'locked':
    case 'database':
    case 'disk':
      return 503
    default:
      return 500
  }
}
