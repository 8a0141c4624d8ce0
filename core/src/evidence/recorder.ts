import type { Tx } from '../db/database.ts'
import type { Accepted, Draft, EvidenceRecord, EvidenceType, Logged } from './type.ts'

/** What an act uses to leave evidence, and readers use to find it. */
export type Recorder = {
  /** Puts the evidence in the outbox within the act's own transaction: either both happen or neither. */
  accept<T extends Record<string, unknown>>(tx: Tx, draft: Draft<T>): Promise<Accepted>
  /** Accepts in a transaction of its own and waits until it is logged. */
  append<T extends Record<string, unknown>>(draft: Draft<T>): Promise<Logged>
  /** Waits until all of these are logged. Throws `unavailable` when no sealer got to them in time. */
  logged(ids: string[]): Promise<Logged[]>
  /** By id (UUID) or digest (hex). */
  get(id: string): Promise<EvidenceRecord | undefined>
  /** Oldest first. */
  list(filter: { type?: EvidenceType | string; release?: string; limit?: number; before?: number }): Promise<EvidenceRecord[]>
  /** The record's fields, parsed by its type's schema; throws `input` where it is of another type. */
  read<T extends Record<string, unknown>>(type: EvidenceType<T>, record: EvidenceRecord): T
}
