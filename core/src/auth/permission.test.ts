import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Person } from './people.ts'
import { covers, isPermission, type Permission, ROLES, type Role } from './permission.ts'
import { ANYONE, LOCAL, may, type Principal, STEP_UP_MS, steppedUp } from './principal.ts'

const person = (roles: Role[], state: Person['state'] = 'active'): Person => ({
  id: '0',
  name: 'Example Person',
  email: undefined,
  roles,
  state,
  createdAt: new Date(0),
})
const session = { id: '1', steppedUpAt: new Date(1000), expiresAt: new Date(9e9) }
const signedIn = (roles: Role[], state?: Person['state']): Principal => ({
  kind: 'person',
  person: person(roles, state),
  session,
})
const key = (roles: Role[], scopes: string[]): Principal => ({
  kind: 'key',
  person: person(roles),
  key: { id: '2', name: 'key', scopes },
})
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/)

describe('permissions', () => {
  it('denies by default', () => {
    fc.assert(
      fc.property(word, word, (area, verb) => {
        const permission: Permission = `${area}:${verb}`
        expect(may(ANYONE, permission)).toBe(false)
        expect(may(signedIn([]), permission)).toBe(area === 'self')
        expect(may(signedIn(['owner'], 'disabled'), permission)).toBe(area === 'self')
        expect(covers([], permission)).toBe(false)
      }),
    )
    expect(covers(['*:*'], 'nonsense' as Permission)).toBe(false)
  })

  it('opens public to all', () => {
    for (const principal of [ANYONE, LOCAL, signedIn([]), key([], [])])
      expect(may(principal, 'public')).toBe(true)
  })

  it('never gives a key more than its person has, and approving to people alone', () => {
    const roles = fc.subarray(Object.keys(ROLES) as Role[])
    fc.assert(
      fc.property(roles, fc.array(fc.tuple(word, word)), word, word, (held, scopes, area, verb) => {
        const permission: Permission = `${area}:${verb}`
        const patterns = scopes.map(([a, v]) => `${a}:${v}`)
        if (may(key(held, patterns), permission) && permission !== 'self:read')
          expect(may(signedIn(held), permission)).toBe(true)
        expect(may(key(held, ['*:*']), `${area}:approve`)).toBe(false)
        expect(may(LOCAL, `${area}:approve`)).toBe(false)
      }),
    )
    expect(may(signedIn(['owner']), 'hold:approve')).toBe(true)
    expect(may(key(['owner'], ['release:read']), 'release:read')).toBe(true)
    expect(may(key(['owner'], ['release:read']), 'people:manage')).toBe(false)
    expect(may(key(['reader'], ['*:*']), 'people:manage')).toBe(false)
  })

  it('gives auditors reading everywhere and nothing else that changes', () => {
    expect(may(signedIn(['auditor']), 'weight-security:read')).toBe(true)
    expect(may(signedIn(['auditor']), 'weight-security:grant')).toBe(false)
  })

  it('shows whoever approves anything what waits for them', () => {
    const approvers = (Object.keys(ROLES) as Role[]).filter((role) =>
      (
        ['hold:approve', 'evidence:approve', 'weight-security:approve', 'content-provenance:approve'] as const
      ).some((one) => may(signedIn([role]), one)),
    )
    expect(approvers).toContain('custodian')
    for (const role of approvers) expect([role, may(signedIn([role]), 'approval:read')]).toEqual([role, true])
  })

  it('tells a permission from other text', () => {
    for (const good of ['public', 'release:read', 'red-teaming:run']) expect(isPermission(good)).toBe(true)
    for (const bad of ['', 'release', 'Release:read', 'a:b:c', '*:read', 'a:', ':b', 7, undefined])
      expect(isPermission(bad)).toBe(false)
  })

  it('counts a step-up for five minutes', () => {
    expect(steppedUp(signedIn([]), new Date(1000 + STEP_UP_MS))).toBe(true)
    expect(steppedUp(signedIn([]), new Date(1001 + STEP_UP_MS))).toBe(false)
    expect(steppedUp(signedIn([]), new Date(999))).toBe(false)
    expect(steppedUp(key(['owner'], ['*:*']), new Date(1000))).toBe(false)
  })
})
