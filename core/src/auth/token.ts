import { createHash, randomBytes } from 'node:crypto'

/** A secret that is shown once; only its SHA-256 is kept. */
export type Token = { token: string; hash: Buffer }

/** 32 random bytes in base64url behind a prefix that secret scanners can recognise. */
export function newToken(prefix = ''): Token {
  const token = prefix + randomBytes(32).toString('base64url')
  return { token, hash: hashToken(token) }
}

/** What is kept of a token. The token is random, so that a plain SHA-256 is enough and lookups are by equality. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

const SHAPE = /^(avk_)?[A-Za-z0-9_-]{43}$/

/** Whether text from outside can be a token at all; cheap refusal before any database is asked. */
export function looksLikeToken(text: string): boolean {
  return SHAPE.test(text)
}
