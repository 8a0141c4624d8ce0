import { fromBase64 } from './bytes.ts'
import { VerifyError } from './errors.ts'
import { asArray, asCount, asObject, asString, type Json, type JsonObject, only, parseJson } from './json.ts'
import { parsePointer, pointerCovers } from './pointer.ts'

export const STATEMENT_V1 = 'https://in-toto.io/Statement/v1'

/** An in-toto ResourceDescriptor that names its digest; hex by algorithm. */
export type Subject = { name?: string; uri?: string; mediaType?: string; digest: Record<string, string> }

/** The last witnessed head when the evidence was made: it was not made before. Root: base64 or hex of 32 bytes. */
export type Head = { origin: string; size: number; root: string } & JsonObject

/** What stands in every predicate that Avouch signs. */
export type Predicate = {
  /** UUID. */
  id: string
  /** UTC, `2026-03-01T12:00:00.000Z`. */
  recordedAt: string
  about: { release?: string; snapshot?: string; configuration?: 'bare' | 'safeguarded' | 'product' }
  /** The fields in the clear, by name. */
  fields: JsonObject
  /** JSON pointer → SHA-256 (hex) of salt, pointer and value; see `commitment`. */
  sealed: Record<string, string>
  head: Head | null
  bulk?: { root: string; leaves: number; records: string }
  attachments?: { name: string; mediaType: string; size: number; sha256: string }[]
  supersedes?: string
  retracts?: string
}

/** An in-toto Statement v1 with Avouch's predicate. */
export type Statement = {
  _type: typeof STATEMENT_V1
  subject: Subject[]
  predicateType: string
  predicate: Predicate
}

const SHA256 = /^[0-9a-f]{64}$/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/
const MAX_FIELDS = 100_000

/** Reads a Statement from the bytes that were signed. Throws `statement` or `limit`. */
export function parseStatement(bytes: Uint8Array): Statement {
  try {
    return readStatement(parseJson(bytes))
  } catch (cause) {
    if (cause instanceof VerifyError && cause.code === 'input')
      throw new VerifyError('statement', `The Statement cannot be read: ${cause.message}`, { cause })
    throw cause
  }
}

function readStatement(json: Json): Statement {
  const statement = asObject(json, 'A Statement')
  only(statement, ['_type', 'subject', 'predicateType', 'predicate'], 'A Statement')
  if (statement._type !== STATEMENT_V1) refuse(`_type must be ${STATEMENT_V1}`)
  const subject = asArray(statement.subject, 'subject', 1000).map(readSubject)
  if (subject.length === 0) refuse('subject must not be empty')
  const predicateType = asString(statement.predicateType, 'predicateType', 255)
  if (!/^[a-z][a-z0-9+.-]*:[^\s]+$/.test(predicateType)) refuse('predicateType must be a URI')
  return {
    _type: STATEMENT_V1,
    subject,
    predicateType,
    predicate: readPredicate(asObject(statement.predicate, 'predicate')),
  }
}

function readSubject(json: Json): Subject {
  const subject = asObject(json, 'A subject')
  const digest: Record<string, string> = {}
  for (const [algorithm, value] of Object.entries(asObject(subject.digest, 'The digest of a subject'))) {
    const digits = asString(value, `digest.${algorithm}`, 256)
    if (digits === '' || (algorithm === 'sha256' && !SHA256.test(digits)))
      refuse(`the ${algorithm} digest of a subject cannot be read`)
    digest[algorithm] = digits
  }
  if (Object.keys(digest).length === 0) refuse('a subject has no digest')
  return {
    ...optional(subject, 'name', 512),
    ...optional(subject, 'uri', 2048),
    ...optional(subject, 'mediaType', 255),
    digest,
  }
}

function readPredicate(json: JsonObject): Predicate {
  const names = [
    'id',
    'recordedAt',
    'about',
    'fields',
    'sealed',
    'head',
    'bulk',
    'attachments',
    'supersedes',
    'retracts',
  ]
  only(json, names, 'The predicate')
  const recordedAt = asString(json.recordedAt, 'recordedAt', 32)
  if (!MOMENT.test(recordedAt) || Number.isNaN(Date.parse(recordedAt)))
    refuse('recordedAt must be a moment in UTC')
  const fields = asObject(json.fields, 'fields')
  const predicate: Predicate = {
    id: uuid(json.id, 'id'),
    recordedAt,
    about: readAbout(asObject(json.about, 'about')),
    fields,
    sealed: readSealed(asObject(json.sealed, 'sealed'), fields),
    head: json.head === null ? null : readHead(asObject(json.head, 'head')),
  }
  if (json.bulk !== undefined) predicate.bulk = readBulk(asObject(json.bulk, 'bulk'))
  if (json.attachments !== undefined)
    predicate.attachments = asArray(json.attachments, 'attachments', 10_000).map(readAttachment)
  if (json.supersedes !== undefined) predicate.supersedes = uuid(json.supersedes, 'supersedes')
  if (json.retracts !== undefined) predicate.retracts = uuid(json.retracts, 'retracts')
  return predicate
}

