import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Tx } from '../db/database.ts'
import { defineEvidence } from '../evidence/type.ts'
import type { Installation } from '../installation.ts'
import { type Credential, certify } from './credential.ts'
import type { Principal } from './principal.ts'
import { type AuthContext, tables } from './store.ts'

/** That somebody was given access, or lost it. People are named by their ids, and those are sealed. */
export const accessEvidence = defineEvidence('core/access/v1', {
  title: 'Access',
  schema: z.object({
    change: z.enum(['invited', 'roles-set', 'disabled', 'key-made', 'key-revoked']),
    person: z.string(),
    /** The roles, or an API key's scopes, as they are now. */
    granted: z.array(z.string()),
    /** The id of the person who did it; `local` for the command line. */
    by: z.string(),
  }),
  open: ['change'],
})

export type AccessChange = z.output<(typeof accessEvidence)['schema']>

/** Tells of access that is given, within the act's own transaction: where it throws, nothing was given. */
export type AccessListener = (tx: Tx, change: Omit<AccessChange, 'by'>) => Promise<void>

/** Records what is given as evidence, under the name of who gives it. */
export function recordAccess(installation: Pick<Installation, 'evidence'>, by: Principal): AccessListener {
  return async (tx, change) => {
    await installation.evidence.accept(tx, {
      type: accessEvidence,
      fields: { ...change, by: nameOf(by) },
      about: {},
    })
  }
}

/** The id under which a principal stands in evidence. */
export function nameOf(by: Principal): string {
  return by.kind === 'person' || by.kind === 'key' ? by.person.id : by.kind
}

/**
 * Notes that access was taken, in the transaction that takes it. A revocation must not wait for the log: it acts first,
 * and `recordRevocations` makes evidence of it.
 */
export async function noteRevocation(
  tx: Tx,
  at: Date,
  revoked: { access: AccessChange } | { credential: Credential },
): Promise<void> {
  const note =
    'access' in revoked
      ? revoked
      : {
          credential: {
            ...revoked.credential,
            publicKey: Buffer.from(revoked.credential.publicKey).toString('base64'),
          },
        }
  await tables(tx)
    .insertInto('auth.revocation')
    .values({ id: randomUUID(), note: JSON.stringify(note), noted_at: at })
    .execute()
}

const noted = z.union([
  z.object({ access: accessEvidence.schema }),
  z.object({
    credential: z.object({ keyid: z.string(), publicKey: z.string(), rpId: z.string(), origin: z.string() }),
  }),
])

/** Makes evidence of the revocations that are not evidence yet, each once; returns how many. */
export async function recordRevocations(
  context: Pick<AuthContext, 'db'> & Pick<Installation, 'evidence'>,
): Promise<number> {
  return context.db.kysely.transaction().execute(async (tx) => {
    const rows = await tables(tx)
      .selectFrom('auth.revocation')
      .selectAll()
      .orderBy('noted_at')
      .limit(1000)
      .forUpdate()
      .skipLocked()
      .execute()
    for (const row of rows) {
      const note = noted.parse(row.note)
      if ('access' in note)
        await context.evidence.accept(tx, { type: accessEvidence, fields: note.access, about: {} })
      else
        await certify(context, 'revoked')(tx, {
          ...note.credential,
          publicKey: Buffer.from(note.credential.publicKey, 'base64'),
        })
      await tables(tx).deleteFrom('auth.revocation').where('id', '=', row.id).execute()
    }
    return rows.length
  })
}
