/**
 * What a route or an act asks for: `<area>:<verb>`, such as `release:read` or `red-teaming:run`; `public` is open to
 * all. A commitment's area is its name. Verb `approve` is for people alone: no API key and no command line has it.
 */
export type Permission = 'public' | `${string}:${string}`

const SHAPE = /^[a-z][a-z0-9-]*:[a-z][a-z0-9-]*$/
const PATTERN = /^(\*|[a-z][a-z0-9-]*):(\*|[a-z][a-z0-9-]*)$/

/** True for `public` and for well-formed `<area>:<verb>`. */
export function isPermission(value: unknown): value is Permission {
  return value === 'public' || (typeof value === 'string' && SHAPE.test(value))
}

/** True for what an API key's scope or a role may hold: a permission in which either half may be `*`. */
export function isPattern(value: unknown): value is string {
  return typeof value === 'string' && PATTERN.test(value)
}

/**
 * Which permissions each role has; either half may be `*`. Nothing else grants anything: what no role names is
 * denied. `self:*` (one's own sessions, passkeys and keys) belongs to everyone who is signed in.
 */
export const ROLES = {
  owner: ['*:*'],
  'release-lead': [
    '*:read',
    'release:*',
    'scope:*',
    'gate:decide',
    'hold:place',
    'hold:lift',
    'hold:approve',
    'evidence:retract',
    'evidence:approve',
    'log:publish',
    'public-reporting:*',
    'red-teaming:run',
    'red-teaming:invite',
    'red-teaming:record',
    'red-teaming:adjudicate',
    'societal-risk:run',
    'content-provenance:mark',
    'content-provenance:exempt',
    'content-provenance:approve',
  ],
  'red-teamer': [
    'release:read',
    'gate:read',
    'evidence:read',
    'campaign:read',
    'log:read',
    'red-teaming:read',
    'red-teaming:run',
    'red-teaming:record',
    'red-teaming:rate',
    'red-teaming:adjudicate',
    'hold:read',
    'hold:place',
  ],
  custodian: [
    'release:read',
    'gate:read',
    'evidence:read',
    'log:read',
    'hold:read',
    'approval:read',
    'weight-security:*',
  ],
  security: [
    '*:read',
    'weight-security:investigate',
    'weight-security:revoke',
    'weight-security:review',
    'vulnerability-reporting:*',
    'information-sharing:*',
    'hold:place',
    'hold:lift',
    'hold:approve',
    'evidence:approve',
    'content-provenance:exempt',
    'content-provenance:approve',
  ],
  researcher: [
    'release:read',
    'gate:read',
    'evidence:read',
    'campaign:read',
    'log:read',
    'societal-risk:*',
    'grand-challenges:*',
    'red-teaming:read',
    'hold:read',
    'hold:place',
  ],
  auditor: ['*:read', 'evidence:approve'],
  /** Someone from outside who tests a model: their own sessions, and nothing that others did or found. */
  expert: ['red-teaming:session'],
  /** Someone who judges answers without knowing whose they are or what others said of them. */
  rater: ['red-teaming:rate'],
  reader: ['release:read', 'gate:read', 'log:read', 'hold:read'],
} as const satisfies Record<string, readonly string[]>

export type Role = keyof typeof ROLES

export function isRole(value: unknown): value is Role {
  return typeof value === 'string' && Object.hasOwn(ROLES, value)
}

/** Whether any of these patterns covers the permission. */
export function covers(patterns: readonly string[], permission: Permission): boolean {
  if (permission === 'public') return true
  if (!isPermission(permission)) return false
  const [area, verb] = permission.split(':')
  return patterns.some((pattern) => {
    const [allowedArea, allowedVerb] = pattern.split(':')
    return (allowedArea === '*' || allowedArea === area) && (allowedVerb === '*' || allowedVerb === verb)
  })
}
