import { createHash } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import { AvouchError } from '@avouch/core/errors'
import { z } from 'zod'
import { readSmallFile } from '../commands/given.ts'

const MOST_BYTES = 64 * 2 ** 20
const name = z
  .string()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}+$/u, 'a name has no control characters')
const pattern = z
  .string()
  .min(1)
  .max(2048)
  .refine((text) => text.split('*').length <= 10, 'a pattern has at most nine stars')
const role = { role: name.optional(), team: name.optional() }

const object = z
  .strictObject({
    /** `s3://BUCKET/KEY` or `gs://BUCKET/OBJECT`; with `*` for objects whose bytes are not counted. */
    at: pattern.regex(
      /^[a-z][a-z0-9+-]*:\/\/[^/]+\/./,
      'a place is written s3://BUCKET/KEY or gs://BUCKET/OBJECT',
    ),
    /** Its size; with it, byte ranges become segments. */
    bytes: z.int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  })
  .refine(({ at, bytes }) => bytes === undefined || !at.includes('*'), {
    error: 'several objects have no size in common',
    path: ['bytes'],
  })

const model = z.strictObject({
  model: z
    .string()
    .regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, 'a model is written NAME@VERSION')
    .max(200),
  /** One segment's bytes; the last one of each object may be shorter. */
  segmentBytes: z
    .int()
    .min(4096)
    .max(2 ** 40)
    .default(1_048_576),
  /** In the order of the model: segments are counted through them. */
  objects: z.array(object).max(20_000).default([]),
  /** What opens it: keys of a key service, paths of a vault, with `*` where there are many. */
  keys: z.array(pattern).max(1000).default([]),
})

const principal = z.strictObject({
  /** Opaque, since it stands in alerts; `$1` to `$9` are what the stars of the name stood for. */
  id: name,
  kind: z.enum(['person', 'workload']).default('person'),
  ...role,
  /** What it goes by in logs: an ARN, a mail address, a session's name; with `*`. */
  names: z.array(pattern).min(1).max(200),
})

const environment = z.strictObject({
  environment: name,
  /** Addresses and subnets, such as `10.1.0.0/16`. */
  addresses: z.array(z.string().refine(isSubnet, 'is no address or subnet')).max(1000).default([]),
  /** Networks and endpoints as the log calls them. */
  networks: z.array(pattern).max(1000).default([]),
})

/** A company's own file that says what the names of its logs stand for. */
export const mappingSchema = z
  .strictObject({
    models: z.array(model).max(100).default([]),
    principals: z.array(principal).max(100_000).default([]),
    environments: z.array(environment).max(1000).default([]),
    /** Groups whose members have a role by it. */
    groups: z
      .array(z.strictObject({ names: z.array(pattern).min(1).max(200), ...role }))
      .max(1000)
      .default([]),
    storageDecrypts: z.boolean().default(false),
  })
  .superRefine(({ models, principals }, context) => {
    const stars = principals.reduce(
      (sum, { names }) => sum + names.filter((one) => one.includes('*')).length,
      0,
    )
    if (stars > 2000)
      context.addIssue({
        code: 'custom',
        message: 'principals have more than 2,000 patterns',
        path: ['principals'],
      })
    const places = models.flatMap(({ objects, keys }) => [...objects.map(({ at }) => at), ...keys])
    // each name of a log that nothing names exactly is held against all of them
    if (places.filter((one) => one.includes('*')).length > 2000)
      context.addIssue({ code: 'custom', message: 'models have more than 2,000 patterns', path: ['models'] })
    const seen = new Set<string>()
    for (const [n, { model: named, objects }] of models.entries()) {
      if (seen.has(named))
        context.addIssue({ code: 'custom', message: 'is there twice', path: ['models', n, 'model'] })
      seen.add(named)
      for (const [m, { at }] of objects.entries()) {
        if (seen.has(at))
          context.addIssue({
            code: 'custom',
            message: 'is there twice',
            path: ['models', n, 'objects', m, 'at'],
          })
        seen.add(at)
      }
    }
  })
export type Mapping = z.infer<typeof mappingSchema>

/** A mapping with what identifies it: the SHA-256 (hex) of its file. */
export type ReadMapping = { mapping: Mapping; digest: string }

/** Reads a mapping from a file of JSON. Throws `input` with what is wrong and where. */
export async function readMapping(path: string): Promise<ReadMapping> {
  const bytes = await readSmallFile(path, '--mapping', MOST_BYTES)
  let value: unknown
  try {
    value = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new AvouchError('input', 'the mapping is no JSON', {
      where: path,
      fix: 'Correct it as JSON.',
      cause,
    })
  }
  const parsed = mappingSchema.safeParse(value)
  if (parsed.success)
    return { mapping: parsed.data, digest: createHash('sha256').update(bytes).digest('hex') }
  const told = parsed.error.issues
    .slice(0, 5)
    .map(({ path: where, message }) => `${where.join('.') || 'the whole'}: ${message}`)
  throw new AvouchError('input', `the mapping does not hold: ${told.join('; ')}`, {
    where: path,
    fix: '`avouch weights sources --example` prints one.',
  })
}

function isSubnet(text: string): boolean {
  try {
    addSubnet(new BlockList(), text)
    return true
  } catch {
    return false
  }
}

/** Adds an address or a subnet. Throws where it is none. */
export function addSubnet(list: BlockList, text: string): void {
  const [address, prefix, ...more] = text.split('/')
  const version = isIP(address!)
  if (version === 0 || more.length > 0) throw new Error('no address')
  const family = version === 4 ? 'ipv4' : 'ipv6'
  if (prefix === undefined) list.addAddress(address!, family)
  else if (/^\d{1,3}$/.test(prefix)) list.addSubnet(address!, Number(prefix), family)
  else throw new Error('no subnet')
}
