import {
  formatAddCheckpoint,
  formatNote,
  parseNote,
  parseVerifierKey,
  parseWitnessAnswer,
  verifyCosignatures,
} from '@avouch/verify'
import { sql } from 'kysely'
import type { BlobStore } from '../blob/store.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { type Checkpoint, findCheckpoint } from './store.ts'
import { openTree } from './tile-store.ts'

type Witness = { url: string; key: string; size: number }
type Parts = { db: Database; blobs: BlobStore; now: () => Date }

/** How one witness answered. */
export type Collected = { url: string; name: string; ok: boolean; detail: string }

const WITHIN = 10_000

/** Adds a witness by its address (to which `add-checkpoint` is appended) and its cosignature key. */
export async function addWitness(db: Database, url: string, key: string): Promise<void> {
  const { type } = await parseVerifierKey(key).catch((cause: Error) => {
    throw new AvouchError('input', `this is no verifier key: ${cause.message}`, { where: '--key', cause })
  })
  if (type !== 4)
    throw new AvouchError('input', 'this is the key of a log, not of a witness', {
      where: '--key',
      fix: "Take the witness's cosignature key (type 4), which it serves at /witness/key.",
    })
  await sql`
    insert into log.witness (url, key) values (${url.replace(/\/$/, '')}, ${key}) on conflict (url) do update set key = excluded.key`.execute(
    db.kysely,
  )
}

/**
 * Asks every witness to cosign the newest signed checkpoint, and keeps with it the cosignatures that hold. A witness
 * that is slow, down or wrong changes nothing for the others; what came of each is answered.
 */
export async function collectCosignatures(
  parts: Parts,
): Promise<{ checkpoint: Checkpoint; answers: Collected[] }> {
  const checkpoint = await findCheckpoint(parts.db, 'signed')
  if (checkpoint === undefined)
    throw new AvouchError('not-found', 'there is no checkpoint to be witnessed yet')
  const witnesses = await sql<Witness>`select url, key, size from log.witness order by url`.execute(
    parts.db.kysely,
  )
  if (witnesses.rows.length === 0)
    throw new AvouchError('not-found', 'no witness is set up', {
      fix: 'Add one: `avouch log witness --add URL --key VKEY`.',
    })
  const answers = await Promise.all(witnesses.rows.map((witness) => ask(parts, checkpoint, witness)))
  for (const [i, answer] of answers.entries())
    if (answer.ok) await keep(parts, checkpoint, witnesses.rows[i]!, answer.lines)
  return { checkpoint, answers: answers.map(({ lines: _, ...answer }) => answer) }
}

type Lines = ReturnType<typeof parseWitnessAnswer>

async function ask(
  parts: Parts,
  checkpoint: Checkpoint,
  witness: Witness,
): Promise<Collected & { lines: Lines }> {
  const { name } = await parseVerifierKey(witness.key)
  const answer = (ok: boolean, detail: string, lines: Lines = []) => ({
    url: witness.url,
    name,
    ok,
    detail,
    lines,
  })
  try {
    let oldSize = witness.size
    for (let attempt = 0; attempt < 2; attempt++) {
      const proof = await openTree(parts.db, parts.blobs, checkpoint.epoch).consistency(
        Math.min(oldSize, checkpoint.size),
        checkpoint.size,
      )
      const body = formatAddCheckpoint({
        oldSize,
        proof: proof.map((hash) => new Uint8Array(hash)),
        checkpoint: bare(checkpoint.note),
      })
      const response = await fetch(`${witness.url}/add-checkpoint`, {
        method: 'POST',
        body,
        redirect: 'error',
        signal: AbortSignal.timeout(WITHIN),
      })
      const text = (await response.text()).slice(0, 262_144)
      if (response.status === 409 && attempt === 0 && /^\d{1,15}\n$/.test(text)) {
        oldSize = Number(text)
        if (oldSize > checkpoint.size)
          return answer(false, `it has seen a head of size ${oldSize}, later than ours of ${checkpoint.size}`)
        continue
      }
      if (response.status !== 200)
        return answer(false, `it answered ${response.status}: ${text.trim().slice(0, 200)}`)
      const lines = parseWitnessAnswer(text)
      const note = { text: parseNote(checkpoint.note).text, signatures: lines }
      const held = await verifyCosignatures(note, [await parseVerifierKey(witness.key)])
      return held.length > 0
        ? answer(true, `cosigned size ${checkpoint.size}`, lines)
        : answer(false, 'its answer holds no signature of its key')
    }
    return answer(false, 'it gave two different sizes')
  } catch (error) {
    return answer(false, (error as Error).message)
  }
}

async function keep(parts: Parts, checkpoint: Checkpoint, witness: Witness, lines: Lines): Promise<void> {
  const { name } = await parseVerifierKey(witness.key)
  await parts.db.kysely.transaction().execute(async (tx) => {
    const rows = await sql<{ note: string }>`
      select note from log.checkpoint where epoch = ${checkpoint.epoch} and size = ${checkpoint.size} for update`.execute(
      tx,
    )
    const note = parseNote(rows.rows[0]!.note)
    const kept = note.signatures.filter((signature) => signature.name !== name)
    const signed = formatNote({
      text: note.text,
      signatures: [...kept, ...lines.filter((line) => line.name === name)],
    })
    await sql`
      update log.checkpoint set note = ${signed}, witnessed_at = coalesce(witnessed_at, ${parts.now()})
      where epoch = ${checkpoint.epoch} and size = ${checkpoint.size}`.execute(tx)
    await sql`update log.witness set size = greatest(size, ${checkpoint.size}) where url = ${witness.url}`.execute(
      tx,
    )
  })
}

/** The note with the log's own signature only: what witnesses are asked to cosign. */
function bare(signed: string): string {
  const note = parseNote(signed)
  return formatNote({ text: note.text, signatures: note.signatures.slice(0, 1) })
}
