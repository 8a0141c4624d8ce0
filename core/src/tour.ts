import { recordRevocations } from './auth/access.ts'
import { certify } from './auth/credential.ts'
import { disablePerson } from './auth/people.ts'
import type { Role } from './auth/permission.ts'
import { type SoftwarePerson, softwarePerson } from './auth/software-person.ts'

import type { Installation } from './installation.ts'
import type { Progress } from './verb.ts'

export type { SoftwarePerson } from './auth/software-person.ts'

/** A commitment's part in the guided tour: acts on the example release as a company would, by the same code. */
export type Tour = {
  installation: Installation
  release: string
  /** Where the tour's server answers; what is to be tried over HTTP is left out, and said to be, where none runs. */
  url?: string | undefined
  /** Somebody of the example company: their passkey is in this process's memory, and they leave when the tour ends. */
  person(name: string, roles: Role[]): Promise<SoftwarePerson>
  progress(update: Progress): void
  /** A line the reader should see. */
  tell(line: string): void
  signal: AbortSignal
}

/** Enrols the example company's people, and lets them go: their keys are certified, used and revoked as in life. */
export function tourPeople(installation: Installation): Pick<Tour, 'person'> & { leave(): Promise<void> } {
  const enrolled: SoftwarePerson[] = []
  return {
    async person(name, roles) {
      const draft = { name: `Example ${name}`, roles, label: 'guided tour, in software' }
      const someone = await softwarePerson(installation, draft, certify(installation, 'added'))
      enrolled.push(someone)
      return someone
    },
    async leave() {
      for (const { person } of enrolled.splice(0)) await disablePerson(installation, person.id)
      await recordRevocations(installation)
    },
  }
}
