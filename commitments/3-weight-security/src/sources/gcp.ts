import { momentOf } from '../intake/moment.ts'
import type { Act, Source, SourceRecord } from '../source.ts'
import { at, countAt, listAt, namesOf, textAt } from '../taking/field.ts'

const LOG = /\/logs\/cloudaudit\.googleapis\.com(%2F|\/)/i
/** google.rpc.Code: PERMISSION_DENIED and UNAUTHENTICATED. */
const DENIED = new Set([7, 16])
const WRITES = /^storage\.(objects\.(create|update|patch|delete|compose|restore|move)|multipartUploads)/
const OPENS = /(^|\.)(AsymmetricDecrypt|Decrypt|RawDecrypt)$/
const CLOSES = /(^|\.)(Encrypt|RawEncrypt|AsymmetricSign|MacSign)$/
const BUCKET = /^projects\/_\/buckets\/([^/]+)(?:\/objects\/([\s\S]+))?$/

/**
 * Google Cloud Audit Logs: LogEntry documents with an AuditLog as `protoPayload`, one to a line as a sink writes them into
 * a bucket, or a list as `gcloud logging read --format=json` prints.
 *
 * Fields: "AuditLog" in the Cloud Logging reference (docs.cloud.google.com/logging/docs/reference/audit/auditlog),
 * "Cloud Storage audit logging" and "Cloud KMS audit logging" for the methods. Data access logs are off unless somebody
 * switches them on, and tell neither range nor bytes; reading an object's metadata is `storage.objects.get` too. Entries
 * of one log with the same timestamp and insert id are one (LogEntry, `insertId`).
 *
 * Whoever acts through a service account stands first in `serviceAccountDelegationInfo`, whose order is that of the
 * delegation, and counts before the account.
 */
const gcp: Source = {
  kind: 'gcp',
  title: 'Google Cloud Audit Logs',
  reads:
    'Cloud Storage data access (storage.objects.get and list), Cloud KMS Decrypt, and tokens made for a service account; data access logs have to be switched on',
  blind:
    'How many bytes of an object went out, and which; whether only its metadata was read. A read counts as of the whole object.',
  open({ storageDecrypts }) {
    return {
      read(record) {
        const payload = at(record, 'protoPayload')
        const log = textAt(record, 'logName')
        if (typeof payload !== 'object' || payload === null)
          return log !== undefined && !LOG.test(log)
            ? { kind: 'aside', why: 'other' }
            : { kind: 'malformed', field: 'protoPayload', why: 'is missing' }
        const when =
          textAt(record, 'timestamp') ?? textAt(payload, 'requestMetadata', 'requestAttributes', 'time')
        const time = momentOf(when ?? '')
        if (when === undefined || time === undefined)
          return { kind: 'malformed', field: 'timestamp', why: 'is no ISO 8601 date and time' }
        const insert = textAt(record, 'insertId')
        if (insert === undefined)
          return { kind: 'malformed', field: 'insertId', why: 'is missing or no text' }
        const method = textAt(payload, 'methodName')
        if (method === undefined)
          return { kind: 'malformed', field: 'methodName', why: 'is missing or no text' }
        const common = {
          kind: 'act',
          id: `${log ?? ''} ${when} ${insert}`,
          at: time,
          ...contextOf(payload),
        } as const
        const service = textAt(payload, 'serviceName')
        if (service === 'storage.googleapis.com') return storage(payload, method, common)
        if (service === 'cloudkms.googleapis.com') return keyUse(payload, method, common, storageDecrypts)
        if (service === 'iamcredentials.googleapis.com' && /Generate(Access|Id)Token$/.test(method))
          return { ...common, action: 'login', on: [] }
        return { kind: 'aside', why: 'other' }
      },
    }
  },
}

export default gcp

type Common = Pick<Act, 'kind' | 'id' | 'at' | 'principals' | 'outcome' | 'address' | 'networks'>

function contextOf(payload: unknown): Omit<Common, 'kind' | 'id' | 'at'> {
  const code = countAt(payload, 'status', 'code') ?? 0
  const address = textAt(payload, 'requestMetadata', 'callerIp')
  const network = textAt(payload, 'requestMetadata', 'callerNetwork')
  const who = at(payload, 'authenticationInfo')
  const delegations = listAt(who, 'serviceAccountDelegationInfo').flatMap((one) => [
    textAt(one, 'firstPartyPrincipal', 'principalEmail'),
    textAt(one, 'principalSubject'),
  ])
  const refused = listAt(payload, 'authorizationInfo').some((one) => at(one, 'granted') === false)
  return {
    principals: namesOf(
      ...delegations,
      textAt(who, 'principalEmail'),
      textAt(who, 'principalSubject'),
      textAt(who, 'authoritySelector'),
    ).slice(0, 16),
    outcome: DENIED.has(code) || (code !== 0 && refused) ? 'denied' : code !== 0 ? 'failed' : 'ok',
    ...(address !== undefined && { address }),
    ...(network !== undefined && { networks: [network] }),
  }
}

function storage(payload: unknown, method: string, common: Common): SourceRecord {
  if (WRITES.test(method)) return { kind: 'aside', why: 'write' }
  if (method !== 'storage.objects.get' && method !== 'storage.objects.list')
    return { kind: 'aside', why: 'other' }
  const match = BUCKET.exec(textAt(payload, 'resourceName') ?? '')
  if (!match) return { kind: 'malformed', field: 'resourceName', why: 'it names no bucket' }
  const [, bucket, object] = match
  if (method === 'storage.objects.list') return { ...common, action: 'list', on: [`gs://${bucket}/`] }
  if (object === undefined) return { kind: 'malformed', field: 'resourceName', why: 'it names no object' }
  return { ...common, action: 'read', on: [`gs://${bucket}/${object}`] }
}

function keyUse(payload: unknown, method: string, common: Common, storageDecrypts: boolean): SourceRecord {
  if (CLOSES.test(method)) return { kind: 'aside', why: 'write' }
  if (!OPENS.test(method)) return { kind: 'aside', why: 'other' }
  // Cloud Storage opens an object by its service agent when it is read, and the reading is an entry of its own
  const agent = textAt(payload, 'authenticationInfo', 'principalEmail') ?? ''
  if (!storageDecrypts && /@gs-project-accounts\.iam\.gserviceaccount\.com$/.test(agent))
    return { kind: 'aside', why: 'echo' }
  const resource = textAt(payload, 'resourceName') ?? textAt(payload, 'request', 'name')
  if (resource === undefined) return { kind: 'malformed', field: 'resourceName', why: 'it names no key' }
  const key = resource.replace(/\/cryptoKeyVersions\/[^/]*$/, '')
  return { ...common, action: 'read', on: namesOf(resource, key), key: true }
}
