import { describe, expect, it } from 'vitest'
import type { SourceRecord } from '../source.ts'
import { mappingSchema } from '../taking/mapping.ts'
import { isTaken, Resolver, type TakenEvent } from '../taking/resolve.ts'
import { Sessions } from '../taking/sessions.ts'
import gcp from './gcp.ts'

const KEY = 'projects/example/locations/europe/keyRings/weights/cryptoKeys/example'
const mapping = mappingSchema.parse({
  models: [
    {
      model: 'example-model@1.0',
      objects: [{ at: 'gs://example-weights/model/a.safetensors', bytes: 3_000_000 }],
      keys: [KEY],
    },
  ],
  principals: [
    { id: 'person-1', names: ['one@company.example'] },
    { id: 'serving', kind: 'workload', names: ['serving@example.iam.gserviceaccount.com'] },
  ],
  environments: [{ environment: 'cluster', networks: ['//compute.googleapis.com/projects/example/*'] }],
})

function entry(
  methodName: string,
  payload: Record<string, unknown> = {},
  over: Record<string, unknown> = {},
) {
  return {
    insertId: 'a1',
    logName: 'projects/example/logs/cloudaudit.googleapis.com%2Fdata_access',
    timestamp: '2026-01-05T09:00:00.918318174Z',
    protoPayload: {
      '@type': 'type.googleapis.com/google.cloud.audit.AuditLog',
      status: {},
      authenticationInfo: { principalEmail: 'one@company.example' },
      requestMetadata: { callerIp: '198.51.100.7' },
      serviceName: 'storage.googleapis.com',
      methodName,
      resourceName: 'projects/_/buckets/example-weights/objects/model/a.safetensors',
      ...payload,
    },
    ...over,
  }
}

const read = (one: Record<string, unknown>, storageDecrypts = false): SourceRecord =>
  gcp.open({ storageDecrypts, sessions: new Sessions() }).read(one)
function take(one: Record<string, unknown>): TakenEvent {
  const act = read(one)
  if (act.kind !== 'act') throw new Error(JSON.stringify(act))
  const taken = new Resolver(mapping).act(act)
  if (!isTaken(taken)) throw new Error(taken.why)
  return taken
}

describe('Google Cloud Audit Logs', () => {
  it('tell a read without bytes, which counts as of the whole object', () => {
    const { event, told } = take(entry('storage.objects.get'))
    expect(event).toEqual({
      ...{ time: '2026-01-05T09:00:00.918Z', person: 'person-1', action: 'read', model: 'example-model@1.0' },
      ...{ segments: [0, 2], host: '198.51.100.7', sink: '198.51.100.7', outcome: 'ok' },
    })
    expect(told).toBe('untold')
  })

  it('tell who acts through a service account', () => {
    const through = {
      principalEmail: 'serving@example.iam.gserviceaccount.com',
      serviceAccountDelegationInfo: [{ firstPartyPrincipal: { principalEmail: 'one@company.example' } }],
    }
    expect(take(entry('storage.objects.get', { authenticationInfo: through })).event.person).toBe('person-1')
    const itself = { principalEmail: 'serving@example.iam.gserviceaccount.com' }
    expect(take(entry('storage.objects.get', { authenticationInfo: itself }))).toMatchObject({
      ...{ workload: true, event: { person: 'serving' } },
    })
    expect(take(entry('storage.objects.get', { authenticationInfo: {} })).event.person).toBe(
      'unmapped:nameless',
    )
  })

  it('tell refusals, lists and networks', () => {
    const refused = take(entry('storage.objects.get', { status: { code: 7 } }))
    expect(refused.event).toMatchObject({ outcome: 'denied' })
    expect(refused.event.segments).toBeUndefined()
    expect(take(entry('storage.objects.get', { status: { code: 5 } })).event.outcome).toBe('failed')
    const list = entry('storage.objects.list', { resourceName: 'projects/_/buckets/example-weights' })
    expect(take(list).event).toMatchObject({ action: 'list', model: 'example-model@1.0' })
    const callerNetwork = '//compute.googleapis.com/projects/example/global/networks/prod'
    const inside = take(
      entry('storage.objects.get', { requestMetadata: { callerIp: 'gce-internal-ip', callerNetwork } }),
    )
    expect(inside.event).toMatchObject({ environment: 'cluster', sink: 'cluster', host: 'gce-internal-ip' })
  })

  it('tell uses of a key by any of its versions, and leave those of the storage itself aside', () => {
    const kms = { serviceName: 'cloudkms.googleapis.com', resourceName: `${KEY}/cryptoKeyVersions/3` }
    expect(take(entry('Decrypt', kms))).toMatchObject({ told: 'key', event: { model: 'example-model@1.0' } })
    const agent = {
      ...kms,
      authenticationInfo: { principalEmail: 'service-1@gs-project-accounts.iam.gserviceaccount.com' },
    }
    expect(read(entry('Decrypt', agent))).toEqual({ kind: 'aside', why: 'echo' })
    expect(read(entry('Decrypt', agent), true).kind).toBe('act')
    expect(read(entry('Encrypt', kms))).toEqual({ kind: 'aside', why: 'write' })
  })

  it('set aside what says nothing of weights, and what is no entry', () => {
    expect(read(entry('storage.objects.create'))).toEqual({ kind: 'aside', why: 'write' })
    expect(read(entry('storage.buckets.get'))).toEqual({ kind: 'aside', why: 'other' })
    expect(read({ logName: 'projects/example/logs/stdout', textPayload: 'x' })).toEqual({
      kind: 'aside',
      why: 'other',
    })
    expect(read(entry('storage.objects.get', { resourceName: 'nothing' }))).toMatchObject({
      field: 'resourceName',
    })
    expect(read(entry('storage.objects.get', {}, { insertId: 5 }))).toMatchObject({ field: 'insertId' })
    expect(read({})).toMatchObject({ field: 'protoPayload' })
    const twice = [entry('storage.objects.get'), entry('storage.objects.get')].map((one) => read(one))
    expect(twice[0]).toEqual(twice[1])
  })
})
