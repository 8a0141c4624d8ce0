import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import type { BlobConfig } from '../config.ts'
import { AvouchError, type ErrorCode } from '../errors.ts'

export type S3Config = Extract<BlobConfig, { kind: 's3' }>

export type S3Request = {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD'
  /** Absent for the bucket itself. */
  key?: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: Uint8Array | string
  /** Statuses that are an answer and not a failure, besides 2xx. */
  expect?: number[]
}

/** Sends one signed request (AWS Signature Version 4, path style), again after a refusal that may pass. */
export type S3Client = (request: S3Request) => Promise<Response>

const TRIES = 4
const TIMEOUT_MS = 60_000
const ERROR_BYTES = 64 * 1024

export function s3Client(config: S3Config): S3Client {
  const base = `${config.endpoint.replace(/\/+$/, '')}/${config.bucket}`
  return async (request) => {
    for (let attempt = 1; ; attempt++) {
      const answer = await send(config, base, request).catch((error: unknown) => error)
      const isResponse = answer instanceof Response
      if (isResponse && (answer.ok || request.expect?.includes(answer.status))) return answer
      const passing = !isResponse || answer.status >= 500 || answer.status === 429 || answer.status === 409
      if (!passing || attempt === TRIES || (isResponse && answer.status === 501))
        throw isResponse ? await refusal(answer, config, request) : unreachable(answer, config)
      if (isResponse) await answer.body?.cancel()
      await sleep(100 * 2 ** attempt * (0.5 + Math.random()))
    }
  }
}

async function send(config: S3Config, base: string, request: S3Request): Promise<Response> {
  const url = new URL(request.key === undefined ? base : `${base}/${request.key}`)
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value)
  const body = request.body ?? ''
  const signed = await new AwsV4Signer({
    method: request.method,
    url: url.href,
    headers: { ...request.headers, 'x-amz-content-sha256': createHash('sha256').update(body).digest('hex') },
    accessKeyId: config.accessKeyId,
    secretAccessKey: config.secretAccessKey,
    region: config.region,
    service: 's3',
  }).sign()
  return fetch(signed.url, {
    method: signed.method,
    headers: signed.headers,
    body: request.body === undefined ? undefined : Buffer.from(request.body),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
}

const MEANINGS: Record<number, [ErrorCode, string]> = {
  400: ['config', 'Check endpoint, bucket and region.'],
  401: ['config', 'Correct AVOUCH_S3_ACCESS_KEY_ID and AVOUCH_S3_SECRET_ACCESS_KEY.'],
  403: ['config', 'Correct the access key, or allow it to read, write, list and delete in this bucket.'],
  404: ['config', 'Create the bucket, or correct AVOUCH_S3_BUCKET.'],
  507: ['disk', 'The store is full: free space on it.'],
}

async function refusal(answer: Response, config: S3Config, request: S3Request): Promise<AvouchError> {
  const code = xmlValue(await textOf(answer, ERROR_BYTES), 'Code')
  const [kind, fix] = MEANINGS[answer.status] ?? ['network', 'Check the store; "avouch doctor" looks closer.']
  return new AvouchError(kind, `S3 answered ${answer.status}${code ? ` ${code}` : ''} to ${request.method}`, {
    where: `${config.endpoint}/${config.bucket}${request.key === undefined ? '' : `/${request.key}`}`,
    fix,
  })
}

function unreachable(cause: unknown, config: S3Config): AvouchError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? `: ${cause.cause.message}` : ''
  return new AvouchError(
    'network',
    `S3 cannot be reached: ${cause instanceof Error ? cause.message : cause}${inner}`,
    {
      where: config.endpoint,
      fix: 'Check AVOUCH_S3_ENDPOINT and the network.',
      cause,
    },
  )
}

/** The body as text. Throws `network` beyond `limit` bytes. */
export async function textOf(answer: Response, limit: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of answer.body ?? []) {
    size += chunk.length
    if (size > limit) throw new AvouchError('network', `S3 answered with more than ${limit} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** The text of the first element of that name; S3 answers in small, flat XML. */
export function xmlValue(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
}
