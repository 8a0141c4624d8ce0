import { AvouchError } from '@avouch/core/errors'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { readForm } from './form.ts'

/** The largest file that comes in over the network. */
export const UPLOAD_BYTES = 32 * 2 ** 20

/** Bodies that are files come as bytes; what they are is told from them and from nothing else. */
export function readFiles(app: FastifyInstance): void {
  // a file sent by `curl --data-binary` without saying of what type comes under the last of them
  for (const type of [
    /^(image|audio|video)\//,
    'application/octet-stream',
    'multipart/form-data',
    'application/x-www-form-urlencoded',
  ]) {
    // the server reads short forms itself; where files are taken, what comes so is a file
    if (app.hasContentTypeParser(type)) app.removeContentTypeParser(type)
    app.addContentTypeParser(type, { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) => bytes)
  }
}

/** The file in a request's body: the body itself, or the field `file` of a form. Throws `input`. */
export function fileIn(request: FastifyRequest): Uint8Array {
  const { body, headers } = request
  const type = headers['content-type'] ?? ''
  if (Buffer.isBuffer(body) && body.length > 0) {
    if (!type.startsWith('multipart/')) return new Uint8Array(body)
    const file = readForm(body, type).find(({ name, bytes }) => name === 'file' && bytes.length > 0)
    if (file) return file.bytes
  }
  throw new AvouchError('input', 'there is no file in the request', {
    where: 'body',
    fix: 'Send its bytes as the body, with a Content-Type such as image/png or application/octet-stream, or a form with a field named file.',
  })
}

/** Answers may be read by scripts of any site; there is nothing in them that depends on who asks. */
export function forEveryone(reply: FastifyReply): FastifyReply {
  return reply
    .header('access-control-allow-origin', '*')
    .header('cross-origin-resource-policy', 'cross-origin')
}

/** Throws `usage` with what is wrong. */
export function parsed<T>(schema: z.ZodType<T>, value: unknown): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const wrong = read.error.issues.slice(0, 5).map(({ path, message }) => [...path, message].join(': '))
  throw new AvouchError('usage', wrong.join('; '), { fix: 'Correct the request.' })
}
