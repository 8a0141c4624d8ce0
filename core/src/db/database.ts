import type { Kysely, Transaction } from 'kysely'
import type { Pool } from 'pg'

/** A module's own PostgreSQL schema and the steps that make it. Steps run once each, in the order of their names. */
export type Migrations = {
  /** The schema's name, which is also the module's: `log`, `evidence`, `red_teaming`. */
  schema: string
  /** `0001-start` → SQL text, run in one transaction. Shipped steps are never edited; a change is a new step. */
  steps: Record<string, string>
}

/**
 * The installation's PostgreSQL. `kysely` is untyped at this level; a store narrows it with its own tables:
 * `db.kysely.withTables<{ 'campaign.plan': PlanRow }>()`. int8 columns arrive as numbers (safe integers only).
 */
export type Database = {
  kysely: Kysely<Tables>
  /** The pool underneath, for LISTEN, COPY and session locks. */
  pool: Pool
  /** A connection string that reaches the same database from another process of this user. */
  url: string
  /** Applies the steps not yet applied, under an advisory lock so that several processes may start at once. */
  migrate(modules: Migrations[]): Promise<void>
  /** Ends the pool and, for the embedded database, this process's share in it; the last one out stops it. */
  close(): Promise<void>
}

/** No tables: stores add their own with `withTables`. */
export type Tables = Record<never, never>
export type Tx = Transaction<Tables>
