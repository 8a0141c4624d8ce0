import type { Config } from '../config.ts'
import { SESSION_MS } from './session.ts'
import { looksLikeToken } from './token.ts'

/** `__Host-` binds the cookie to this very host (RFC 6265bis), and needs https. */
function cookieName(config: Pick<Config, 'url'>, name: string): string {
  return secure(config) ? `__Host-${name}` : name
}

function secure(config: Pick<Config, 'url'>): boolean {
  return config.url.startsWith('https:')
}

function cookie(config: Pick<Config, 'url'>, name: string, value: string, seconds: number): string {
  const https = secure(config) ? '; Secure' : ''
  return `${cookieName(config, name)}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Lax${https}`
}

function read(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? '').slice(0, 8192).split(';')) {
    const [key, value] = part.trim().split('=', 2)
    if (key === name && value !== undefined && looksLikeToken(value)) return value
  }
  return undefined
}

/** The Set-Cookie value that begins a session, or with undefined ends it in this browser. */
export function sessionCookie(config: Pick<Config, 'url'>, token: string | undefined): string {
  return cookie(config, 'avouch_session', token ?? '', token === undefined ? 0 : SESSION_MS / 1000)
}

/** The session token in a Cookie header, if it can be one. */
export function readSessionCookie(
  header: string | undefined,
  config: Pick<Config, 'url'>,
): string | undefined {
  return read(header, cookieName(config, 'avouch_session'))
}

/** The same for the browser that single sign-on was begun in; ten minutes. */
export function oidcCookie(config: Pick<Config, 'url'>, token: string | undefined): string {
  return cookie(config, 'avouch_oidc', token ?? '', token === undefined ? 0 : 600)
}

export function readOidcCookie(header: string | undefined, config: Pick<Config, 'url'>): string | undefined {
  return read(header, cookieName(config, 'avouch_oidc'))
}
