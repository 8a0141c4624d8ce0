import { AvouchError, type ErrorCode } from '@avouch/core/errors'

/** An error on its way from a process: classes do not travel. */
export type PackedError = { code: ErrorCode | undefined; message: string; where?: string; fix?: string }

export function packError(error: unknown): PackedError {
  if (error instanceof AvouchError) {
    const { code, message, where, fix } = error
    return { code, message, where, fix }
  }
  // what JavaScript engines say where memory of the system, and not of their heap, is at its end
  if (error instanceof RangeError && /allocat|out of memory/i.test(error.message))
    return {
      code: 'limit',
      message: 'reading the file took more memory than it may',
      fix: 'Use a smaller or simpler file.',
    }
  return { code: undefined, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

export function unpackError({ code, message, where, fix }: PackedError): Error {
  return code === undefined ? new Error(message) : new AvouchError(code, message, { where, fix })
}
