import { momentOf } from '../intake/moment.ts'
import type { Act, Source, SourceRecord } from '../source.ts'
import { listAt, namesOf, textAt } from '../taking/field.ts'

const LOGINS = new Set([
  'user.session.start',
  'user.authentication.sso',
  'user.authentication.auth_via_mfa',
  'user.authentication.verify',
])
const MEMBERSHIPS = new Map([
  ['group.user_membership.add', false],
  ['group.user_membership.remove', true],
])
const LIFECYCLE = new Map([
  ['user.lifecycle.deactivate', 'leave'],
  ['user.lifecycle.activate', 'joined'],
  ['user.lifecycle.reactivate', 'joined'],
] as const)
const DONE = new Set(['SUCCESS', 'ALLOW'])
const REFUSED = new Set(['FAILURE', 'DENY'])

/**
 * The Okta System Log: LogEvent documents, one to a line or a list as `GET /api/v1/logs` answers.
 *
 * Fields: "System Log" and "Event types" in Okta's developer reference (developer.okta.com/docs/reference): `uuid`,
 * `published`, `eventType`, `outcome.result`, `actor` and `target` with `id`, `type`, `alternateId` (the login),
 * `client.ipAddress`. A login, a second factor, single sign-on are logins; coming into or leaving a group that the
 * mapping names is a change of role, deactivation a departure. It tells nothing of weights: it is read beside a log that
 * does.
 */
const okta: Source = {
  kind: 'okta',
  title: 'Okta System Log',
  reads: 'logins with and without a second factor, group membership, activation and deactivation',
  blind: 'Anything about weights; suspension and deletion are not taken for a departure, deactivation is.',
  open() {
    return {
      read(record) {
        const id = textAt(record, 'uuid')
        if (id === undefined) return { kind: 'malformed', field: 'uuid', why: 'is missing or no text' }
        const time = momentOf(textAt(record, 'published') ?? '')
        if (time === undefined)
          return { kind: 'malformed', field: 'published', why: 'is no ISO 8601 date and time' }
        const type = textAt(record, 'eventType')
        if (type === undefined) return { kind: 'malformed', field: 'eventType', why: 'is missing or no text' }
        const result = textAt(record, 'outcome', 'result') ?? 'UNKNOWN'
        if (LOGINS.has(type)) return login(record, id, time, result)
        const left = MEMBERSHIPS.get(type)
        const event = left === undefined ? LIFECYCLE.get(type as 'user.lifecycle.activate') : 'role-change'
        // what was tried and did not happen changes nobody
        if (event === undefined || !DONE.has(result)) return { kind: 'aside', why: 'other' }
        const principals = targets(record, 'User')
        if (principals.length === 0) return { kind: 'malformed', field: 'target', why: 'it names no user' }
        if (left === undefined) return { kind: 'news', id, at: time, event, principals }
        const groups = targets(record, 'UserGroup')
        if (groups.length === 0) return { kind: 'malformed', field: 'target', why: 'it names no group' }
        return { kind: 'news', id, at: time, event, principals, groups, ...(left && { left }) }
      },
    }
  },
}

export default okta

/** A challenge that is not answered yet is no login, and no refusal. */
function login(record: unknown, id: string, time: number, result: string): SourceRecord {
  if (!DONE.has(result) && !REFUSED.has(result)) return { kind: 'aside', why: 'other' }
  const address = textAt(record, 'client', 'ipAddress')
  const zone = textAt(record, 'client', 'zone')
  const act: Act = {
    ...{ kind: 'act', id, at: time, action: 'login', on: [] },
    principals: namesOf(textAt(record, 'actor', 'id'), textAt(record, 'actor', 'alternateId')),
    outcome: DONE.has(result) ? 'ok' : 'denied',
    ...(address !== undefined && { address }),
    ...(zone !== undefined && zone !== 'null' && { networks: [zone] }),
  }
  return act
}

/** What the first target of a type goes by. */
function targets(record: unknown, type: string): string[] {
  const found = listAt(record, 'target').find((target) => textAt(target, 'type') === type)
  return namesOf(textAt(found, 'id'), textAt(found, 'alternateId'), textAt(found, 'displayName')).filter(
    (name) => name !== 'unknown',
  )
}
