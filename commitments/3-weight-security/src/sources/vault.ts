import { momentOf } from '../intake/moment.ts'
import type { Act, Source, SourceRecord } from '../source.ts'
import { at, namesOf, textAt } from '../taking/field.ts'

const LOGIN = /^auth\/(?:.+\/)?(login|callback|oidc\/callback)(\/|$)/
const HASHED = /^hmac-sha256:/
/** What an engine's path does; everything else of an engine of secrets goes by its operation. */
const TRANSIT: [RegExp, Act['action'] | 'write'][] = [
  [/^(decrypt|datakey\/plaintext|derived-keys)\//, 'read'],
  [/^(export|byok-export|backup)\//, 'export'],
  [/^keys(\/|$)/, 'list'],
]
const WRITES = new Set(['create', 'update', 'patch', 'delete'])

/**
 * The audit log of HashiCorp Vault (and of OpenBao, which writes the same): one JSON document to a line, by a file, socket
 * or syslog device.
 *
 * Fields: "Audit log entry schema" (developer.hashicorp.com/vault/docs/audit/schema) and the types of `audit/types.go`:
 * `type`, `time`, `error`, `auth` with `display_name`, `entity_id`, `metadata`, `accessor`; `request` with `id`,
 * `operation`, `path`, `mount_point`, `mount_type`, `namespace`, `remote_address`. Values of requests and answers stand as
 * `hmac-sha256:…`; paths, display names and entities do not. Every request has two entries of one `request.id`: the
 * answer is read, and a request by itself only where it was refused.
 *
 * Paths are named `vault://NAMESPACE/PATH`. Decrypting by a transit key, exporting one, or reading a secret is a use of a
 * key: Vault moves no weights and knows no bytes of them.
 */
const vault: Source = {
  kind: 'vault',
  title: 'HashiCorp Vault audit log',
  reads: 'logins, transit/decrypt and exports of keys, reads and lists of secret paths, refusals',
  blind: 'Which weights a key opened afterwards, and how much of them.',
  open() {
    return {
      read(record) {
        const type = textAt(record, 'type')
        if (type !== 'request' && type !== 'response')
          return { kind: 'malformed', field: 'type', why: 'is neither request nor response' }
        const error = textAt(record, 'error')
        if (type === 'request' && error === undefined) return { kind: 'aside', why: 'echo' }
        const request = at(record, 'request')
        const id = textAt(request, 'id')
        if (id === undefined) return { kind: 'malformed', field: 'request.id', why: 'is missing or no text' }
        const time = momentOf(textAt(record, 'time') ?? '')
        if (time === undefined)
          return { kind: 'malformed', field: 'time', why: 'is no ISO 8601 date and time' }
        const path = textAt(request, 'path')
        if (path === undefined)
          return { kind: 'malformed', field: 'request.path', why: 'is missing or no text' }
        const address = textAt(request, 'remote_address')
        const common = {
          ...({ kind: 'act', id, at: time } as const),
          principals: principalsOf(record),
          outcome: outcomeOf(error),
          ...(address !== undefined && { address }),
        }
        if (LOGIN.test(path)) return { ...common, action: 'login', on: [] }
        if (path.startsWith('auth/') || path.startsWith('sys/') || path.startsWith('identity/'))
          return { kind: 'aside', why: 'other' }
        return engine(request, path, common)
      },
    }
  },
}

export default vault

function engine(request: unknown, path: string, common: Omit<Act, 'action' | 'on'>): SourceRecord {
  const operation = textAt(request, 'operation')
  const mount = textAt(request, 'mount_point') ?? `${path.split('/')[0]}/`
  const rest = path.startsWith(mount) ? path.slice(mount.length) : path
  const isTransit = textAt(request, 'mount_type') === 'transit' || mount === 'transit/'
  const action = isTransit ? transit(rest) : secret(rest, operation)
  if (action === undefined) return { kind: 'aside', why: 'other' }
  if (action === 'write') return { kind: 'aside', why: 'write' }
  const namespace = textAt(request, 'namespace', 'path') ?? ''
  return { ...common, action, on: [`vault://${namespace}${path}`], key: true }
}

function transit(rest: string): Act['action'] | 'write' {
  return TRANSIT.find(([pattern]) => pattern.test(rest))?.[1] ?? 'write'
}

function secret(rest: string, operation: string | undefined): Act['action'] | 'write' | undefined {
  if (operation === undefined) return undefined
  if (WRITES.has(operation)) return 'write'
  // version 2 of the key-value engine keeps what is only about a secret there
  if (operation === 'list' || rest.startsWith('metadata/')) return 'list'
  return operation === 'read' ? 'read' : undefined
}

/** Of a login, the answer says who it was; an accessor is the same for all acts of one token, hashed or not. */
function principalsOf(record: unknown): string[] {
  const given = [at(record, 'response', 'auth'), at(record, 'auth')]
  const names = given.flatMap((auth) => {
    const metadata = at(auth, 'metadata')
    const told = typeof metadata === 'object' && metadata !== null ? Object.keys(metadata).slice(0, 20) : []
    return [
      textAt(auth, 'entity_id'),
      ...['username', 'user', 'email', 'role_name', 'service_account_name']
        .filter((field) => told.includes(field))
        .map((field) => textAt(metadata, field)),
      textAt(auth, 'display_name'),
    ]
  })
  const readable = names.filter((name) => name !== undefined && !HASHED.test(name))
  return namesOf(...readable, ...given.map((auth) => textAt(auth, 'accessor'))).slice(0, 16)
}

function outcomeOf(error: string | undefined): Act['outcome'] {
  if (error === undefined) return 'ok'
  return /permission denied|invalid (token|credential|username|password|role)|unauthorized|lacking|forbidden/i.test(
    error,
  )
    ? 'denied'
    : 'failed'
}
