import type { Action, PersonnelEvent } from './event.ts'
import type { Sessions } from './taking/sessions.ts'

/** What an audit log tells of one act, in the log's own names. The mapping turns it into a `WeightEvent`. */
export type Act = {
  kind: 'act'
  /** The log's own id of it: the same act told twice has it twice. */
  id: string
  /** Milliseconds since 1970. */
  at: number
  action: Action
  /** What its principal goes by, the most telling first: where names differ, an earlier one decides. */
  principals: string[]
  /** What it was done to, by every name it goes by; none for a login. `s3://BUCKET/KEY`, `gs://…`, a key's ARN. */
  on: string[]
  /** Bytes that were asked for, closed; an open end reaches the end of the object, an open beginning counts from there. */
  range?: ByteRange
  /** Bytes that went out. */
  bytes?: number
  /** Where it came from: an IP address as a rule, the name of a service for what that service did itself. */
  address?: string
  /** Networks it came through: a VPC, its endpoint. */
  networks?: string[]
  /** Where a copy was put, named like `on`. */
  to?: string
  outcome: 'ok' | 'denied' | 'failed'
  /** A key was used, so what it opens could be read; which bytes were, the key service does not know. */
  key?: true
  /** How the object is encrypted at rest, as the log calls it; `none` where it says that it is not. */
  encryption?: string
}

export type ByteRange = { from?: number; to?: number }

/** What an audit log tells of a person themselves. */
export type News = {
  kind: 'news'
  id: string
  at: number
  event: PersonnelEvent['event']
  principals: string[]
  /** The group that somebody came into or left, by every name it goes by. */
  groups?: string[]
  left?: true
}

/**
 * What becomes of other records: `other` is about something else, `write` changes weights, for which events have no word,
 * `echo` is a second record of an act that another record tells.
 */
export type Aside = { kind: 'aside'; why: 'other' | 'write' | 'echo' }

/** A record that is not what it should be; never with its content. */
export type MalformedRecord = { kind: 'malformed'; field: string; why: string }

export type SourceRecord = Act | News | Aside | MalformedRecord

/** What a reader may be told by the mapping. */
export type ReaderOptions = {
  /** Takes uses of a key by the storage itself too, where the log of the storage is not at hand. */
  storageDecrypts: boolean
  /** Who took on which session, from earlier files too. */
  sessions: Sessions
}

/** An audit log whose records become acts. One file in `sources/` each. */
export type Source = {
  kind: string
  title: string
  /** What of it is read, for a person who sets it up. */
  reads: string
  /** What it cannot tell. */
  blind: string
  /** One reading of a stream; what it has to remember is bounded. `read` never throws. */
  open(options: ReaderOptions): SourceReader
}

export type SourceReader = {
  read(record: Record<string, unknown>): SourceRecord
  /** Reads ahead for what earlier records may need: a log does not deliver its files in the order of their acts. */
  prepare?: {
    /** Only records that hold this text somewhere. */
    needle: string
    note(record: Record<string, unknown>): void
  }
}
