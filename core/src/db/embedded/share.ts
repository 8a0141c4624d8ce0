import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { databaseError } from '../errors.ts'
import { exclusively } from './lock.ts'
import { databaseFolder, type Place, preparePlace } from './place.ts'
import { stopPostmaster } from './postmaster.ts'
import { connectionTo, ensureServer, type ServerOptions, urlTo } from './server.ts'

const SHARE = 'avouch share'

export type ShareOptions = ServerOptions & {
  /** Where data go; default by user (see place.ts). Must be reachable by the server's user. */
  base?: string
  /** True only for tests: the last one out leaves the server running. */
  keep?: boolean
}

/** One process's hold on the embedded server. */
export type Share = {
  place: Place
  url: string
  /** Lets go; whoever lets go last stops the server. */
  release(): Promise<void>
}

/**
 * Starts or adopts the embedded server of a home and takes a share in it. A share is an open session with a known
 * name, so that a process killed with -9 loses its share when its socket closes and none is ever counted twice.
 * Where the server dies under its holder, the holder starts it again.
 */
export async function takeShare(home: string, options: ShareOptions = {}): Promise<Share> {
  try {
    await mkdir(databaseFolder(home), { recursive: true, mode: 0o700 })
  } catch (error) {
    throw databaseError(error, databaseFolder(home))
  }
  const share = new Session(home, options)
  await share.open()
  return share
}

class Session implements Share {
  readonly #home: string
  readonly #options: ShareOptions
  #client: pg.Client | undefined
  #place: Place | undefined
  #pid = 0
  #released = false

  constructor(home: string, options: ShareOptions) {
    this.#home = home
    this.#options = options
  }

  get place(): Place {
    return this.#place!
  }

  get url(): string {
    return urlTo(this.place)
  }

  async open(): Promise<void> {
    await this.#locked(async () => {
      if (this.#released) return
      const place = await preparePlace(this.#home, this.#options.base)
      await ensureServer(this.#home, place, this.#options)
      const client = new pg.Client({ ...connectionTo(place, 'postgres'), application_name: SHARE })
      client.on('error', () => undefined)
      try {
        await client.connect()
        const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
        this.#pid = rows[0]!.pid
      } catch (error) {
        await client.end().catch(() => undefined)
        throw databaseError(error, place.data)
      }
      this.#place = place
      this.#client = client
      client.once('end', () => void this.#revive(client))
    })
  }

  async release(): Promise<void> {
    if (this.#released) return
    this.#released = true
    await this.#locked(async () => {
      const last = this.#options.keep !== true && (await this.#isLast())
      await this.#client?.end().catch(() => undefined)
      if (last) await stopPostmaster(this.place)
    })
  }

  async #isLast(): Promise<boolean> {
    try {
      const { rows } = await this.#client!.query<{ others: string }>(
        `SELECT count(*) AS others FROM pg_stat_activity WHERE application_name = $1 AND pid <> $2`,
        [SHARE, this.#pid],
      )
      return rows[0]?.others === '0'
    } catch {
      // The server is gone or going: there is nothing to stop, or another is starting it for itself.
      return false
    }
  }

  /** The server went away: have it back, with growing pauses, until released. */
  async #revive(lost: pg.Client): Promise<void> {
    for (let pause = 50; !this.#released && this.#client === lost; pause = Math.min(pause * 2, 5_000)) {
      try {
        await this.open()
      } catch {
        // Every query reports the outage to whoever asks; here it is enough to go on trying.
        await sleep(pause, undefined, { ref: false })
      }
    }
  }

  #locked(act: () => Promise<void>): Promise<void> {
    return exclusively(join(databaseFolder(this.#home), 'lock'), act)
  }
}
