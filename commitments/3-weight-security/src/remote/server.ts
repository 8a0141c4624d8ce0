import { AvouchError, type ErrorCode } from '@avouch/core/errors'
import { z } from 'zod'

const AREA = '/api/weight-security'
const MOST_ANSWER = 2 ** 20
/** What is not there after so long is asked for again. */
const SILENCE_MS = 60_000

const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const text = z.string().max(1000)
const leaseSchema = z.object({
  id: z.uuid(),
  object: z.uuid(),
  model: text,
  objectDigest: z.string().regex(/^[0-9a-f]{64}$/),
  environment: text,
  end: z.iso.datetime(),
  state: text,
  /** Of the object: its name in the release, its size, and the bytes that the lease is for, both ends included. */
  name: text,
  size: count,
  bytes: z.tuple([count, z.int().min(-1).max(Number.MAX_SAFE_INTEGER)]),
})
/** Others than the one that is asked for may be of objects that are gone by now. */
const leasesSchema = z.object({ leases: z.array(z.looseObject({ id: z.string().max(100) })).max(1000) })
export type RemoteLease = z.output<typeof leaseSchema>

const CODES = ['conflict', 'not-found', 'unauthenticated', 'forbidden', 'limit', 'proof', 'input'] as const
const failureSchema = z.object({
  error: z.object({
    code: z.enum(CODES).catch('input'),
    message: z.string().max(4000),
    fix: z.string().max(4000).optional(),
  }),
})

/** A server that gives out weights under leases, and whose key is shown to it. */
export type RemoteServer = {
  url: URL
  /** A lease of whom the key belongs to. Throws `forbidden` where they have no such one. */
  lease(id: string, signal: AbortSignal): Promise<RemoteLease>
  /** The object's bytes from `start` to `end`, both included, as far as the connection brings them. */
  read(lease: RemoteLease, start: number, end: number, signal: AbortSignal): AsyncIterable<Uint8Array>
}

/**
 * Speaks to `avouch start --only weights` elsewhere. Throws `usage` for an address that would carry weights and key in
 * the clear, `network` where there is no whole answer (asking again may help), and what the server refused by its code.
 */
export function remoteServer(address: string, key: string, attestation: string | undefined): RemoteServer {
  const url = checkAddress(address)
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(key))
    throw new AvouchError('usage', 'this is no API key', { fix: 'Make one with `avouch people key`.' })
  const headers = {
    authorization: `Bearer ${key}`,
    accept: 'application/json, application/octet-stream',
    ...(attestation !== undefined && { 'x-avouch-attestation': attestation }),
  }
  const ask = async (path: string, signal: AbortSignal, more: Record<string, string> = {}) => {
    const answer = await fetch(new URL(`${AREA}${path}`, url), {
      headers: { ...headers, ...more },
      redirect: 'manual',
      signal,
    }).catch((error: unknown) => {
      throw signal.aborted && !isSilence(signal) ? error : broken(url, error)
    })
    if (answer.status >= 200 && answer.status < 300) return answer
    throw await refusal(url, answer)
  }
  return {
    url,
    async lease(id, signal) {
      const within = AbortSignal.any([signal, AbortSignal.timeout(SILENCE_MS)])
      const answer = await ask('/leases/mine', within)
      const all = leasesSchema.safeParse(await jsonOf(url, answer))
      const found = all.data?.leases.find((lease) => lease.id === id)
      const lease = found && leaseSchema.safeParse(found)
      if (!all.success || lease?.success === false)
        throw new AvouchError(
          'network',
          'this server tells of the lease in a way that this version does not know',
          {
            where: url.origin,
            fix: 'Bring both to the same version of Avouch.',
          },
        )
      if (lease) return lease.data
      throw new AvouchError('forbidden', 'whoever this API key belongs to has no such lease', {
        where: `lease ${id}`,
        fix: 'A lease is used by its holder: make the key for them.',
      })
    },
    async *read(lease, start, end, signal) {
      const silence = new AbortController()
      let timer = setTimeout(() => silence.abort(SILENT), SILENCE_MS)
      const within = AbortSignal.any([signal, silence.signal])
      try {
        const isEmpty = end < start
        const range: Record<string, string> = isEmpty ? {} : { range: `bytes=${start}-${end}` }
        const answer = await ask(`/objects/${lease.object}/plaintext?lease=${lease.id}`, within, range)
        checkAnswer(url, answer, lease, isEmpty ? undefined : { start, end })
        let left = end + 1 - start
        if (answer.body)
          for await (const chunk of answer.body) {
            clearTimeout(timer)
            timer = setTimeout(() => silence.abort(SILENT), SILENCE_MS)
            left -= chunk.length
            if (left < 0) throw broken(url, 'it sent more than was asked for')
            yield chunk
          }
        if (left > 0) throw broken(url, 'the connection ended early')
      } catch (error) {
        if (error instanceof AvouchError || signal.aborted) throw error
        throw broken(url, error)
      } finally {
        clearTimeout(timer)
      }
    },
  }
}

