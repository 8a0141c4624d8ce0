import { describe, expect, it } from 'vitest'
import type { Act } from '../source.ts'
import { mappingSchema } from '../taking/mapping.ts'
import { isTaken, Resolver, type TakenEvent } from '../taking/resolve.ts'
import { Sessions } from '../taking/sessions.ts'
import cloudtrail from './cloudtrail.ts'

const MIB = 2 ** 20
const mapping = mappingSchema.parse({
  models: [
    {
      model: 'example-model@1.0',
      objects: [
        { at: 's3://example-weights/one.safetensors', bytes: 10 * MIB },
        { at: 's3://example-weights/two.safetensors', bytes: 5 * MIB + 1 },
        { at: 's3://example-weights/*.json' },
      ],
      keys: ['arn:aws:kms:eu-west-1:111122223333:key/example'],
    },
    { model: 'example-other@2', objects: [{ at: 's3://example-weights/other/a.bin', bytes: MIB }] },
  ],
  principals: [
    { id: 'person-1', role: 'research', team: 'a', names: ['arn:aws:iam::111122223333:user/one'] },
    { id: 'session-$1', names: ['arn:aws:sts::111122223333:assumed-role/Research/*'] },
    { id: 'serving', kind: 'workload', names: ['arn:aws:iam::111122223333:role/Serving'] },
  ],
  environments: [{ environment: 'cluster', addresses: ['10.1.0.0/16'], networks: ['vpce-serving'] }],
})

let made = 0
function record(eventName: string, over: Record<string, unknown> = {}): Record<string, unknown> {
  made++
  return {
    eventVersion: '1.11',
    eventID: `event-${made}`,
    eventTime: '2026-01-05T09:00:00Z',
    eventSource: 's3.amazonaws.com',
    eventName,
    sourceIPAddress: '198.51.100.7',
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/one', accessKeyId: 'EXAMPLEKEY' },
    requestParameters: { bucketName: 'example-weights', key: 'two.safetensors' },
    additionalEventData: { bytesTransferredOut: 5 * MIB + 1, SSEApplied: 'SSE_KMS' },
    ...over,
  }
}

function reading(options = { storageDecrypts: false }) {
  const reader = cloudtrail.open({ ...options, sessions: new Sessions() })
  const resolver = new Resolver(mapping)
  return (one: Record<string, unknown>): TakenEvent => {
    const act = reader.read(one)
    if (act.kind !== 'act') throw new Error(`${JSON.stringify(act)} is no act`)
    const taken = resolver.act(act)
    if (!isTaken(taken)) throw new Error(taken.why)
    return taken
  }
}
const take = (one: Record<string, unknown>) => reading()(one)
const asideOf = (one: Record<string, unknown>) =>
  cloudtrail.open({ storageDecrypts: false, sessions: new Sessions() }).read(one)

