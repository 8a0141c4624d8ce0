import { AvouchError } from '@avouch/core/errors'
import { type Faults, noteFault } from '../intake/event-file.ts'
import { bytesOf } from '../intake/lines.ts'
import { type FoundRecord, recordsOf } from '../intake/records.ts'
import type { MalformedRecord, Source, SourceReader } from '../source.ts'
import { Counts } from './counts.ts'
import type { Mapping } from './mapping.ts'
import { bucketOf } from './places.ts'
import { Remembered } from './remembered.ts'
import { isTaken, Resolver, type TakenEvent, type TakenPersonnel } from './resolve.ts'
import { Sessions } from './sessions.ts'

/** Ids that are remembered within one reading; the database remembers all of them. */
const MOST_IDS = 200_000

/** One batch of what a file comes to. */
export type Batch = { events: TakenEvent[]; personnel: TakenPersonnel[] }

/** One reading of a log, over as many files as it has. What it remembers is bounded. */
export class Taking {
  counts = new Counts()
  faults: Faults = { count: 0, first: [] }
  readonly sessions = new Sessions()
  readonly #reader: SourceReader
  readonly #resolver: Resolver
  readonly #seen = new Remembered<true>(MOST_IDS)
  #number = 0

  constructor(source: Source, mapping: Mapping) {
    this.#reader = source.open({
      ...{ storageDecrypts: mapping.storageDecrypts, sessions: this.sessions },
    })
    this.#resolver = new Resolver(mapping)
  }

  /** Counts from nothing again; sessions and ids stay remembered. */
  recount(): void {
    this.counts = new Counts()
    this.faults = { count: 0, first: [] }
    this.#number = 0
  }

  /** Reads files ahead for who is behind their sessions, where the log has any. What cannot be read waits for `file`. */
  async prepare(paths: readonly string[], signal?: AbortSignal): Promise<void> {
    const { prepare } = this.#reader
    if (!prepare) return
    for (const path of paths)
      try {
        for await (const records of recordsOf(bytesOf(path, signal), prepare.needle))
          for (const record of records) if ('value' in record) prepare.note(record.value)
      } catch (error) {
        if (!(error instanceof AvouchError)) throw error
      }
  }

  /** What a file holds; `packed` is given its bytes as they stand. Throws `input`, `limit` or `disk` where it cannot be read, and nothing else. */
  async *file(path: string, signal?: AbortSignal, packed?: (chunk: Buffer) => void): AsyncGenerator<Batch> {
    for await (const records of recordsOf(bytesOf(path, signal, packed))) {
      const batch: Batch = { events: [], personnel: [] }
      for (const record of records) this.take(record, batch)
      if (batch.events.length + batch.personnel.length > 0) yield batch
    }
  }

  /** Takes one record; it is counted whatever becomes of it. */
  take(found: FoundRecord, batch: Batch): void {
    this.#number++
    const { of: counts } = this.counts
    const read = 'value' in found ? this.#reader.read(found.value) : malformed(found.why)
    if (read.kind === 'malformed') {
      counts.malformed++
      noteFault(this.faults, this.#number, read)
      return
    }
    if (read.kind === 'aside') {
      counts[read.why]++
      return
    }
    const taken = read.kind === 'act' ? this.#resolver.act(read) : this.#resolver.news(read)
    if (!isTaken(taken)) {
      counts[taken.why]++
      if (taken.why === 'elsewhere') this.counts.name('places', bucketOf(taken.name))
      else this.counts.name(taken.why === 'unmappedObjects' ? 'objects' : 'people', taken.name)
      return
    }
    if (this.#seen.get(taken.id)) {
      counts.repeated++
      return
    }
    this.#seen.set(taken.id, true)
    this.counts.span(taken.at)
    if ('told' in taken) {
      counts.taken++
      if (taken.unmapped) {
        this.counts.unmappedPrincipals++
        this.counts.name('principals', taken.event.person)
      }
      batch.events.push(taken)
    } else {
      counts.personnel++
      batch.personnel.push(taken)
    }
  }
}

function malformed(why: string): MalformedRecord {
  return { kind: 'malformed', field: '', why }
}
