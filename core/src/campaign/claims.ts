import { createHash } from 'node:crypto'
import type { PoolClient } from 'pg'
import type { Database } from '../db/database.ts'
import { databaseStop } from './database-stop.ts'
import { recordedItems } from './store.ts'

/** Items claimed at a time. */
export const SHARD = 1000

/** A shard this process may work at, and which of its items are not recorded yet. */
export type Claim = { shard: number; missing: number[] }

/**
 * Which process works at which shard: session advisory locks, all on one connection, so that a process that dies
 * frees its shards at once. They save double work; that no item is recorded twice is the unique key's doing.
 */
export class Claims {
  readonly #db: Database
  readonly #campaign: string
  readonly #items: number
  readonly #client: PoolClient
  readonly #lockSpace: number
  readonly #held = new Set<number>()
  readonly #complete = new Set<number>()
  #lost: Error | undefined
  #last: Promise<unknown> = Promise.resolve()

  private constructor(db: Database, campaign: string, items: number, client: PoolClient) {
    this.#db = db
    this.#campaign = campaign
    this.#items = items
    this.#client = client
    this.#lockSpace = lockSpaceOf(campaign)
    client.on('error', this.#onError)
  }

  readonly #onError = (error: Error): void => {
    this.#lost = error
  }

  /** Takes a connection out of the pool until `close`. */
  static async open(db: Database, campaign: string, items: number): Promise<Claims> {
    return new Claims(db, campaign, items, await db.pool.connect())
  }

  get shards(): number {
    return Math.ceil(this.#items / SHARD)
  }

  /** The next shard with something missing that nobody else holds; undefined where there is none now. */
  async next(): Promise<Claim | undefined> {
    for (let shard = 0; shard < this.shards; shard++) {
      if (this.#complete.has(shard) || this.#held.has(shard)) continue
      const claim = await this.claim(shard)
      if (claim && claim.missing.length > 0) return claim
    }
    return undefined
  }

  /** Claims one shard: undefined where another process (or this one) holds it. One with nothing missing is let go at once. */
  async claim(shard: number): Promise<Claim | undefined> {
    if (this.#held.has(shard)) return undefined
    this.#held.add(shard)
    try {
      const locked = await this.#query<{ locked: boolean }>(
        'select pg_try_advisory_lock($1, $2) as locked',
        shard,
      )
      if (!locked[0]?.locked) {
        this.#held.delete(shard)
        return undefined
      }
      const from = shard * SHARD
      const to = Math.min(from + SHARD, this.#items)
      const recorded = new Set(await recordedItems(this.#db, this.#campaign, from, to))
      const missing: number[] = []
      for (let item = from; item < to; item++) if (!recorded.has(item)) missing.push(item)
      if (missing.length === 0) await this.release(shard)
      return { shard, missing }
    } catch (error) {
      this.#held.delete(shard)
      throw error
    }
  }

  /** Lets a shard go whose items are all recorded. */
  async release(shard: number): Promise<void> {
    this.#complete.add(shard)
    if (this.#held.delete(shard)) await this.#query('select pg_advisory_unlock($1, $2)', shard)
  }

  /** Lets everything go. The connection goes back to the pool, or is closed where it is broken. */
  async close(): Promise<void> {
    let broken = this.#lost
    try {
      for (const shard of this.#held) await this.#query('select pg_advisory_unlock($1, $2)', shard)
    } catch (error) {
      // closing the connection frees the locks just as well
      broken = error instanceof Error ? error : new Error(String(error))
    }
    this.#client.off('error', this.#onError)
    this.#client.release(broken ?? false)
  }

  /** One query after another: the connection takes no second one before the first is answered. */
  #query<R extends object>(text: string, shard: number): Promise<R[]> {
    const asked = this.#last.then(async () => {
      if (this.#lost) throw databaseStop(this.#lost, this.#campaign)
      try {
        return (await this.#client.query<R>(text, [this.#lockSpace, shard])).rows
      } catch (error) {
        throw databaseStop(error, this.#campaign)
      }
    })
    this.#last = asked.catch(() => undefined)
    return asked
  }
}

/** First half of the two-part advisory locks of a campaign's shards. */
function lockSpaceOf(campaign: string): number {
  return createHash('sha256').update(`avouch/campaign/${campaign}`).digest().readInt32BE(0)
}

/** Which of these campaigns some process works at now: one that is under way and held by nobody was stopped. */
export async function workedAt(db: Database, campaigns: readonly string[]): Promise<Set<string>> {
  if (campaigns.length === 0) return new Set()
  const { rows } = await db.pool.query<{ space: string }>(
    `select distinct classid::text as space from pg_locks
     where locktype = 'advisory' and objsubid = 2 and granted
       and database = (select oid from pg_database where datname = current_database())`,
  )
  // PostgreSQL shows the lock's key as an unsigned number
  const held = new Set(rows.map(({ space }) => Number(space) | 0))
  return new Set(campaigns.filter((campaign) => held.has(lockSpaceOf(campaign))))
}