const SILENT = 'nothing came for a minute'
const isSilence = ({ reason }: AbortSignal): boolean =>
  reason === SILENT || (reason instanceof DOMException && reason.name === 'TimeoutError')

function checkAddress(address: string): URL {
  const url = URL.parse(address)
  const isHere = url !== null && /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isHere)))
    throw new AvouchError('usage', 'a server is named by an address that begins with https://', {
      where: '--server',
      fix: 'Weights and the API key would pass in the clear; http:// is for this machine alone.',
    })
  if (url.username !== '' || url.password !== '')
    throw new AvouchError('usage', 'an address with a password in it is not taken', { where: '--server' })
  return url
}

/** What is sent must be what was asked for, of the very object of the lease. */
function checkAnswer(
  url: URL,
  answer: Response,
  lease: RemoteLease,
  range: { start: number; end: number } | undefined,
): void {
  if (answer.headers.get('x-avouch-digest') !== `sha256:${lease.objectDigest}`)
    throw new AvouchError('proof', 'the server sends another object than the lease is for', {
      where: url.origin,
    })
  const said = answer.headers.get('content-range')
  const expected = range && `bytes ${range.start}-${range.end}/${lease.size}`
  if (answer.status !== (range ? 206 : 200) || (range && said !== expected))
    throw new AvouchError('proof', 'the server sends other bytes than were asked for', { where: url.origin })
}

async function refusal(url: URL, answer: Response): Promise<AvouchError> {
  if (answer.status >= 500) {
    await answer.body?.cancel()
    return broken(url, `it answered ${answer.status}`)
  }
  const parsed = failureSchema.safeParse(await jsonOf(url, answer))
  if (!parsed.success)
    return new AvouchError('input', `it answered ${answer.status}, which no server of Avouch would`, {
      where: url.origin,
      fix: 'Check the address.',
    })
  const { code, message, fix } = parsed.data.error
  return new AvouchError(code satisfies ErrorCode, message, {
    where: url.origin,
    ...(fix !== undefined && { fix }),
  })
}

async function jsonOf(url: URL, answer: Response): Promise<unknown> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    if (answer.body)
      for await (const chunk of answer.body) {
        size += chunk.length
        if (size > MOST_ANSWER) break
        chunks.push(chunk)
      }
  } catch (error) {
    throw broken(url, error)
  }
  try {
    return size > MOST_ANSWER ? undefined : JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    return undefined
  }
}

function broken(url: URL, cause: unknown): AvouchError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause
  const why = inner instanceof Error ? inner.message : String(inner)
  return new AvouchError('network', `the server cannot be read from: ${why}`, {
    where: url.origin,
    fix: 'Check the address and that the server runs; the same command goes on where it was.',
    cause,
  })
}
