import { createHash, createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export type S3Server = {
  url: string
  objects: Map<string, Buffer>
  uploads: Map<string, Map<number, Buffer>>
  /** Set to change its ways: `conditions` false answers 501 to If-None-Match; `failNext` answers 500 so many times. */
  ways: { conditions: boolean; failNext: number; race?: { key: string; bytes: Buffer } }
  close(): Promise<void>
}

export const BUCKET = 'example-bucket'
export const ACCESS = {
  accessKeyId: 'EXAMPLEKEY',
  secretAccessKey: 'example/secret+key',
  region: 'eu-example-1',
}

/**
 * The part of S3's HTTP interface the store uses, over real sockets. It recomputes every signature from what arrived,
 * by the definition of AWS Signature Version 4, and refuses a request whose signature or body digest is another.
 */
export async function startS3(): Promise<S3Server> {
  const objects = new Map<string, Buffer>()
  const uploads = new Map<string, Map<number, Buffer>>()
  const ways: S3Server['ways'] = { conditions: true, failNext: 0 }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    try {
      for await (const chunk of request) chunks.push(chunk as Buffer)
    } catch {
      // whoever sent it was killed in the middle: a store forgets such a request
      return response.destroy()
    }
    const body = Buffer.concat(chunks)
    const wrong = signatureFault(request, body)
    if (wrong !== undefined) return fail(response, 403, wrong)
    if (ways.failNext > 0) {
      ways.failNext--
      return fail(response, 500, 'InternalError')
    }
    answer(request, response, body, { objects, uploads, ways })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    objects,
    uploads,
    ways,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  { objects, uploads, ways }: Pick<S3Server, 'objects' | 'uploads' | 'ways'>,
): ServerResponse {
  const url = new URL(request.url!, 'http://s3')
  const [, bucket, ...rest] = decodeURIComponent(url.pathname).split('/')
  const key = rest.join('/')
  const query = url.searchParams
  if (bucket !== BUCKET) return fail(response, 404, 'NoSuchBucket')
  const conditional = request.headers['if-none-match'] === '*'
  if (conditional && !ways.conditions) return fail(response, 501, 'NotImplemented')
  if (conditional && ways.race?.key === key) objects.set(key, ways.race.bytes)
  const uploadId = query.get('uploadId')
  if (uploadId !== null && !uploads.has(uploadId)) return fail(response, 404, 'NoSuchUpload')
  switch (request.method) {
    case 'GET':
      return key === '' ? list(response, query, objects) : get(request, response, objects.get(key))
    case 'PUT': {
      if (uploadId !== null) {
        uploads.get(uploadId)!.set(Number(query.get('partNumber')), body)
        return send(response, 200, '', { etag: `"${createHash('md5').update(body).digest('hex')}"` })
      }
      if (conditional && objects.has(key)) return fail(response, 412, 'PreconditionFailed')
      objects.set(key, body)
      return send(response, 200, '')
    }
    case 'POST': {
      if (query.has('uploads')) {
        const id = randomUUID()
        uploads.set(id, new Map())
        return send(response, 200, `<R><UploadId>${id}</UploadId></R>`)
      }
      if (conditional && objects.has(key)) return fail(response, 412, 'PreconditionFailed')
      const parts = uploads.get(uploadId!)!
      const numbers = [...body.toString().matchAll(/<PartNumber>(\d+)</g)].map((match) => Number(match[1]))
      objects.set(key, Buffer.concat(numbers.map((number) => parts.get(number)!)))
      uploads.delete(uploadId!)
      return send(response, 200, '<R><ETag>"x"</ETag></R>')
    }
    default:
      if (uploadId === null) objects.delete(key)
      else uploads.delete(uploadId)
      return send(response, 204, '')
  }
}

function get(request: IncomingMessage, response: ServerResponse, bytes: Buffer | undefined): ServerResponse {
  if (bytes === undefined) return fail(response, 404, 'NoSuchKey')
  const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '')
  if (range === null) return send(response, 200, bytes)
  if (Number(range[1]) >= bytes.length) return fail(response, 416, 'InvalidRange')
  return send(response, 206, bytes.subarray(Number(range[1]), Number(range[2]) + 1))
}

/** Three keys a page, so that paging is used. */
function list(
  response: ServerResponse,
  query: URLSearchParams,
  objects: Map<string, Buffer>,
): ServerResponse {
  const after = query.get('continuation-token') ?? ''
  const keys = [...objects.keys()]
    .filter((key) => key.startsWith(query.get('prefix') ?? '') && key > after)
    .sort()
  const page = keys.slice(0, 3)
  const more = keys.length > 3
  const next = more ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : ''
  const found = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')
  return send(response, 200, `<R><IsTruncated>${more}</IsTruncated>${next}${found}</R>`)
}

function fail(response: ServerResponse, status: number, code: string): ServerResponse {
  return send(response, status, `<Error><Code>${code}</Code></Error>`)
}

function send(response: ServerResponse, status: number, body: string | Buffer, headers = {}): ServerResponse {
  return response.writeHead(status, headers).end(body)
}

function signatureFault(request: IncomingMessage, body: Buffer): string | undefined {
  const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
    request.headers.authorization ?? '',
  )
  if (found === null) return 'AccessDenied'
  const [, credential, signedHeaders, signature] = found
  const [id, day, region, service, end] = credential!.split('/')
  if (id !== ACCESS.accessKeyId) return 'InvalidAccessKeyId'
  const digest = createHash('sha256').update(body).digest('hex')
  if (request.headers['x-amz-content-sha256'] !== digest) return 'XAmzContentSHA256Mismatch'
  for (const name of ['host', 'x-amz-date', 'x-amz-content-sha256'])
    if (!signedHeaders!.split(';').includes(name)) return 'AccessDenied'
  const url = new URL(request.url!, 'http://s3')
  const encode = (text: string): string =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  const query = [...url.searchParams]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join('&')
  const headers = signedHeaders!
    .split(';')
    .map((name) => `${name}:${String(request.headers[name]).trim()}\n`)
    .join('')
  const canonical = [request.method, url.pathname, query, headers, signedHeaders, digest].join('\n')
  const scope = [day, region, service, end].join('/')
  const toSign = [
    'AWS4-HMAC-SHA256',
    request.headers['x-amz-date'],
    scope,
    createHash('sha256').update(canonical).digest('hex'),
  ].join('\n')
  const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()
  const key = [day, region, service, end].reduce<string | Buffer>(
    (k, part) => mac(k, part!),
    `AWS4${ACCESS.secretAccessKey}`,
  )
  return mac(key, toSign).toString('hex') === signature ? undefined : 'SignatureDoesNotMatch'
}