function readAbout(json: JsonObject): Predicate['about'] {
  only(json, ['release', 'snapshot', 'configuration'], 'about')
  const about: Predicate['about'] = { ...optional(json, 'release', 255), ...optional(json, 'snapshot', 255) }
  const configuration = json.configuration
  if (configuration === 'bare' || configuration === 'safeguarded' || configuration === 'product')
    about.configuration = configuration
  else if (configuration !== undefined) refuse('configuration must be bare, safeguarded or product')
  return about
}

function readSealed(json: JsonObject, fields: JsonObject): Record<string, string> {
  const sealed: Record<string, string> = {}
  const pointers = Object.keys(json).sort()
  if (pointers.length > MAX_FIELDS)
    throw new VerifyError('limit', `sealed has more than ${MAX_FIELDS} members.`)
  const taken = new Set(pointers)
  for (const pointer of pointers) {
    const tokens = parsePointer(pointer)
    const [first] = tokens
    if (first === undefined) refuse('the whole document cannot be one sealed field')
    else if (Object.hasOwn(fields, first)) refuse(`${pointer} is both open and sealed`)
    for (let end = pointer.lastIndexOf('/'); end > 0; end = pointer.lastIndexOf('/', end - 1))
      if (taken.has(pointer.slice(0, end))) refuse(`${pointer} lies inside another sealed field`)
    const commitment = asString(json[pointer], `sealed ${pointer}`, 64)
    if (!SHA256.test(commitment)) refuse(`the commitment to ${pointer} must be 64 hex digits`)
    sealed[pointer] = commitment
  }
  return sealed
}

function readHead(json: JsonObject): Head {
  const root = asString(json.root, 'head.root', 64)
  if (!SHA256.test(root)) fromBase64(root, 32)
  return {
    ...json,
    origin: asString(json.origin, 'head.origin', 255),
    size: asCount(json.size, 'head.size'),
    root,
  }
}

function readBulk(json: JsonObject): NonNullable<Predicate['bulk']> {
  only(json, ['root', 'leaves', 'records'], 'bulk')
  const root = asString(json.root, 'bulk.root', 64)
  if (!SHA256.test(root)) refuse('bulk.root must be 64 hex digits')
  return {
    root,
    leaves: asCount(json.leaves, 'bulk.leaves'),
    records: asString(json.records, 'bulk.records', 1024),
  }
}

function readAttachment(json: Json): NonNullable<Predicate['attachments']>[number] {
  const attachment = asObject(json, 'An attachment')
  only(attachment, ['name', 'mediaType', 'size', 'sha256'], 'An attachment')
  const sha256 = asString(attachment.sha256, 'sha256', 64)
  if (!SHA256.test(sha256)) refuse('the sha256 of an attachment must be 64 hex digits')
  return {
    name: asString(attachment.name, 'The name of an attachment', 512),
    mediaType: asString(attachment.mediaType, 'mediaType', 255),
    size: asCount(attachment.size, 'The size of an attachment'),
    sha256,
  }
}

function optional<Name extends string>(
  json: JsonObject,
  name: Name,
  max: number,
): { [key in Name]?: string } {
  const out: { [key in Name]?: string } = {}
  if (json[name] !== undefined) out[name] = asString(json[name], name, max)
  return out
}

function uuid(value: Json | undefined, what: string): string {
  const text = asString(value, what, 36)
  if (!UUID.test(text)) refuse(`${what} must be a UUID in lower case`)
  return text
}

function refuse(what: string): never {
  throw new VerifyError('input', `${what}.`)
}

/** Whether a pointer is committed to by itself, or part of a value that is. */
export function sealedAt(statement: Statement, pointer: string): string | undefined {
  return Object.keys(statement.predicate.sealed).find((sealed) => pointerCovers(sealed, pointer))
}
