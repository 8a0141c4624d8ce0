import { momentOf } from '../intake/moment.ts'
import type { Act, ByteRange, Source, SourceRecord } from '../source.ts'
import { byteRangeOf } from '../taking/byte-range.ts'
import { at, countAt, listAt, namesOf, textAt } from '../taking/field.ts'
import type { Sessions } from '../taking/sessions.ts'

const STS = 'sts.amazonaws.com'
const S3 = /^s3(express|-outposts)?\.amazonaws\.com$/
const DENIED =
  /denied|unauthorized|forbidden|expiredtoken|invalidaccesskey|signaturedoesnotmatch|allaccessdisabled/i

const LISTS = new Set(['HeadObject', 'GetObjectAttributes', 'GetObjectTagging', 'GetObjectAcl'])
const LISTINGS = new Set([
  'ListObjects',
  'ListObjectsV2',
  'ListObjectVersions',
  'ListMultipartUploads',
  'ListParts',
])
const READS = new Set(['GetObject', 'SelectObjectContent', 'GetObjectTorrent'])
const COPIES = new Set(['CopyObject', 'UploadPartCopy'])
const WRITES =
  /^(PutObject|PostObject|UploadPart|CreateMultipartUpload|CompleteMultipartUpload|AbortMultipartUpload|DeleteObject|RestoreObject)/
const OPENS = new Set(['Decrypt', 'ReEncrypt', 'DeriveSharedSecret'])
const SESSIONS = new Set([
  'AssumeRole',
  'AssumeRoleWithSAML',
  'AssumeRoleWithWebIdentity',
  'AssumeRoot',
  'GetSessionToken',
  'GetFederationToken',
])

/**
 * AWS CloudTrail: files of `{"Records": […]}`, gzip or not, as a trail delivers them into a bucket.
 *
 * Fields: "CloudTrail record contents" and "CloudTrail userIdentity element" of the CloudTrail user guide
 * (docs.aws.amazon.com/awscloudtrail), "CloudTrail events" of the S3 user guide, "Decrypt" and "GenerateDataKey" among
 * the log entry examples of the KMS developer guide. Of an object's reading they hold `additionalEventData`:
 * `bytesTransferredOut`, `SSEApplied`. They show no range header in `requestParameters`; where a record holds one, it is
 * read. An act delivered to several accounts has one `sharedEventID` and an `eventID` in each.
 *
 * A session of an assumed role is whoever called AssumeRole for it, by the access key that the answer named; failing
 * that its source identity, its own ARN with the session's name, and the role. A session's name is what the caller chose,
 * unless the role's trust policy demands one: a mapping by session name is as good as that policy.
 */
const cloudtrail: Source = {
  kind: 'cloudtrail',
  title: 'AWS CloudTrail',
  reads:
    'S3 data events (GetObject, HeadObject, ListObjects, CopyObject), KMS Decrypt, AssumeRole and ConsoleLogin; object-level data events have to be switched on for the bucket',
  blind:
    'Which bytes of an object a partial read was of, unless a record holds the range; who is behind a session that was taken on before the first record.',
  open({ storageDecrypts, sessions }) {
    return {
      prepare: {
        needle: STS,
        note(record) {
          if (textAt(record, 'eventSource') === STS)
            noteSession(record, principalsOf(at(record, 'userIdentity'), sessions), sessions)
        },
      },
      read(record) {
        const id = textAt(record, 'sharedEventID') ?? textAt(record, 'eventID')
        if (id === undefined) return { kind: 'malformed', field: 'eventID', why: 'is missing or no text' }
        const time = momentOf(textAt(record, 'eventTime') ?? '')
        if (time === undefined)
          return { kind: 'malformed', field: 'eventTime', why: 'is no ISO 8601 date and time' }
        const source = textAt(record, 'eventSource')
        const name = textAt(record, 'eventName')
        if (source === undefined || name === undefined)
          return { kind: 'malformed', field: 'eventName', why: 'it or eventSource is missing' }
        const common = { kind: 'act', id, at: time, ...contextOf(record, sessions) } as const
        if (S3.test(source)) return storage(record, name, common)
        if (source === 'kms.amazonaws.com') return keyUse(record, name, common, storageDecrypts)
        if (source === STS) return session(record, name, common, sessions)
        if (source === 'signin.amazonaws.com' && name === 'ConsoleLogin') {
          const failed = textAt(record, 'responseElements', 'ConsoleLogin') === 'Failure'
          return { ...common, action: 'login', on: [], ...(failed && { outcome: 'denied' as const }) }
        }
        return { kind: 'aside', why: 'other' }
      },
    }
  },
}

export default cloudtrail

type Common = Pick<Act, 'kind' | 'id' | 'at' | 'principals' | 'outcome' | 'address' | 'networks'>

function contextOf(record: Record<string, unknown>, sessions: Sessions): Omit<Common, 'kind' | 'id' | 'at'> {
  const address = textAt(record, 'sourceIPAddress')
  const networks = namesOf(textAt(record, 'vpcEndpointId'), textAt(record, 'vpcEndpointAccountId'))
  const error = textAt(record, 'errorCode')
  return {
    principals: principalsOf(at(record, 'userIdentity'), sessions),
    outcome: error === undefined ? 'ok' : DENIED.test(error) ? 'denied' : 'failed',
    ...(address !== undefined && { address }),
    ...(networks.length > 0 && { networks }),
  }
}

