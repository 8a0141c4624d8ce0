import type { z } from 'zod'

export const PREDICATE_BASE = 'https://avouch.dev/evidence/'

/**
 * A kind of evidence: the in-toto predicate type, the schema of its fields, and which fields stand in the clear.
 * Every field not named in `open` is committed to with a salted hash and can be shown or erased by itself.
 */
export type EvidenceType<T extends Record<string, unknown> = Record<string, unknown>> = {
  /** `https://avouch.dev/evidence/<commitment>/<what>/v1` */
  predicateType: string
  /** What it is, as the console and the report call it: "Campaign result". */
  title: string
  schema: z.ZodType<T>
  open: readonly string[]
  /** Top-level fields (objects or arrays) whose members are committed one by one, so that each can be shown alone. */
  each: readonly string[]
}

/** Declares a kind of evidence. `name` is `<commitment>/<what>/v<n>`, for instance `red-teaming/campaign-result/v1`. */
export function defineEvidence<T extends Record<string, unknown>>(
  name: string,
  definition: {
    title: string
    schema: z.ZodType<T>
    open?: readonly (keyof T & string)[]
    each?: readonly (keyof T & string)[]
  },
): EvidenceType<T> {
  return {
    predicateType: PREDICATE_BASE + name,
    title: definition.title,
    schema: definition.schema,
    open: definition.open ?? [],
    each: definition.each ?? [],
  }
}

export type Configuration = 'bare' | 'safeguarded' | 'product'

/** What the evidence is about. No personal data: these stand in the clear in the signed Statement. */
export type About = {
  /** `NAME@VERSION`; absent for evidence about the company. */
  release?: string
  /** The model snapshot: `sha256:<hex>` of the weights, or `id:<the provider's own id>`. */
  snapshot?: string
  configuration?: Configuration
}

/** A Merkle tree of bulk records that stays outside the Statement: root in hex, one leaf per planned item. */
export type Bulk = { root: string; leaves: number; records: string }

export type Attachment = { name: string; mediaType: string; size: number; sha256: string }

export type Draft<T extends Record<string, unknown>> = {
  type: EvidenceType<T>
  fields: T
  about: About
  /** In-toto subjects beside the release, such as a published file: name and SHA-256 in hex. */
  subjects?: { name: string; sha256: string }[]
  bulk?: Bulk
  attachments?: (Attachment & { blob: string })[]
  /** Ids of evidence that this replaces or takes back. */
  supersedes?: string
  retracts?: string
}

/** Accepted: it stands in the outbox of the act's own transaction. Logged: it has its place in the tree. */
export type Accepted = { id: string; digest: string }
export type Logged = Accepted & { index: number }

export type EvidenceState = 'accepted' | 'logged' | 'erased'

/** A piece of evidence as gate, claims and pages read it. */
export type EvidenceRecord = {
  /** UUIDv7. */
  id: string
  /** SHA-256 of the signed Statement, hex; what figures cite. */
  digest: string
  predicateType: string
  about: About
  recordedAt: Date
  state: EvidenceState
  /** Its place in the log; undefined until logged. `epoch` counts the log's origins: 0 but after a restore. */
  index: number | undefined
  epoch: number
  /** The order of acceptance, for paging. */
  sequence: number
  /** DSSE key ids of its signers; empty until logged. */
  signers: string[]
  /** All fields, open and sealed together. Erased fields are absent. */
  fields: Record<string, unknown>
  bulk: Bulk | undefined
  attachments: Attachment[]
  supersedes: string | undefined
  retracts: string | undefined
  /** Ids of the evidence that superseded or retracted this one. */
  supersededBy: string | undefined
  retractedBy: string | undefined
}
