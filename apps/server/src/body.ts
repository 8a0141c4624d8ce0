import { AvouchError } from '@avouch/core/errors'
import { parseJson, VerifyError } from '@avouch/verify'
import type { FastifyInstance } from 'fastify'

/** A request's body at most, unless its route says otherwise; and a JSON body's depth and number of values. */
export const BODY_BYTES = 1_048_576
const LIMITS = { depth: 32, values: 50_000 }

/**
 * JSON bodies are read strictly (RFC 7493): valid UTF-8, no member twice, none named `__proto__`, `constructor` or
 * `prototype`, no NUL, limited depth and count. An empty body is no body.
 */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeContentTypeParser('application/json')
  for (const type of ['application/json', /^application\/[a-z.]+\+json/])
    app.addContentTypeParser(type, { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) =>
      bytes.length === 0 ? undefined : parseBody(bytes),
    )
}

/** Throws `input` naming what is wrong. */
export function parseBody(bytes: Uint8Array): unknown {
  try {
    const value = parseJson(bytes, { ...LIMITS, bytes: Number.MAX_SAFE_INTEGER })
    refuseUnsafe(value)
    return value
  } catch (cause) {
    if (!(cause instanceof VerifyError)) throw cause
    throw new AvouchError('input', cause.message, {
      where: 'body',
      fix: 'Send plain JSON in UTF-8.',
      cause,
    })
  }
}

/** Names that reach into prototypes, and NUL, which PostgreSQL's text cannot hold. */
function refuseUnsafe(value: unknown): void {
  if (typeof value === 'string' && value.includes('\0'))
    throw new AvouchError('input', 'The JSON has a string with the character NUL', { where: 'body' })
  if (typeof value !== 'object' || value === null) return
  for (const [name, member] of Object.entries(value)) {
    if (name === 'constructor' || name === 'prototype' || name.includes('\0'))
      throw new AvouchError(
        'input',
        `The JSON has a member with the forbidden name ${JSON.stringify(name.slice(0, 60))}`,
        {
          where: 'body',
        },
      )
    refuseUnsafe(member)
  }
}

/** Refuses an address with an encoded NUL. */
export function readAddresses(app: FastifyInstance): void {
  app.addHook('onRequest', async (request) => {
    if (/%00/.test(request.url))
      throw new AvouchError('input', 'The address has the character NUL', { where: 'address' })
  })
}