describe('CloudTrail', () => {
  it('tells a whole read, with segments counted through the objects of the model', () => {
    const { event, told, within, encryption, unmapped } = take(record('GetObject'))
    expect(event).toEqual({
      time: '2026-01-05T09:00:00.000Z',
      ...{ person: 'person-1', role: 'research', team: 'a', action: 'read', model: 'example-model@1.0' },
      ...{
        segments: [10, 15],
        bytes: 5 * MIB + 1,
        host: '198.51.100.7',
        sink: '198.51.100.7',
        outcome: 'ok',
      },
    })
    expect({ told, within, encryption, unmapped }).toEqual({
      ...{ told: 'whole', within: [10, 15], encryption: 'SSE_KMS', unmapped: false },
    })
  })

  it('makes up no segments for a part that nobody tells, and takes those of a range', () => {
    const part = take(record('GetObject', { additionalEventData: { bytesTransferredOut: 1000 } }))
    expect(part).toMatchObject({ told: 'part', within: [10, 15], event: { bytes: 1000 } })
    expect(part.event.segments).toBeUndefined()
    const ranged = (range: string): TakenEvent =>
      take(
        record('GetObject', {
          requestParameters: { bucketName: 'example-weights', key: 'two.safetensors', range },
          additionalEventData: { bytesTransferredOut: 8 },
        }),
      )
    expect(ranged(`bytes=${MIB}-${2 * MIB}`)).toMatchObject({ told: 'range', event: { segments: [11, 12] } })
    expect(ranged('bytes=-1').event.segments).toEqual([15, 15])
    expect(ranged(`bytes=${5 * MIB}-`).event.segments).toEqual([15, 15])
    expect(ranged('bytes=99999999-').told).toBe('part')
    expect(take(record('GetObject', { additionalEventData: null }))).toMatchObject({
      ...{ told: 'untold', event: { segments: [10, 15] } },
    })
    const unsized = { bucketName: 'example-weights', key: 'config.json' }
    expect(take(record('GetObject', { requestParameters: unsized })).event.segments).toBeUndefined()
  })

  it('tells refusals, and reads nothing by them', () => {
    const refused = take(record('GetObject', { errorCode: 'AccessDenied' }))
    expect(refused.event).toMatchObject({ action: 'read', outcome: 'denied', model: 'example-model@1.0' })
    expect(refused.event.bytes ?? refused.event.segments ?? refused.told).toBeUndefined()
    expect(take(record('GetObject', { errorCode: 'NoSuchKey' })).event.outcome).toBe('failed')
  })

  it('tells lists of one model, or of several', () => {
    const list = (prefix: string) =>
      take(record('ListObjects', { requestParameters: { bucketName: 'example-weights', prefix } })).event
    expect(list('other/')).toMatchObject({ action: 'list', model: 'example-other@2' })
    expect(list('').model).toBeUndefined()
    expect(take(record('HeadObject')).event).toMatchObject({ action: 'list', model: 'example-model@1.0' })
  })

  it('takes a copy out of the mapped buckets for an export, and one within them for a read', () => {
    const copy = (bucketName: string, more = {}) =>
      take(
        record('CopyObject', {
          requestParameters: {
            ...{ bucketName, key: 'mine/copy' },
            'x-amz-copy-source': '/example-weights/one.safetensors?versionId=abc',
            ...more,
          },
          additionalEventData: {},
        }),
      ).event
    expect(copy('elsewhere')).toMatchObject({
      action: 'export',
      sink: 's3://elsewhere/mine',
      segments: [0, 9],
    })
    expect(copy('example-weights').action).toBe('read')
    expect(copy('elsewhere', { 'x-amz-copy-source-range': 'bytes=0-10' }).segments).toEqual([0, 0])
  })

  it('resolves a session to whoever assumed it, through roles that assume roles', () => {
    const one = reading()
    const assume = (by: Record<string, unknown>, accessKeyId: string): Record<string, unknown> =>
      record('AssumeRole', {
        ...{
          eventSource: 'sts.amazonaws.com',
          userIdentity: by,
          requestParameters: {},
          additionalEventData: null,
        },
        responseElements: { credentials: { accessKeyId } },
      })
    const session = (accessKeyId: string, name = 'x'): Record<string, unknown> => ({
      type: 'AssumedRole',
      arn: `arn:aws:sts::111122223333:assumed-role/Research/${name}`,
      accessKeyId,
      sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/Research' } },
    })
    const user = { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/one', accessKeyId: 'LONG' }
    expect(one(assume(user, 'FIRST')).event).toMatchObject({ action: 'login', person: 'person-1' })
    one(assume(session('FIRST'), 'SECOND'))
    expect(one(record('GetObject', { userIdentity: session('SECOND') })).event.person).toBe('person-1')
    // nobody is known to have assumed this one: its session's name is all there is
    expect(one(record('GetObject', { userIdentity: session('THIRD', 'seven') })).event.person).toBe(
      'session-seven',
    )
    const role = {
      type: 'AssumedRole',
      arn: 'arn:aws:sts::111122223333:assumed-role/Serving/i-0example',
      sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/Serving' } },
    }
    expect(one(record('GetObject', { userIdentity: role }))).toMatchObject({
      workload: true,
      event: { person: 'serving' },
    })
    expect(asideOf(assume({ type: 'AWSService', invokedBy: 'ec2.amazonaws.com' }, 'X'))).toMatchObject({
      why: 'other',
    })
  })

  it('takes acts of people nobody mapped under the name of the log', () => {
    const anonymous = { type: 'AWSAccount', principalId: '', accountId: 'ANONYMOUS_PRINCIPAL' }
    expect(take(record('GetObject', { userIdentity: anonymous }))).toMatchObject({
      ...{ unmapped: true, event: { person: 'unmapped:ANONYMOUS_PRINCIPAL' } },
    })
    const long = { type: 'AssumedRole', arn: `arn:${'x'.repeat(2000)}` }
    expect(take(record('GetObject', { userIdentity: long })).event.person).toHaveLength(200)
  })

  it('knows environments by network, then by address', () => {
    expect(take(record('GetObject', { sourceIPAddress: '10.1.2.3' })).event).toMatchObject({
      ...{ environment: 'cluster', sink: 'cluster', host: '10.1.2.3' },
    })
    expect(take(record('GetObject', { vpcEndpointId: 'vpce-serving' })).event.environment).toBe('cluster')
  })

  it('tells uses of keys, without bytes, and leaves those of the storage itself to its own log', () => {
    const decrypt = (context: Record<string, string>) =>
      record('Decrypt', {
        eventSource: 'kms.amazonaws.com',
        requestParameters: { encryptionContext: context },
        resources: [{ ARN: 'arn:aws:kms:eu-west-1:111122223333:key/example', type: 'AWS::KMS::Key' }],
      })
    const { event, told } = take(decrypt({}))
    expect(event).toMatchObject({ action: 'read', model: 'example-model@1.0' })
    expect([told, event.segments, event.sink]).toEqual(['key', undefined, undefined])
    const own = decrypt({ 'aws:s3:arn': 'arn:aws:s3:::example-weights' })
    expect(asideOf(own)).toEqual({ kind: 'aside', why: 'echo' })
    expect(reading({ storageDecrypts: true })(own).told).toBe('key')
    expect(asideOf(record('GenerateDataKey', { eventSource: 'kms.amazonaws.com' }))).toMatchObject({
      why: 'write',
    })
  })

  it('counts one act in two accounts once, and sets aside what says nothing of weights', () => {
    const shared = asideOf(record('GetObject', { sharedEventID: 'shared' })) as Act
    expect(shared.id).toBe('shared')
    expect(asideOf(record('PutObject'))).toEqual({ kind: 'aside', why: 'write' })
    expect(asideOf(record('RunInstances', { eventSource: 'ec2.amazonaws.com' }))).toEqual({
      kind: 'aside',
      why: 'other',
    })
    expect(asideOf(record('GetObject', { eventTime: 'yesterday' }))).toMatchObject({ field: 'eventTime' })
    expect(asideOf(record('GetObject', { eventID: undefined }))).toMatchObject({ field: 'eventID' })
    expect(asideOf(record('GetObject', { requestParameters: null }))).toMatchObject({ kind: 'malformed' })
  })
})
