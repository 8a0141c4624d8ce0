import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { sql } from 'kysely'
import { z } from 'zod'

const open = { permission: 'public' } as const
const DAY = 86_400_000

/** `/.well-known/security.txt` (RFC 9116) and `/healthz`. */
export function wellKnownRoutes(installation: Installation): FastifyPluginAsyncZod {
  return async (app) => {
    app.get('/.well-known/security.txt', { config: open, schema: { hide: true } }, async (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(securityText(installation)),
    )
    app.get('/security.txt', { config: open, schema: { hide: true } }, async (_request, reply) =>
      reply.redirect('/.well-known/security.txt', 301),
    )
    app.get(
      '/healthz',
      { config: open, schema: { response: { 200: z.object({ status: z.literal('ok') }) } } },
      async () => {
        try {
          await sql`select 1`.execute(installation.db.kysely)
        } catch (cause) {
          throw new AvouchError('unavailable', 'The database does not answer', {
            fix: 'Run `avouch doctor`.',
            cause,
          })
        }
        return { status: 'ok' as const }
      },
    )
  }
}

/** RFC 9116, sections 2.3 to 2.5. Throws `not-found` where no contact is configured, for the standard asks for one. */
export function securityText({ config, now }: Pick<Installation, 'config' | 'now'>): string {
  if (!config.securityContact)
    throw new AvouchError(
      'not-found',
      'This installation has not said whom to tell about security problems',
      {
        where: 'AVOUCH_SECURITY_CONTACT',
        fix: 'Its owner sets AVOUCH_SECURITY_CONTACT to a mailto:, https: or tel: address.',
      },
    )
  const at = (path: string) => new URL(path, config.url).href
  // Half a year from the start of the month: the file changes once a month, not with every request.
  const month = new Date(Date.UTC(now().getUTCFullYear(), now().getUTCMonth()))
  const expires = new Date(month.getTime() + 182 * DAY).toISOString().replace('.000Z', 'Z')
  return [
    `Contact: ${config.securityContact}`,
    `Expires: ${expires}`,
    'Preferred-Languages: en',
    `Policy: ${at('/')}`,
    `Canonical: ${at('/.well-known/security.txt')}`,
    '',
  ].join('\n')
}
