import { z } from 'zod'
import type { TargetSpec } from './target.ts'

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Headers a plan may not set: they carry credentials, or belong to the connection. */
const KEPT = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'host',
  'content-length',
  'content-type',
  'transfer-encoding',
  'connection',
  'keep-alive',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'accept-encoding',
])

const pointer = z
  .string()
  .max(500)
  .regex(/^(\/([^~/]|~[01])*)*$/, 'is no JSON pointer (RFC 6901): it is empty or begins with "/"')

/** A target as a plan or the command line gives it. */
export const targetSchema = z
  .strictObject({
    adapter: z
      .enum(['openai', 'anthropic', 'http'])
      .default('openai')
      .describe('How the service is spoken to'),
    url: z
      .url({ protocol: /^https?$/, error: 'is no http or https address' })
      .max(2000)
      .refine(
        (url) => !/^[a-z]+:\/\/[^/?#]*@/i.test(url),
        'holds a name or password; name the key by keyVariable',
      )
      .describe('Base address, such as http://127.0.0.1:8080/v1'),
    model: z.string().min(1).max(200).describe('The name the service knows the model by'),
    keyVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, 'is no name of an environment variable')
      .describe('The environment variable that holds the key')
      .optional(),
    headers: z
      .record(
        z
          .string()
          .max(100)
          .regex(HEADER_NAME, 'is no header name')
          .refine(
            (name) => !KEPT.has(name.toLowerCase()),
            'is set by the adapter, or carries a credential (use keyVariable)',
          ),
        z
          .string()
          .max(1000)
          .regex(/^[\t\x20-\x7e]*$/, 'holds characters a header cannot carry'),
      )
      .refine((headers) => Object.keys(headers).length <= 32, 'has more than 32 headers')
      .optional(),
    template: z
      .strictObject({
        method: z.enum(['POST', 'GET']).optional(),
        body: z.unknown(),
        textPointer: pointer,
        errorPointer: pointer.optional(),
      })
      .optional(),
    stream: z.boolean().optional(),
    concurrency: z.int().min(1).max(1000).optional(),
    requestsPerMinute: z.number().positive().max(10_000_000).optional(),
    tokensPerMinute: z.number().positive().max(10_000_000_000).optional(),
    timeoutMs: z.int().min(1).max(3_600_000).optional(),
    maxResponseBytes: z
      .int()
      .min(1)
      .max(256 * 1024 * 1024)
      .optional(),
    maxTries: z.int().min(1).max(20).optional(),
    allowPrivate: z.boolean().optional(),
  })
  .superRefine((spec, context) => {
    if (spec.adapter === 'http' && spec.template === undefined)
      context.addIssue({
        code: 'custom',
        path: ['template'],
        message: 'is missing: the http adapter needs it',
      })
    if (spec.adapter !== 'http' && spec.template !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['template'],
        message: `belongs to the http adapter, not to ${spec.adapter}`,
      })
    if (spec.adapter === 'http' && spec.stream)
      context.addIssue({ code: 'custom', path: ['stream'], message: 'is not possible with the http adapter' })
  }) satisfies z.ZodType<TargetSpec, unknown>