function principalsOf(identity: unknown, sessions: Sessions): string[] {
  const key = textAt(identity, 'accessKeyId')
  return namesOf(
    textAt(identity, 'onBehalfOf', 'userId'),
    ...((key !== undefined && sessions.get(key)) || []),
    textAt(identity, 'sessionContext', 'sourceIdentity'),
    textAt(identity, 'arn'),
    textAt(identity, 'sessionContext', 'sessionIssuer', 'arn'),
    textAt(identity, 'userName'),
    textAt(identity, 'principalId'),
    textAt(identity, 'invokedBy'),
    textAt(identity, 'accountId'),
  ).slice(0, 16)
}

function storage(record: Record<string, unknown>, name: string, common: Common): SourceRecord {
  if (WRITES.test(name)) return { kind: 'aside', why: 'write' }
  const asked = at(record, 'requestParameters')
  const bucket = textAt(asked, 'bucketName')
  const extra = at(record, 'additionalEventData')
  if (LISTINGS.has(name)) {
    if (bucket === undefined) return noBucket
    return { ...common, action: 'list', on: [`s3://${bucket}/${textAt(asked, 'prefix') ?? ''}`] }
  }
  const isCopy = COPIES.has(name)
  if (!isCopy && !READS.has(name) && !LISTS.has(name)) return { kind: 'aside', why: 'other' }
  const key = textAt(asked, 'key')
  if (bucket === undefined || key === undefined) return noBucket
  if (LISTS.has(name)) return { ...common, action: 'list', on: [`s3://${bucket}/${key}`] }
  if (isCopy) {
    const from = copySourceOf(textAt(asked, 'x-amz-copy-source') ?? textAt(asked, 'copySource'))
    if (from === undefined)
      return { kind: 'malformed', field: 'requestParameters', why: 'it names no source of the copy' }
    const range = byteRangeOf(textAt(asked, 'x-amz-copy-source-range'))
    return { ...common, action: 'read', on: [from], to: `s3://${bucket}/${key}`, ...(range && { range }) }
  }
  const range: ByteRange | undefined = byteRangeOf(
    textAt(asked, 'range') ?? textAt(asked, 'Range') ?? textAt(extra, 'range') ?? textAt(extra, 'Range'),
  )
  const bytes = countAt(extra, 'bytesTransferredOut')
  const encryption = textAt(extra, 'SSEApplied')
  return {
    ...common,
    action: 'read',
    on: [`s3://${bucket}/${key}`],
    ...(range && { range }),
    ...(bytes !== undefined && { bytes }),
    ...(encryption !== undefined && { encryption: encryption.slice(0, 40) }),
  }
}

const noBucket: SourceRecord = {
  kind: 'malformed',
  field: 'requestParameters',
  why: 'it names no bucket or no object',
}

/** `/BUCKET/KEY`, percent-encoded, with `?versionId=` behind it. */
function copySourceOf(header: string | undefined): string | undefined {
  const path = header?.replace(/^\//, '').replace(/\?versionId=[^?]*$/, '')
  if (path === undefined || !path.includes('/')) return undefined
  try {
    return `s3://${decodeURIComponent(path)}`
  } catch {
    return `s3://${path}`
  }
}

function keyUse(
  record: Record<string, unknown>,
  name: string,
  common: Common,
  storageDecrypts: boolean,
): SourceRecord {
  if (!OPENS.has(name))
    return { kind: 'aside', why: /^(GenerateDataKey|Encrypt)/.test(name) ? 'write' : 'other' }
  const context = at(record, 'requestParameters', 'encryptionContext')
  // the storage opens an object of its own accord when it is read, and the reading is a record of its own
  if (textAt(context, 'aws:s3:arn') !== undefined && !storageDecrypts) return { kind: 'aside', why: 'echo' }
  const on = namesOf(
    ...listAt(record, 'resources').map((resource) => textAt(resource, 'ARN')),
    textAt(record, 'requestParameters', 'sourceKeyId'),
    textAt(record, 'requestParameters', 'keyId'),
  )
  if (on.length === 0) {
    // a refused call does not always name its key
    if (common.outcome !== 'ok') return { kind: 'aside', why: 'other' }
    return { kind: 'malformed', field: 'resources', why: 'it names no key' }
  }
  return { ...common, action: 'read', on, key: true }
}

function session(
  record: Record<string, unknown>,
  name: string,
  common: Common,
  sessions: Sessions,
): SourceRecord {
  if (!SESSIONS.has(name)) return { kind: 'aside', why: 'other' }
  // a service that takes on a role for its own machines is nobody
  if (textAt(record, 'userIdentity', 'type') === 'AWSService') return { kind: 'aside', why: 'other' }
  noteSession(record, common.principals, sessions)
  return { ...common, action: 'login', on: [] }
}

/** Remembers whose a new session is; a service that takes on a role for its own machines is nobody. */
function noteSession(record: Record<string, unknown>, principals: string[], sessions: Sessions): void {
  const key = textAt(record, 'responseElements', 'credentials', 'accessKeyId')
  const time = momentOf(textAt(record, 'eventTime') ?? '')
  if (key === undefined || time === undefined || textAt(record, 'errorCode') !== undefined) return
  if (
    SESSIONS.has(textAt(record, 'eventName') ?? '') &&
    textAt(record, 'userIdentity', 'type') !== 'AWSService'
  )
    sessions.set(key, principals, time)
}
