import { describe, expect, it } from 'vitest'
import { mappingSchema } from '../taking/mapping.ts'
import { Resolver } from '../taking/resolve.ts'
import { Sessions } from '../taking/sessions.ts'
import okta from './okta.ts'

const mapping = mappingSchema.parse({
  principals: [
    { id: 'person-1', role: 'research', names: ['one@company.example'] },
    { id: 'person-2', names: ['00u2'] },
  ],
  groups: [{ names: ['weights-*'], role: 'weights-reader', team: 'a' }],
  environments: [{ environment: 'office', addresses: ['203.0.113.0/24'] }],
})

const one = { id: '00u1', type: 'User', alternateId: 'one@company.example', displayName: 'Example One' }
function event(eventType: string, over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    uuid: 'u1',
    published: '2026-01-05T09:00:00.000Z',
    eventType,
    actor: one,
    client: { ipAddress: '203.0.113.9', zone: 'null' },
    outcome: { result: 'SUCCESS', reason: null },
    target: [
      { id: '00u2', type: 'User', alternateId: 'two@company.example' },
      { id: '00g1', type: 'UserGroup', alternateId: 'unknown', displayName: 'weights-readers' },
    ],
    ...over,
  }
}

const read = (given: Record<string, unknown>) =>
  okta.open({ storageDecrypts: false, sessions: new Sessions() }).read(given)
function take(given: Record<string, unknown>): unknown {
  const found = read(given)
  const resolver = new Resolver(mapping)
  const taken =
    found.kind === 'act' ? resolver.act(found) : found.kind === 'news' ? resolver.news(found) : found
  return 'event' in taken ? taken.event : taken
}

describe('the Okta System Log', () => {
  it('tells logins, with a second factor or without, and refusals', () => {
    for (const type of ['user.session.start', 'user.authentication.auth_via_mfa', 'user.authentication.sso'])
      expect(take(event(type))).toEqual({
        ...{ time: '2026-01-05T09:00:00.000Z', person: 'person-1', role: 'research', action: 'login' },
        ...{ host: '203.0.113.9', environment: 'office', outcome: 'ok' },
      })
    expect(take(event('user.session.start', { outcome: { result: 'FAILURE' } }))).toMatchObject({
      outcome: 'denied',
    })
    expect(read(event('user.session.start', { outcome: { result: 'CHALLENGE' } }))).toMatchObject({
      why: 'other',
    })
    const stranger = { id: '00u9', type: 'User', alternateId: 'nine@company.example' }
    expect(take(event('user.session.start', { actor: stranger }))).toEqual({
      why: 'unmappedPeople',
      name: '00u9',
    })
  })

  it('tells changes of role by groups that the mapping names, of whom it was done to', () => {
    expect(take(event('group.user_membership.add'))).toEqual({
      ...{ time: '2026-01-05T09:00:00.000Z', person: 'person-2', event: 'role-change' },
      ...{ role: 'weights-reader', team: 'a' },
    })
    const removed = take(event('group.user_membership.remove'))
    expect(removed).toMatchObject({ person: 'person-2', event: 'role-change' })
    expect(removed).not.toHaveProperty('role')
    const other = [event('x').target, { id: '00g2', type: 'UserGroup', displayName: 'lunch' }]
      .flat()
      .toReversed()
    expect(take(event('group.user_membership.add', { target: other }))).toMatchObject({ why: 'elsewhere' })
    expect(read(event('group.user_membership.add', { target: [one] }))).toMatchObject({ field: 'target' })
  })

  it('tells departures and arrivals that happened', () => {
    expect(take(event('user.lifecycle.deactivate'))).toMatchObject({ person: 'person-2', event: 'leave' })
    expect(take(event('user.lifecycle.activate'))).toMatchObject({ event: 'joined' })
    expect(read(event('user.lifecycle.deactivate', { outcome: { result: 'FAILURE' } }))).toMatchObject({
      why: 'other',
    })
    expect(read(event('user.lifecycle.deactivate', { target: null }))).toMatchObject({ field: 'target' })
  })

  it('sets aside other events, and what is none', () => {
    expect(read(event('policy.rule.update'))).toEqual({ kind: 'aside', why: 'other' })
    expect(read(event('user.session.start', { uuid: null }))).toMatchObject({ field: 'uuid' })
    expect(read(event('user.session.start', { published: 1 }))).toMatchObject({ field: 'published' })
    expect(read({ uuid: 'x', published: '2026-01-05T09:00:00Z' })).toMatchObject({ field: 'eventType' })
  })
})
