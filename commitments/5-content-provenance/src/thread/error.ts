import { AvouchError, type ErrorCode } from '@avouch/core/errors'

/** An error on its way from a thread: classes do not travel. */
export type ThreadError = { code: ErrorCode | undefined; message: string; where?: string; fix?: string }

export function packError(error: unknown): ThreadError {
  if (error instanceof AvouchError) {
    const { code, message, where, fix } = error
    return { code, message, where, fix }
  }
  return { code: undefined, message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

export function unpackError({ code, message, where, fix }: ThreadError): Error {
  return code === undefined ? new Error(message) : new AvouchError(code, message, { where, fix })
}
