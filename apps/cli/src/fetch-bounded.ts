import { AvouchError } from '@avouch/core/errors'

const MAX = 67_108_864
const WITHIN = 30_000

/** Fetches an address that the person named, at most 64 MiB, without following redirects. Throws `network`. */
export async function fetchBounded(url: string): Promise<Uint8Array> {
  const fail = (why: string, cause?: unknown): AvouchError =>
    new AvouchError('network', `cannot fetch ${url}: ${why}`, { where: url, cause })
  const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(WITHIN) }).catch(
    (error: Error) => {
      throw fail(error.cause instanceof Error ? error.cause.message : error.message, error)
    },
  )
  if (response.status === 404)
    throw new AvouchError('not-found', `there is nothing at ${url}`, { where: url })
  if (!response.ok || response.body === null) throw fail(`it answered ${response.status}`)
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body) {
    size += chunk.length
    if (size > MAX) throw fail('it is larger than 64 MiB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
