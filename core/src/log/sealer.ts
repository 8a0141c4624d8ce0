import type { Logger } from 'pino'
import type { BlobStore } from '../blob/store.ts'
import type { SigningKey } from '../crypto/index.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import type { Recorder } from '../evidence/recorder.ts'
import { logKeyId, verifierKey } from './checkpoint.ts'
import { integrate, loadEdge } from './integrate.ts'
import { keyEvidence, keyId } from './keys.ts'
import type { SealingKeys } from './sealing-keys.ts'
import { anyWaiting, type Signer, sequence } from './sequence.ts'
import { type Head, openOrigin, readEntries, readHead } from './store.ts'
import type { TreeEdge } from './tree.ts'

/** The advisory lock that makes one process at a time the sealer: "avouch" in the first key, "seal" in the second. */
const LOCK = [0x61766f75, 0x7365616c] as const
const BATCH = 4096
const TAKEOVER_EVERY = 500
const IDLE_POLL = 1000

export type SealerParts = {
  db: Database
  blobs: BlobStore
  recorder: Recorder
  /** Loaded only by the process that holds the lock. */
  keys: (existing: { name: string; key: string } | undefined) => Promise<SealingKeys>
  origin: string
  now: () => Date
  logger: Logger
}

/**
 * Seals the outbox into the log for as long as this process holds the sealer's lock, and stands by otherwise.
 * Order is fixed in PostgreSQL before anything is signed, so a crash at any instant, or two sealers that each
 * believe to be the one, give the same tree.
 */
export function startSealer(parts: SealerParts): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const done = run(parts, stopping.signal)
  return {
    stop: async () => {
      stopping.abort()
      await done
    },
  }
}

async function run(parts: SealerParts, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    try {
      await holdLock(parts, stop)
    } catch (error) {
      if (!stop.aborted) parts.logger.error({ err: error }, 'sealing stopped; trying again')
    }
    await pause(TAKEOVER_EVERY, stop)
  }
}

/** Takes the lock on a connection of its own and seals until told to stop or the connection is lost. */
async function holdLock(parts: SealerParts, stop: AbortSignal): Promise<void> {
  const client = await parts.db.pool.connect()
  const lost = new AbortController()
  let wake = (): void => {}
  const onError = (): void => lost.abort()
  client.on('error', onError)
  client.on('end', onError)
  client.on('notification', () => wake())
  const ended = AbortSignal.any([stop, lost.signal])
  try {
    const locked = await client.query<{ held: boolean }>('select pg_try_advisory_lock($1, $2) as held', [
      ...LOCK,
    ])
    if (!locked.rows[0]?.held) return
    await client.query('listen avouch_accepted')
    const state = await begin(parts)
    while (!ended.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve
      })
      if (await sealBatch(parts, state)) continue
      await Promise.race([woken, pause(IDLE_POLL, ended)])
    }
    if (!lost.signal.aborted) {
      await client.query('unlisten avouch_accepted')
      await client.query('select pg_advisory_unlock($1, $2)', [...LOCK])
    }
  } finally {
    client.off('error', onError)
    client.off('end', onError)
    client.removeAllListeners('notification')
    client.release(lost.signal.aborted)
  }
}

type SealerState = {
  head: Head
  edge: TreeEdge
  signers: { log: Signer; evidence: Signer }
  logKey: SigningKey
  certified: boolean
}

async function begin(parts: SealerParts): Promise<SealerState> {
  const before = await readHead(parts.db)
  const keys = await parts.keys(before && { name: before.origin, key: before.key })
  await openOrigin(parts.db, parts.origin, verifierKey(parts.origin, keys.log.publicKey))
  const head = await readHead(parts.db)
  if (head === undefined) throw new AvouchError('internal', 'the log has no origin after it was opened')
  const signers = {
    log: { keyid: logKeyId(head.origin, keys.log.publicKey), key: keys.log },
    evidence: { keyid: keyId(keys.evidence.publicKey), key: keys.evidence },
  }
  return {
    head,
    edge: await loadEdge(parts.db, head.epoch, head.size),
    signers,
    logKey: keys.log,
    certified: false,
  }
}

/** One round: leaves left over by a crash first, then what waits in the outbox. False when there was nothing. */
async function sealBatch(parts: SealerParts, state: SealerState): Promise<boolean> {
  let entries = await readEntries(parts.db, state.head.epoch, state.head.size, BATCH)
  if (entries.length === 0 && !state.certified && (await anyWaiting(parts.db))) {
    await certify(parts, state.signers.evidence.key, state.head.epoch)
    state.certified = true
  }
  if (entries.length === 0)
    entries = await sequence(parts.db, state.head.epoch, state.head.size, state.signers, BATCH)
  if (entries.length === 0) return false
  state.head = await integrate({ ...parts, logKey: state.logKey }, state.head, state.edge, entries)
  return true
}

/**
 * Makes sure that this origin certifies the evidence key, before anything is signed with it, and, where the origin is
 * a new one, every key that stood in the one before.
 */
async function certify(parts: SealerParts, evidence: SigningKey, epoch: number): Promise<void> {
  const id = keyId(evidence.publicKey)
  const events = await parts.recorder.list({ type: keyEvidence })
  const standing = new Map(events.map((record) => [String(record.fields.keyid), record]))
  const due = [...standing.values()].filter(
    (record) => record.fields.action === 'added' && record.epoch < epoch && record.index !== undefined,
  )
  const fields = due.map((record) => parts.recorder.read(keyEvidence, record))
  if (!standing.has(id))
    fields.push({
      action: 'added',
      kind: 'evidence',
      keyid: id,
      algorithm: 'ed25519',
      publicKey: Buffer.from(evidence.publicKey).toString('base64'),
    })
  if (fields.length === 0) return
  await parts.db.kysely.transaction().execute((tx) =>
    parts.recorder.acceptAll(
      tx,
      fields.map((field) => ({ type: keyEvidence, about: {}, fields: field })),
    ),
  )
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
  })
}
