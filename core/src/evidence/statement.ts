import { hash, randomFillSync } from 'node:crypto'
import { canonicalJson, fieldPreimage } from '@avouch/verify'
import { z } from 'zod'
import { AvouchError } from '../errors.ts'
import type { About, Draft } from './type.ts'
import { uuidv7 } from './uuid.ts'

export const STATEMENT_TYPE = 'https://in-toto.io/Statement/v1'
export const PAYLOAD_TYPE = 'application/vnd.in-toto+json'

/** The last head that outside witnesses cosigned: shows that the Statement was not made before it. */
export type WitnessedHead = { origin: string; size: number; root: string }

/** A Statement ready to be signed, and what lies beside it: fields and their salts, by JSON pointer. */
export type Prepared = {
  id: string
  predicateType: string
  about: About
  recordedAt: Date
  /** Canonical JSON (RFC 8785) of the in-toto Statement. */
  statement: Buffer
  /** SHA-256 of `statement`, hex. */
  digest: string
  fields: Record<string, unknown>
  /** The same as canonical JSON. */
  fieldsText: string
  /** Pointer → 16-byte salt, base64. */
  salts: Record<string, string>
  supersedes: string | undefined
  retracts: string | undefined
  bulk: Draft<Record<string, unknown>>['bulk']
  attachments: NonNullable<Draft<Record<string, unknown>>['attachments']>
}

/**
 * Builds the in-toto Statement v1 for a draft: open fields in the clear, each other field as
 * SHA-256(salt ‖ pointer ‖ value) with a fresh salt. Throws `input` where the fields do not fit the type's schema.
 */
export function prepare<T extends Record<string, unknown>>(
  draft: Draft<T>,
  context: { origin: string; now: Date; head: WitnessedHead | undefined },
): Prepared {
  const parsed = draft.type.schema.safeParse(draft.fields)
  if (!parsed.success)
    throw new AvouchError(
      'input',
      `these fields are no ${draft.type.title}: ${z.prettifyError(parsed.error)}`,
      {
        where: draft.type.predicateType,
      },
    )
  const fieldsText = canonicalJson(parsed.data)
  const fields = JSON.parse(fieldsText) as Record<string, unknown>
  const open: Record<string, unknown> = {}
  const sealed: Record<string, string> = {}
  const salts: Record<string, string> = {}
  for (const name of draft.type.open) if (name in fields) open[name] = fields[name]
  for (const pointer of sealedPointers(fields, draft.type.open, draft.type.each)) {
    const salt = freshSalt()
    salts[pointer] = salt.toString('base64')
    sealed[pointer] = fieldCommitment(salt, pointer, fieldAt(fields, pointer))
  }
  const id = uuidv7(context.now)
  const attachments = draft.attachments ?? []
  const statement = Buffer.from(
    canonicalJson({
      _type: STATEMENT_TYPE,
      subject: subjects(draft, context.origin),
      predicateType: draft.type.predicateType,
      predicate: {
        id,
        recordedAt: context.now.toISOString(),
        about: draft.about,
        fields: open,
        sealed,
        head: context.head ?? null,
        ...(draft.bulk && { bulk: draft.bulk }),
        ...(attachments.length > 0 && {
          attachments: attachments.map(({ name, mediaType, size, sha256 }) => ({
            name,
            mediaType,
            size,
            sha256,
          })),
        }),
        ...(draft.supersedes && { supersedes: draft.supersedes }),
        ...(draft.retracts && { retracts: draft.retracts }),
      },
    }),
  )
  return {
    id,
    predicateType: draft.type.predicateType,
    about: draft.about,
    recordedAt: context.now,
    statement,
    digest: hash('sha256', statement),
    fields,
    fieldsText,
    salts,
    supersedes: draft.supersedes,
    retracts: draft.retracts,
    bulk: draft.bulk,
    attachments,
  }
}

const POOL = Buffer.alloc(16 * 256)
let pooled = POOL.length

/** 16 random bytes, drawn in bulk: asking the system for each salt by itself is most of what a Statement costs. */
function freshSalt(): Buffer {
  if (pooled === POOL.length) {
    randomFillSync(POOL)
    pooled = 0
  }
  pooled += 16
  return Buffer.from(POOL.subarray(pooled - 16, pooled))
}

/** SHA-256 over salt, pointer and canonical value, hex; the layout is `fieldPreimage`'s in `@avouch/verify`. */
export function fieldCommitment(salt: Uint8Array, pointer: string, value: unknown): string {
  return hash('sha256', fieldPreimage(salt, pointer, value))
}

/** The JSON pointers that get a commitment of their own: `/name`, or `/name/member` for a field that is split. */
export function sealedPointers(
  fields: Record<string, unknown>,
  open: readonly string[],
  each: readonly string[],
): string[] {
  const pointers: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    if (open.includes(name)) continue
    const members =
      each.includes(name) && typeof value === 'object' && value !== null ? Object.keys(value) : []
    if (members.length === 0) pointers.push(`/${escapeToken(name)}`)
    else for (const member of members) pointers.push(`/${escapeToken(name)}/${escapeToken(member)}`)
  }
  return pointers
}

/** Resolves an RFC 6901 pointer; undefined where nothing stands there. */
export function fieldAt(fields: unknown, pointer: string): unknown {
  let value = fields
  for (const token of pointer.split('/').slice(1)) {
    const name = token.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined
    value = (value as Record<string, unknown>)[name]
  }
  return value
}

function escapeToken(token: string): string {
  return token.replaceAll('~', '~0').replaceAll('/', '~1')
}

function subjects<T extends Record<string, unknown>>(
  draft: Draft<T>,
  origin: string,
): { name: string; digest: { sha256: string } }[] {
  const { release, snapshot } = draft.about
  const first =
    release === undefined
      ? { name: origin, digest: { sha256: hash('sha256', origin) } }
      : { name: release, digest: { sha256: snapshotDigest(snapshot ?? release) } }
  return [first, ...(draft.subjects ?? []).map(({ name, sha256 }) => ({ name, digest: { sha256 } }))]
}

/** `sha256:<hex>` is the snapshot's own digest; a provider's id is hashed, since in-toto subjects need a digest. */
function snapshotDigest(snapshot: string): string {
  const own = /^sha256:([0-9a-f]{64})$/.exec(snapshot)
  return own ? own[1]! : hash('sha256', snapshot)
}
