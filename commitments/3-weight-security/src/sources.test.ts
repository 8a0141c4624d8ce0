import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { weightEventSchema } from './event.ts'
import type { Source } from './source.ts'
import { loadSources, sourceOf } from './sources.ts'
import { COUNTS } from './taking/counts.ts'
import { EXAMPLE } from './taking/example.ts'
import { mappingSchema } from './taking/mapping.ts'
import { type Batch, Taking } from './taking/take.ts'

/** Records that are nearly right: known fields, any of them replaced by anything. */
const SEEDS: Record<string, unknown[]> = {
  cloudtrail: ['GetObject', 'CopyObject', 'ListObjects', 'Decrypt', 'AssumeRole', 'ConsoleLogin'].map(
    (eventName, n) => ({
      ...{ eventName, eventID: `e${n}`, eventTime: '2026-01-05T09:00:00Z', sourceIPAddress: '10.1.0.1' },
      eventSource: ['s3', 's3', 's3', 'kms', 'sts', 'signin'][n]!.concat('.amazonaws.com'),
      userIdentity: { arn: 'arn:aws:iam::111122223333:user/example-researcher', accessKeyId: 'K' },
      requestParameters: {
        ...{ bucketName: 'example-weights', prefix: 'example-model/', range: 'bytes=0-99' },
        key: 'example-model/1.0/model-00001-of-00002.safetensors',
        'x-amz-copy-source': 'example-weights/example-model/1.0/model-00001-of-00002.safetensors',
      },
      additionalEventData: { bytesTransferredOut: 100 },
      responseElements: { credentials: { accessKeyId: 'K2' }, ConsoleLogin: 'Success' },
      resources: [{ ARN: 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000000' }],
    }),
  ),
  gcp: ['storage.objects.get', 'storage.objects.list', 'Decrypt'].map((methodName, n) => ({
    ...{
      insertId: `i${n}`,
      timestamp: '2026-01-05T09:00:00Z',
      logName: 'projects/x/logs/cloudaudit.googleapis.com%2Fx',
    },
    protoPayload: {
      ...{ methodName, serviceName: n === 2 ? 'cloudkms.googleapis.com' : 'storage.googleapis.com' },
      authenticationInfo: { principalEmail: 'researcher-17@company.example' },
      requestMetadata: { callerIp: '10.1.0.1' },
      resourceName:
        n === 2
          ? EXAMPLE.models![0]!.keys![1]
          : 'projects/_/buckets/example-weights/objects/example-model/1.0/x',
    },
  })),
  okta: ['user.session.start', 'group.user_membership.add', 'user.lifecycle.deactivate'].map(
    (eventType, n) => ({
      ...{ uuid: `u${n}`, published: '2026-01-05T09:00:00Z', eventType, outcome: { result: 'SUCCESS' } },
      actor: { id: 'a', alternateId: 'researcher-17@company.example' },
      target: [
        { type: 'User', alternateId: 'researcher-17@company.example' },
        { type: 'UserGroup', displayName: 'weights-readers' },
      ],
      client: { ipAddress: '203.0.113.9' },
    }),
  ),
  vault: ['transit/decrypt/example-model', 'secret/data/weights/example-model', 'auth/ldap/login/x'].map(
    (path, n) => ({
      ...{
        type: 'response',
        time: '2026-01-05T09:00:00Z',
        auth: { display_name: 'x@research.company.example' },
      },
      request: {
        ...{ path, id: `r${n}`, operation: n === 1 ? 'read' : 'update' },
        mount_point: `${path.split('/')[0]}/`,
      },
    }),
  ),
}

const anything = fc.anything({ maxDepth: 3, withNullPrototype: false, withDate: false, withBigInt: false })
/** Texts that have broken readers before, beside any other. */
const nasty = fc.constantFrom(
  '__proto__',
  'bytes=99999999999999999-',
  '%E0%A4%A',
  '',
  '/',
  '../..',
  '$1',
  '*'.repeat(500),
)

/** The same with one field, anywhere in it, replaced. */
function spoiled(seed: unknown): fc.Arbitrary<unknown> {
  const paths: string[][] = []
  const walk = (value: unknown, path: string[]): void => {
    if (path.length > 0) paths.push(path)
    if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key])
  }
  walk(seed, [])
  return fc.tuple(fc.constantFrom(...paths), fc.oneof(nasty, fc.string(), anything)).map(([path, value]) => {
    const copy = structuredClone(seed) as Record<string, unknown>
    let at = copy
    for (const key of path.slice(0, -1)) at = at[key] as Record<string, unknown>
    at[path.at(-1)!] = value
    return copy
  })
}

const mapping = mappingSchema.parse(EXAMPLE)
function takeAll(source: Source, records: unknown[]): { taking: Taking; batch: Batch } {
  const taking = new Taking(source, mapping)
  const batch: Batch = { events: [], personnel: [] }
  for (const value of records) taking.take({ value: value as Record<string, unknown> }, batch)
  return { taking, batch }
}

describe('sources', () => {
  it('are the files of the folder, and the example is a mapping', async () => {
    expect((await loadSources()).map(({ kind }) => kind)).toEqual(['cloudtrail', 'gcp', 'okta', 'vault'])
    await expect(sourceOf('syslog')).rejects.toMatchObject({ code: 'usage' })
  })

  it('take every seed that the example maps', async () => {
    for (const source of await loadSources()) {
      const { taking } = takeAll(source, SEEDS[source.kind]!)
      expect(taking.counts.of.malformed).toBe(0)
      expect(taking.counts.of.taken + taking.counts.of.personnel).toBeGreaterThan(1)
    }
  })

  it('never throw, whatever stands in a record; count each once, and make events that hold', async () => {
    for (const source of await loadSources()) {
      const record = fc.oneof(anything, ...SEEDS[source.kind]!.map(spoiled))
      fc.assert(
        fc.property(fc.array(record, { maxLength: 6 }), (records) => {
          const { taking, batch } = takeAll(source, records)
          expect(COUNTS.reduce((sum, count) => sum + taking.counts.of[count], 0)).toBe(records.length)
          expect(taking.counts.of.taken).toBe(batch.events.length)
          for (const { event } of batch.events)
            expect(weightEventSchema.safeParse(event).error).toBeUndefined()
        }),
        { numRuns: 120 },
      )
    }
  })
})
