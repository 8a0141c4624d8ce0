import { type Kysely, sql } from 'kysely'
import { z } from 'zod'
import type { Database, Tables, Tx } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { type Prepared, prepare, type WitnessedHead } from './statement.ts'
import { type DsseSignature, findRecord, insertPrepared, listRecords, loggedRows } from './store.ts'
import type { Accepted, Draft, EvidenceRecord, EvidenceType, Logged } from './type.ts'

type Fields = Record<string, unknown>

/** What an act uses to leave evidence, and readers use to find it. */
export type Recorder = {
  /** Puts the evidence in the outbox within the act's own transaction: either both happen or neither. */
  accept<T extends Fields>(tx: Tx, draft: Draft<T>): Promise<Accepted>
  /** The same for many at once. */
  acceptAll<T extends Fields>(tx: Tx, drafts: Draft<T>[]): Promise<Accepted[]>
  /**
   * For evidence that people sign: the Statement as it will stand, to be signed by passkey and then handed to
   * `acceptSigned` unchanged.
   */
  prepare<T extends Fields>(draft: Draft<T>): Promise<Prepared>
  acceptSigned(tx: Tx, prepared: Prepared, signatures: DsseSignature[]): Promise<Accepted>
  /** Accepts in a transaction of its own and waits until it is logged. */
  append<T extends Fields>(draft: Draft<T>): Promise<Logged>
  /** Waits until all of these are logged, in the order given. Throws `unavailable` when no sealer got to them in 30 s. */
  logged(ids: string[]): Promise<Logged[]>
  /** By id (UUID) or digest (hex). */
  get(id: string): Promise<EvidenceRecord | undefined>
  /** Oldest first. With `newest`, the last `limit` of them. */
  list(filter: {
    type?: EvidenceType | string
    release?: string
    limit?: number
    before?: number
    newest?: boolean
  }): Promise<EvidenceRecord[]>
  /** The record's fields, parsed by its type's schema; throws `input` where it is of another type. */
  read<T extends Fields>(type: EvidenceType<T>, record: EvidenceRecord): T
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const LOGGED_WITHIN = 30_000

/**
 * Opens the recorder. `writable` throws where the installation is read-only (restored and not yet compared with
 * the last witnessed and published heads).
 */
export function openRecorder(
  db: Database,
  context: { origin: string; now: () => Date; writable: () => void },
): Recorder {
  // Reads go through the caller's connection: a second one, asked for while holding the first, can exhaust the pool.
  const prepareDraft = async <T extends Fields>(
    on: Kysely<Tables>,
    draft: Draft<T>,
    head: WitnessedHead | undefined,
  ) => {
    context.writable()
    if (draft.retracts !== undefined) await mustExist(on, draft.retracts, 'retracts')
    if (draft.supersedes !== undefined) await mustExist(on, draft.supersedes, 'supersedes')
    return prepare(draft, { origin: context.origin, now: context.now(), head })
  }

  const acceptAll = async <T extends Fields>(tx: Tx, drafts: Draft<T>[]): Promise<Accepted[]> => {
    for (const draft of drafts) refuseLoneRetraction(draft.retracts, [])
    const head = await witnessedHead(tx)
    const items: { prepared: Prepared; signatures: DsseSignature[] }[] = []
    for (const draft of drafts) items.push({ prepared: await prepareDraft(tx, draft, head), signatures: [] })
    await insertPrepared(tx, items)
    return items.map(({ prepared: { id, digest } }) => ({ id, digest }))
  }

  const logged = async (ids: string[]): Promise<Logged[]> => {
    const deadline = Date.now() + LOGGED_WITHIN
    const found = new Map<string, Logged>()
    for (let pause = 4; ; pause = Math.min(pause * 1.5, 100)) {
      const left = ids.filter((id) => !found.has(id))
      // The last one accepted is most often the last one logged: asking for it alone first spares asking for thousands.
      if (left.length > 1 && (await loggedRows(db, left.slice(-1))).length === 0)
        await waitOrGiveUp(left, deadline, pause)
      else {
        for (const row of await loggedRows(db, left))
          found.set(row.id, { id: row.id, digest: row.digest.toString('hex'), index: row.leaf_index })
        if (ids.every((id) => found.has(id))) return ids.map((id) => found.get(id)!)
        await waitOrGiveUp(left, deadline, pause)
      }
    }
  }

  return {
    accept: async (tx, draft) => (await acceptAll(tx, [draft]))[0]!,
    acceptAll,
    prepare: async (draft) => prepareDraft(db.kysely, draft, await witnessedHead(db.kysely)),
    acceptSigned: async (tx, prepared, signatures) => {
      context.writable()
      refuseLoneRetraction(prepared.retracts, signatures)
      await insertPrepared(tx, [{ prepared, signatures }])
      return { id: prepared.id, digest: prepared.digest }
    },
    append: async (draft) => {
      const { id } = await db.kysely
        .transaction()
        .execute((tx) => acceptAll(tx, [draft]).then((all) => all[0]!))
      return (await logged([id]))[0]!
    },
    logged,
    get: async (id) => {
      if (UUID.test(id)) return findRecord(db.kysely, { id })
      return /^[0-9a-f]{64}$/.test(id) ? findRecord(db.kysely, { digest: id }) : undefined
    },
    list: ({ type, ...filter }) =>
      listRecords(db, {
        ...filter,
        ...(type !== undefined && { predicateType: typeof type === 'string' ? type : type.predicateType }),
      }),
    read: (type, record) => {
      if (record.predicateType !== type.predicateType)
        throw new AvouchError(
          'input',
          `evidence ${record.id} is a ${record.predicateType}, not a ${type.predicateType}`,
        )
      const parsed = type.schema.safeParse(record.fields)
      if (!parsed.success)
        throw new AvouchError(
          'input',
          `evidence ${record.id} does not hold a whole ${type.title}: ${z.prettifyError(parsed.error)}`,
          {
            fix: 'A field of it may have been erased.',
          },
        )
      return parsed.data
    },
  }
}

async function waitOrGiveUp(left: string[], deadline: number, pause: number): Promise<void> {
  if (Date.now() > deadline)
    throw new AvouchError(
      'unavailable',
      `${left.length} pieces of evidence are accepted but not yet logged: no process sealed them in 30 s`,
      {
        fix: 'Nothing is lost: they are sealed as soon as a process with the log key runs. `avouch doctor` says whether one does.',
      },
    )
  await new Promise((done) => setTimeout(done, pause))
}

/** The last head with cosignatures, which a Statement carries to show that it was not made before it. */
async function witnessedHead(db: Kysely<Tables>): Promise<WitnessedHead | undefined> {
  const found = await sql<{ name: string; size: number; root: Buffer }>`
    select o.name, c.size, c.root from log.checkpoint c join log.origin o using (epoch)
    where c.witnessed_at is not null order by c.epoch desc, c.size desc limit 1`.execute(db)
  const row = found.rows[0]
  return row && { origin: row.name, size: row.size, root: row.root.toString('base64') }
}

async function mustExist(db: Kysely<Tables>, id: string, relation: string): Promise<void> {
  if (!UUID.test(id) || !(await findRecord(db, { id })))
    throw new AvouchError('input', `the evidence it ${relation} does not exist: ${id}`, { where: relation })
}

/** Taking evidence back is for two people: otherwise whoever dislikes a result could make it vanish alone. */
function refuseLoneRetraction(retracts: string | undefined, signatures: DsseSignature[]): void {
  if (retracts === undefined) return
  if (new Set(signatures.map((signature) => signature.keyid)).size < 2)
    throw new AvouchError('forbidden', 'taking evidence back takes the signatures of two people', {
      where: retracts,
      fix: 'Ask for it in the console, where two people with enrolled passkeys sign the retraction.',
    })
}
