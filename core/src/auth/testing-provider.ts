import { createHash, randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'

/** What the provider puts into the next ID token, and how it misbehaves: by claims of its choice or a foreign key. */
export type ProviderAnswer = { claims: Record<string, unknown>; foreignKey?: boolean }

/** An OpenID Connect provider on loopback for tests: discovery, keys, and the token endpoint with PKCE, for real. */
export type TestProvider = {
  issuer: string
  /** The variables that make an installation use it. */
  env: Record<string, string>
  answer: ProviderAnswer
  /** What a person's browser does there: agrees, and comes back with these parameters. Throws where PKCE is missing. */
  agree(url: string): URLSearchParams
  close(): Promise<void>
}

/** Starts a provider on a free port of loopback. */
export async function openTestProvider(): Promise<TestProvider> {
  const codes = new Map<string, { challenge: string; nonce: string; redirect: string }>()
  const opened: TestProvider = {
    issuer: '',
    env: { AVOUCH_OIDC_CLIENT_ID: 'avouch', AVOUCH_OIDC_CLIENT_SECRET: 'example-secret' },
    answer: { claims: {} },
    agree(url) {
      const asked = new URL(url).searchParams
      const challenge = asked.get('code_challenge')
      if (!challenge || asked.get('code_challenge_method') !== 'S256') throw new Error('PKCE is missing')
      const code = randomUUID()
      codes.set(code, {
        challenge,
        nonce: asked.get('nonce') ?? '',
        redirect: asked.get('redirect_uri') ?? '',
      })
      return new URLSearchParams({ code, state: asked.get('state') ?? '' })
    },
    close: () => new Promise((done) => provider.close(() => done())),
  }
  const own = await generateKeyPair('ES256')
  const foreign = await generateKeyPair('ES256')
  const jwk = { ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }
  const provider = createServer(async (request, response) => {
    const send = (value: unknown, status = 200) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(value))
    }
    const { pathname } = new URL(request.url ?? '/', opened.issuer)
    if (pathname === '/.well-known/openid-configuration')
      return send({
        issuer: opened.issuer,
        authorization_endpoint: `${opened.issuer}/authorize`,
        token_endpoint: `${opened.issuer}/token`,
        jwks_uri: `${opened.issuer}/jwks`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
      })
    if (pathname === '/jwks') return send({ keys: [jwk] })
    if (pathname !== '/token') return send({}, 404)
    let body = ''
    for await (const chunk of request) body += chunk
    const form = new URLSearchParams(body)
    const grant = codes.get(form.get('code') ?? '')
    codes.delete(form.get('code') ?? '')
    const verifier = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const known = form.get('client_id') === 'avouch' && form.get('client_secret') === 'example-secret'
    if (!grant || verifier !== grant.challenge || form.get('redirect_uri') !== grant.redirect || !known)
      return send({ error: 'invalid_grant' }, 400)
    const idToken = await new SignJWT({ nonce: grant.nonce, ...opened.answer.claims })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .setIssuer(typeof opened.answer.claims.iss === 'string' ? opened.answer.claims.iss : opened.issuer)
      .setAudience(typeof opened.answer.claims.aud === 'string' ? opened.answer.claims.aud : 'avouch')
      .setIssuedAt()
      .setExpirationTime(typeof opened.answer.claims.exp === 'number' ? opened.answer.claims.exp : '5m')
      .sign(opened.answer.foreignKey ? foreign.privateKey : own.privateKey)
    return send({ access_token: 'x', token_type: 'Bearer', expires_in: 60, id_token: idToken })
  })
  await new Promise<void>((done) => provider.listen(0, '127.0.0.1', done))
  const issuer = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
  opened.issuer = issuer
  opened.env.AVOUCH_OIDC_ISSUER = issuer
  return opened
}
