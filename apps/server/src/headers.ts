import helmet from '@fastify/helmet'
import type { FastifyInstance } from 'fastify'

type Directives = Record<string, string[]>

/** Nothing but our own files; no frames, no plugins, no base, forms to ourselves. */
const SELF: Directives = {
  defaultSrc: ["'none'"],
  connectSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  objectSrc: ["'none'"],
}

/** The console's policy: scripts from here alone. Charts and dialogs add style elements at run time, which is allowed. */
export const CONSOLE_POLICY: Directives = { ...SELF, styleSrc: ["'self'", "'unsafe-inline'"] }

/** The policy of everything else: no scripts. */
export const PLAIN_POLICY: Directives = { ...SELF, scriptSrc: ["'none'"], connectSrc: ["'none'"] }

/** A public page that carries the verifier's script, which reads what it checks from here. */
export const VERIFIER_POLICY: Directives = { ...PLAIN_POLICY, scriptSrc: ["'self'"], connectSrc: ["'self'"] }

/**
 * The policy of a report file, which brings its own script and style. `sandbox` gives it an origin of its own, so that
 * whatever a report holds, it cannot reach the session of whoever reads it. Its verifier's form may be submitted, which
 * its script answers; `form-action` lets nothing be sent.
 */
export const REPORT_POLICY: Directives = {
  defaultSrc: ["'none'"],
  imgSrc: ['data:'],
  fontSrc: ['data:'],
  styleSrc: ["'unsafe-inline'"],
  scriptSrc: ["'unsafe-inline'", "'wasm-unsafe-eval'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
  sandbox: ['allow-scripts', 'allow-forms', 'allow-downloads', 'allow-popups'],
}

/** The `helmet` route option for a policy: `app.get(url, { helmet: policy(REPORT_POLICY), … })`. */
export function policy(directives: Directives) {
  return { contentSecurityPolicy: { useDefaults: false, directives } }
}

/** Sets the security headers of every answer; `https` adds HSTS. */
export async function secureHeaders(app: FastifyInstance, https: boolean): Promise<void> {
  await app.register(helmet, {
    global: true,
    ...policy(PLAIN_POLICY),
    strictTransportSecurity: https ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
  })
  app.addHook('onSend', async (request, reply) => {
    if (request.url.startsWith('/api/') && !reply.hasHeader('cache-control'))
      reply.header('cache-control', 'no-store')
    if (!reply.hasHeader('permissions-policy'))
      reply.header('permissions-policy', 'camera=(), microphone=(), geolocation=(), interest-cohort=()')
  })
}
