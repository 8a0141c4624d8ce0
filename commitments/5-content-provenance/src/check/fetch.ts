import { AvouchError } from '@avouch/core/errors'
import { guardedConnector } from '@avouch/core/model'
import { Agent, request } from 'undici'

const MOST = 64 * 2 ** 20
const WITHIN = 20_000
const REDIRECTS = 3

/**
 * Fetches what a link leads to, at most 64 MiB within 20 s. Every address, also of a redirect, is held to the address
 * policy before and after it resolves: nothing inside the company's network is reached. No cookie, no referrer, no
 * credentials go out. Throws `usage`, `forbidden`, `network` or `limit`.
 */
export async function fetchContent(
  link: string,
  { allowPrivate = false }: { allowPrivate?: boolean } = {},
): Promise<Uint8Array> {
  const agent = new Agent({
    connect: guardedConnector({ allowPrivate, connectTimeoutMs: 5_000 }),
    headersTimeout: WITHIN,
    bodyTimeout: WITHIN,
    maxResponseSize: MOST,
  })
  const signal = AbortSignal.timeout(WITHIN)
  try {
    let url = readLink(link)
    for (let hop = 0; hop <= REDIRECTS; hop++) {
      const { statusCode, headers, body } = await request(url, {
        dispatcher: agent,
        signal,
        headers: { accept: 'image/*,audio/*,video/*;q=0.9,*/*;q=0.1', 'user-agent': 'Avouch content check' },
      })
      if (statusCode >= 300 && statusCode < 400 && typeof headers.location === 'string') {
        await body.dump({ limit: 65_536 })
        url = readLink(headers.location, url)
        continue
      }
      if (statusCode !== 200) {
        await body.dump({ limit: 65_536 })
        throw new AvouchError('network', `the link answers ${statusCode}`, { fix: 'Check the link.' })
      }
      const chunks: Uint8Array[] = []
      let size = 0
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        size += chunk.length
        if (size > MOST) throw new AvouchError('limit', 'the file at the link is larger than 64 MiB')
        chunks.push(chunk)
      }
      return new Uint8Array(Buffer.concat(chunks))
    }
    throw new AvouchError('network', 'the link is redirected too often')
  } catch (error) {
    throw asOurs(error)
  } finally {
    await agent.destroy()
  }
}

function readLink(text: string, base?: URL): URL {
  const url = text.length <= 4_096 && URL.canParse(text, base) ? new URL(text, base) : undefined
  if (url && ['http:', 'https:'].includes(url.protocol) && url.username === '' && url.password === '')
    return url
  throw new AvouchError('usage', 'this is no link to a file', {
    fix: 'Give an http or https address without a name and password in it.',
  })
}

/** What the network said, without the address: that one is the asker's business. */
function asOurs(error: unknown): unknown {
  for (let one: unknown = error; one instanceof Error; one = one.cause)
    if (one instanceof AvouchError)
      // to which addresses a name leads inside the network is nobody's business outside of it
      return one.code === 'forbidden'
        ? new AvouchError('forbidden', 'the link leads into a private network, where nothing is fetched', {
            fix: 'Save the file, and check that.',
          })
        : one
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE')
    return new AvouchError('limit', 'the file at the link is larger than 64 MiB')
  const timeout = error instanceof Error && error.name === 'TimeoutError'
  return new AvouchError('network', timeout ? 'the link takes too long' : 'the link cannot be fetched', {
    fix: 'Check the link, or save the file and check that.',
    cause: error,
  })
}
