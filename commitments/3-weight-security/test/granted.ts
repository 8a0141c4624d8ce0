import { beginApproval, certify, finishApproval, LOCAL, type Principal, type Role } from '@avouch/core/auth'
import { type TestPerson, testPerson } from '@avouch/core/auth/testing'
import type { Installation } from '@avouch/core/installation'
import { grantAct } from '../src/access/grant.ts'
import { adoptPolicies } from '../src/access/policy/adopt.ts'
import { writeDefaults } from '../src/access/policy/files.ts'
import { type ProfileDraft, setProfile } from '../src/access/profile.ts'
import { type Ask, requestAccess } from '../src/access/request.ts'
import type { AccessRequest } from '../src/access/request-store.ts'
import { listLeases } from '../src/access/store.ts'

/** The policies that ship, in force, with the models of this name in project `example`. */
export async function adoptDefaults(installation: Installation, name: string): Promise<void> {
  await writeDefaults(installation.config, { [name]: ['example'] })
  await adoptPolicies(installation, LOCAL)
}

/** Someone with a passkey and a job. */
export async function employee(
  installation: Installation,
  team: string,
  roles: Role[] = ['custodian'],
  profile: Partial<ProfileDraft> = {},
): Promise<TestPerson> {
  const someone = await testPerson(installation, roles, certify(installation, 'added'))
  await setProfile(installation, LOCAL, someone.person.id, {
    team,
    functions: ['weights-evaluation', 'weights-approver', 'weights-on-call'],
    projects: ['example'],
    environments: ['evaluation'],
    ...profile,
  })
  return someone
}

/** Asks in this person's name, from a session of theirs. */
export async function ask(
  installation: Installation,
  holder: TestPerson,
  wanted: Partial<Ask> & { model: string },
): Promise<AccessRequest & { by: Principal & { kind: 'person' } }> {
  const by = await holder.principal()
  const request = await requestAccess(installation, by, {
    environment: 'evaluation',
    seconds: 3600,
    purpose: 'evaluation',
    reason: 'to run the planned evaluation',
    ...wanted,
  })
  return { ...request, by }
}

/** Signs for a request by passkey. */
export async function sign(
  installation: Installation,
  approver: TestPerson,
  request: AccessRequest,
): Promise<void> {
  const by = await approver.principal()
  const act = grantAct(installation)
  const asking = await beginApproval(installation, by, request.approval!, act)
  await finishApproval(installation, by, request.approval!, approver.answer(asking), act)
}

/** The ids of the leases that two approvers give a holder, in the log. */
export async function grant(
  installation: Installation,
  people: { holder: TestPerson; approvers: [TestPerson, TestPerson] },
  wanted: Partial<Ask> & { model: string },
): Promise<string[]> {
  const request = await ask(installation, people.holder, wanted)
  for (const approver of people.approvers) await sign(installation, approver, request)
  const leases = (await listLeases(installation.db, { holder: people.holder.person.id })).filter(
    (lease) => lease.request === request.id,
  )
  await installation.evidence.logged(leases.map(({ evidence }) => evidence))
  return leases.map(({ id }) => id)
}
