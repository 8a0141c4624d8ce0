import { getPerson, nameOf, type Principal } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { identityEvidence } from './evidence.ts'
import { identitiesOf, putIdentity, removeIdentity } from './store.ts'

/**
 * Says whom a name in events stands for (a principal of an audit log, an account), so that nobody handles an alert about
 * themselves; with `person` null, that it stands for nobody any more. Recorded as evidence. Throws `forbidden` where
 * somebody says it of themselves, `not-found` for an unknown person or a name that is not linked.
 */
export async function linkIdentity(
  { db, evidence, now }: Pick<Installation, 'db' | 'evidence' | 'now'>,
  by: Principal,
  { name, person }: { name: string; person: string | null },
): Promise<{ evidence: string }> {
  const who = nameOf(by)
  if (person !== null) await getPerson({ db }, person)
  const id = await db.kysely.transaction().execute(async (tx) => {
    const before = (await identitiesOf(tx, [name])).get(name)
    if (who === person || who === before)
      throw new AvouchError('forbidden', 'nobody says of themselves by which names they go', {
        where: name,
        fix: 'Somebody else with the permission weight-security:assign must.',
      })
    if (person === null && before === undefined)
      throw new AvouchError('not-found', 'this name is linked to nobody', { where: name })
    const made = await evidence.accept(tx, {
      type: identityEvidence,
      about: {},
      fields: { name, person, by: who },
    })
    if (person === null) await removeIdentity(tx, name)
    else await putIdentity(tx, { name, person, evidence: made.id, since: now() })
    return made.id
  })
  return { evidence: id }
}
