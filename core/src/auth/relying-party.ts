import { isIP } from 'node:net'
import type { Config } from '../config.ts'
import { AvouchError } from '../errors.ts'

/** Whom passkeys are made for: the host of the installation's address, and its origin. */
export type RelyingParty = { rpId: string; origin: string }

/**
 * The relying party that `AVOUCH_URL` makes. Throws `config` where browsers would refuse: WebAuthn needs a host name
 * (no IP address) and a secure context (https, or http on localhost).
 */
export function relyingParty(config: Pick<Config, 'url'>): RelyingParty {
  const url = new URL(config.url)
  const local = url.hostname === 'localhost' || url.hostname.endsWith('.localhost')
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) || (url.protocol !== 'https:' && !local))
    throw new AvouchError('config', `Passkeys cannot be made for ${url.origin}`, {
      where: 'AVOUCH_URL',
      fix: 'Set it to an https address with a host name, or to http://localhost with its port.',
    })
  return { rpId: url.hostname, origin: url.origin }
}
