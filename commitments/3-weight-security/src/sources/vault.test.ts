import { describe, expect, it } from 'vitest'
import { mappingSchema } from '../taking/mapping.ts'
import { isTaken, Resolver, type TakenEvent } from '../taking/resolve.ts'
import { Sessions } from '../taking/sessions.ts'
import vault from './vault.ts'

const mapping = mappingSchema.parse({
  models: [
    {
      model: 'example-model@1.0',
      keys: [
        'vault://transit/*/example',
        'vault://team/secret/data/weights/*',
        'vault://secret/metadata/weights/',
      ],
    },
  ],
  principals: [
    { id: 'person-1', names: ['entity-1'] },
    { id: 'ldap-$1', names: ['ldap-*'] },
    { id: 'job', kind: 'workload', names: ['hmac-sha256:accessor'] },
  ],
})

function entry(
  request: Record<string, unknown>,
  over: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    time: '2026-01-05T09:00:00.292517123Z',
    type: 'response',
    auth: {
      ...{ accessor: 'hmac-sha256:accessor', client_token: 'hmac-sha256:token', display_name: 'ldap-one' },
      ...{ entity_id: 'entity-1', policies: ['default'], metadata: { username: 'one' } },
    },
    request: {
      ...{ id: 'r1', operation: 'update', mount_point: 'transit/', mount_type: 'transit' },
      ...{ path: 'transit/decrypt/example', remote_address: '198.51.100.7', namespace: { id: 'root' } },
      data: { ciphertext: 'hmac-sha256:x' },
      ...request,
    },
    response: { data: { plaintext: 'hmac-sha256:y' } },
    ...over,
  }
}

const read = (given: Record<string, unknown>) =>
  vault.open({ storageDecrypts: false, sessions: new Sessions() }).read(given)
function take(given: Record<string, unknown>): TakenEvent {
  const act = read(given)
  if (act.kind !== 'act') throw new Error(JSON.stringify(act))
  const taken = new Resolver(mapping).act(act)
  if (!isTaken(taken)) throw new Error(taken.why)
  return taken
}
const secret = { mount_point: 'secret/', mount_type: 'kv', namespace: { id: 'n', path: 'team/' } }

describe("Vault's audit log", () => {
  it('tells uses of a key, without bytes', () => {
    const { event, told } = take(entry({}))
    expect(event).toEqual({
      ...{ time: '2026-01-05T09:00:00.292Z', person: 'person-1', action: 'read', model: 'example-model@1.0' },
      ...{ host: '198.51.100.7', outcome: 'ok' },
    })
    expect(told).toBe('key')
    expect(
      take(entry({ path: 'transit/export/encryption-key/example', mount_type: 'transit' })).event.action,
    ).toBe('export')
  })

  it('tells reads of secrets by their namespace', () => {
    const path = 'secret/data/weights/example'
    expect(take(entry({ ...secret, path, operation: 'read' })).event.model).toBe('example-model@1.0')
    const list = {
      mount_point: 'secret/',
      mount_type: 'kv',
      path: 'secret/metadata/weights/',
      operation: 'list',
    }
    expect(take(entry(list)).event.action).toBe('list')
    expect(read(entry({ ...secret, path, operation: 'update' }))).toEqual({ kind: 'aside', why: 'write' })
  })

  it('tells people by entity, display name or the accessor of their token', () => {
    expect(take(entry({}, { auth: { display_name: 'ldap-seven' } })).event.person).toBe('ldap-seven')
    const hashed = { display_name: 'hmac-sha256:name', accessor: 'hmac-sha256:accessor' }
    expect(take(entry({}, { auth: hashed }))).toMatchObject({ workload: true, event: { person: 'job' } })
    const login = entry(
      { path: 'auth/ldap/login/one', mount_point: 'auth/ldap/', mount_type: 'ldap' },
      { auth: null, response: { auth: { entity_id: 'entity-1', display_name: 'ldap-one' } } },
    )
    expect(take(login).event).toMatchObject({ action: 'login', person: 'person-1' })
  })

  it('reads answers, and requests only where they were refused', () => {
    expect(read(entry({}, { type: 'request' }))).toEqual({ kind: 'aside', why: 'echo' })
    const error = '1 error occurred:\n\t* permission denied\n\n'
    for (const type of ['request', 'response'])
      expect(take(entry({}, { type, error }))).toMatchObject({ id: 'r1', event: { outcome: 'denied' } })
    expect(take(entry({}, { error: 'internal error' })).event.outcome).toBe('failed')
  })

  it('sets aside the rest, and what is no entry', () => {
    expect(read(entry({ path: 'sys/health' }))).toEqual({ kind: 'aside', why: 'other' })
    expect(read(entry({ path: 'transit/encrypt/example' }))).toEqual({ kind: 'aside', why: 'write' })
    expect(read(entry({ id: undefined }))).toMatchObject({ field: 'request.id' })
    expect(read(entry({ path: 7 }))).toMatchObject({ field: 'request.path' })
    expect(read(entry({}, { time: 'now' }))).toMatchObject({ field: 'time' })
    expect(read({ type: 'other' })).toMatchObject({ field: 'type' })
  })
})
