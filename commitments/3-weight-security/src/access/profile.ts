import { getPerson, nameOf, type Person, type Principal } from '@avouch/core/auth'
import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import { profileEvidence } from './evidence.ts'
import { recordLeaseEnds } from './lease-end.ts'
import type { Subject } from './policy/engine.ts'
import { endLeasesOf, findProfile, type Profile, putProfile } from './store.ts'

const word = z
  .string()
  .max(100)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'write it in small letters, digits and hyphens')
const words = z
  .array(word)
  .max(50)
  .transform((given) => [...new Set(given)].sort())

/** What is said of a person's work: the words that policies speak of. */
export const profileDraft = z.object({ team: word, functions: words, projects: words, environments: words })
export type ProfileDraft = z.input<typeof profileDraft>

type Needs = Pick<Installation, 'db' | 'blobs' | 'evidence' | 'now' | 'log'>

/**
 * Says what a person does here; nobody says it of themselves. A change is evidence, and ends every lease of that person
 * at once. Throws `input`, `forbidden`, and `not-found` where there is no such person.
 */
export async function setProfile(
  installation: Needs,
  by: Principal,
  person: string,
  draft: ProfileDraft,
): Promise<Profile> {
  const parsed = profileDraft.safeParse(draft)
  if (!parsed.success)
    throw new AvouchError('input', z.prettifyError(parsed.error), {
      where: 'profile',
      fix: 'Give team, functions, projects and environments as words such as weights-evaluation.',
    })
  if (nameOf(by) === person)
    throw new AvouchError('forbidden', 'nobody says of themselves what they do here', {
      where: 'profile',
      fix: 'Somebody else with the permission weight-security:assign must.',
    })
  await getPerson(installation, person)
  const before = await findProfile(installation.db, person)
  if (before && sameAs(before, parsed.data)) return before
  const profile = await installation.db.kysely
    .transaction()
    .execute((tx) => changeProfile(installation, tx, by, person, parsed.data))
  await recordLeaseEnds(installation)
  return profile
}

/** The same within a transaction, without asking who may. */
export async function changeProfile(
  { evidence, now }: Pick<Installation, 'evidence' | 'now'>,
  tx: Tx,
  by: Principal,
  person: string,
  draft: z.output<typeof profileDraft>,
): Promise<Profile> {
  const at = now()
  const name = nameOf(by)
  const { id } = await evidence.accept(tx, {
    type: profileEvidence,
    fields: { person, ...draft, by: name },
    about: {},
  })
  const made: Profile = { person, ...draft, evidence: id, changedAt: at }
  await putProfile(tx, made)
  await endLeasesOf(tx, person, { at, reason: 'role-change', by: name })
  return made
}

/** A person as policies see them. */
export function subjectOf({ id, roles }: Pick<Person, 'id' | 'roles'>, profile: Profile): Subject {
  const { team, functions, projects, environments } = profile
  return { id, team, functions, projects, environments, roles }
}

function sameAs(profile: Profile, draft: z.output<typeof profileDraft>): boolean {
  const shape = ({ team, functions, projects, environments }: z.output<typeof profileDraft>): string =>
    JSON.stringify([team, functions, projects, environments])
  return shape(profile) === shape(draft)
}
