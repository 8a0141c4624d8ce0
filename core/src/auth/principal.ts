import type { Person } from './people.ts'
import { covers, type Permission, ROLES } from './permission.ts'

/** A person's session, as an act sees it. */
export type SessionFace = { id: string; steppedUpAt: Date | undefined; expiresAt: Date }

/** Who asks. `local` is the command line on the installation's own machine: it records and never approves. */
export type Principal =
  | { kind: 'anyone' }
  | { kind: 'local' }
  | { kind: 'person'; person: Person; session: SessionFace }
  | { kind: 'key'; person: Person; key: { id: string; name: string; scopes: string[] } }

export const ANYONE: Principal = { kind: 'anyone' }
export const LOCAL: Principal = { kind: 'local' }

/** How long a fresh assertion counts as step-up, in milliseconds. */
export const STEP_UP_MS = 5 * 60_000

/**
 * Whether this principal has the permission. A key has what both its scopes and its person's roles cover, and no
 * more than reading of `self`; `approve` belongs to people alone.
 */
export function may(principal: Principal, permission: Permission): boolean {
  if (permission === 'public') return true
  const approving = permission.endsWith(':approve')
  switch (principal.kind) {
    case 'anyone':
      return false
    case 'local':
      return !approving && covers(['*:*'], permission)
    case 'key':
      if (approving) return false
      if (permission === 'self:read') return true
      if (permission.startsWith('self:')) return false
      return covers(principal.key.scopes, permission) && covers(granted(principal.person), permission)
    case 'person':
      return covers(['self:*', ...granted(principal.person)], permission)
  }
}

/** Whether a fresh assertion by the person's passkey is at most five minutes old. */
export function steppedUp(principal: Principal, now: Date): boolean {
  if (principal.kind !== 'person' || !principal.session.steppedUpAt) return false
  const age = now.getTime() - principal.session.steppedUpAt.getTime()
  return age >= 0 && age <= STEP_UP_MS
}

function granted(person: Person): string[] {
  return person.state === 'active' ? person.roles.flatMap((role) => [...ROLES[role]]) : []
}
