import {
  COSIGNATURE,
  cosignedMessage,
  formatCosignature,
  formatSignatureLine,
  parseAddCheckpoint,
  parseCheckpoint,
  parseNote,
  parseVerifierKey,
  VerifyError,
  verifyConsistency,
  verifyNote,
} from '@avouch/verify'
import type { FastifyPluginAsync } from 'fastify'
import { sql } from 'kysely'
import type { SigningKey } from '../crypto/index.ts'
import type { Database } from '../db/database.ts'
import { AvouchError } from '../errors.ts'
import { noteKeyId, verifierKey } from './checkpoint.ts'

/** What a witness answers (C2SP tlog-witness): a signature line, or why not, with the status the protocol gives it. */
export type WitnessAnswer = { status: 200 | 400 | 403 | 404 | 409 | 422; body: string; contentType: string }

/** The witness's name and its cosignature key as others need it (type 4). */
export function witnessKey(origin: string, key: SigningKey): { name: string; vkey: string } {
  const name = `${origin}/witness`
  return { name, vkey: verifierKey(name, key.publicKey, COSIGNATURE) }
}

/** Agrees to witness a log: from now on its consistent heads are cosigned. Throws `input` for what is no log key. */
export async function witnessFor(db: Database, vkey: string): Promise<string> {
  let name: string
  try {
    name = (await parseVerifierKey(vkey)).name
  } catch (cause) {
    throw new AvouchError('input', `this is no verifier key: ${(cause as Error).message}`, {
      where: '--for',
      cause,
    })
  }
  await sql`insert into log.witnessed (origin, key) values (${name}, ${vkey}) on conflict (origin) do nothing`.execute(
    db.kysely,
  )
  return name
}

/**
 * Answers an add-checkpoint request: cosigns a head that is consistent with the last one cosigned. The new head is
 * durable before the cosignature leaves, so that no crash lets two inconsistent heads be cosigned.
 */
export async function cosign(
  db: Database,
  witness: { name: string; key: SigningKey },
  request: Uint8Array,
  now: Date,
): Promise<WitnessAnswer> {
  const plain = (
    status: WitnessAnswer['status'],
    body: string,
    contentType = 'text/plain; charset=utf-8',
  ): WitnessAnswer => ({ status, body, contentType })
  try {
    const { oldSize, proof, checkpoint } = parseAddCheckpoint(request)
    const note = parseNote(checkpoint)
    const head = parseCheckpoint(note.text)
    return await db.kysely.transaction().execute(async (tx) => {
      const rows = await sql<{ key: string; size: number; root: Buffer | null }>`
        select key, size, root from log.witnessed where origin = ${head.origin} for update`.execute(tx)
      const known = rows.rows[0]
      if (known === undefined) return plain(404, 'This log is not known here.\n')
      const signed = await verifyNote(note, [await parseVerifierKey(known.key)]).catch(() => [])
      if (signed.length === 0) return plain(403, 'No known key of this log signed the checkpoint.\n')
      if (oldSize > head.size) return plain(400, 'The old size is larger than the checkpoint.\n')
      if (oldSize !== known.size) return plain(409, `${known.size}\n`, 'text/x.tlog.size')
      if (head.size === known.size && known.root !== null && !known.root.equals(head.root))
        return plain(409, `${known.size}\n`, 'text/x.tlog.size')
      if (oldSize > 0) {
        const consistent = await verifyConsistency({
          size1: oldSize,
          size2: head.size,
          root1: known.root!,
          root2: head.root,
          proof,
        })
          .then(() => true)
          .catch(() => false)
        if (!consistent)
          return plain(422, 'The proof does not show that the new tree begins with the old one.\n')
      }
      await sql`
        update log.witnessed set size = ${head.size}, root = ${Buffer.from(head.root)} where origin = ${head.origin}`.execute(
        tx,
      )
      const timestamp = Math.floor(now.getTime() / 1000)
      const signature = new Uint8Array(witness.key.sign(cosignedMessage(note.text, timestamp)))
      const id = noteKeyId(witness.name, witness.key.publicKey, COSIGNATURE).toString('hex')
      return plain(
        200,
        formatSignatureLine({ name: witness.name, id, signature: formatCosignature(timestamp, signature) }),
      )
    })
  } catch (error) {
    if (error instanceof VerifyError) return plain(400, `${error.message}\n`)
    throw error
  }
}

/** The witness over HTTP: `POST add-checkpoint`, and its key. */
export function serveWitness(parts: {
  db: Database
  witness: () => Promise<{ name: string; vkey: string; key: SigningKey }>
  now: () => Date
}): FastifyPluginAsync {
  return async (app) => {
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 262_144 }, (_request, body, done) =>
      done(null, body),
    )
    app.post('/add-checkpoint', { config: { permission: 'public' } }, async (request, reply) => {
      const body = request.body
      const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : '')
      const answer = await cosign(parts.db, await parts.witness(), bytes, parts.now())
      return reply.code(answer.status).type(answer.contentType).send(answer.body)
    })
    app.get('/key', { config: { permission: 'public' } }, async (_request, reply) =>
      reply.type('text/plain; charset=utf-8').send(`${(await parts.witness()).vkey}\n`),
    )
  }
}
