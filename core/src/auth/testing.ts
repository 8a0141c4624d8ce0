import { randomBytes } from 'node:crypto'
import type { CredentialListener } from './credential.ts'
import type { Role } from './permission.ts'
import { type SoftwarePerson, softwarePerson } from './software-person.ts'
import type { AuthContext } from './store.ts'

export { type Bent, type SoftwareAuthenticator, softwareAuthenticator } from './software-authenticator.ts'
export { openTestProvider, type ProviderAnswer, type TestProvider } from './testing-provider.ts'

export type TestPerson = SoftwarePerson

/** Invites a person with these roles, for a time where `until` is given, and enrols a passkey for them. */
export async function testPerson(
  context: AuthContext,
  roles: Role[],
  onCredential?: CredentialListener,
  until?: Date,
): Promise<TestPerson> {
  const name = `Example ${randomBytes(3).toString('hex')}`
  return softwarePerson(context, { name, roles, label: 'test', ...(until && { until }) }, onCredential)
}
