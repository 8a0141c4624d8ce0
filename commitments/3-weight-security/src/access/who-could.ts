import { accessEvidence } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { EvidenceRecord, EvidenceType } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import { leaseEndEvidence, leaseEvidence, profileEvidence } from './evidence.ts'
import type { AccessAction, Policies } from './policy/engine.ts'
import { policyEvidence } from './policy/evidence.ts'
import { digestOf } from './policy/files.ts'
import { listPolicies } from './policy-store.ts'
import { meet, type Span, spansOf } from './timeline.ts'

/** What one person could do with a model in a stretch of time. */
export type Could = {
  person: string
  /** Under a lease: without asking anybody any more. */
  leases: {
    lease: string
    object: string
    segments: [number, number]
    environment: string
    basis: 'grant' | 'break-glass'
    from: Date
    to: Date
  }[]
  /** Alone, by breaking the glass, in these environments. */
  alone: string[]
  /** Only by asking, two others approving, in these environments. */
  byAsking: string[]
}

/** Who could have read, and by what evidence that is known. */
export type WhoCould = {
  model: string
  from: Date
  to: Date
  /** Digests of the policies that were in force. */
  policies: string[]
  people: Could[]
  evidence: { counted: number; notLogged: number; erased: number }
}

type Needs = Pick<Installation, 'db' | 'evidence'>
type Timeline = {
  policies: Span<Policies>[]
  profiles: Map<string, Span<Profile>[]>
  roles: Map<string, Span<string[]>[]>
}
type Profile = { team: string; functions: string[]; projects: string[]; environments: string[] }

/**
 * Who could have read a model in a stretch of time, from the log alone: the policies, job functions, roles and leases
 * that stood then. What is not logged, or was erased, is counted and not used. Throws `proof` where the stored text of
 * policies is not what was adopted.
 */
export async function whoCould(
  installation: Needs,
  model: string,
  stretch: { from: Date; to: Date },
): Promise<WhoCould> {
  const counts = { counted: 0, notLogged: 0, erased: 0 }
  const read = async <T extends Record<string, unknown>>(type: EvidenceType<T>) => {
    const kept: { record: EvidenceRecord; fields: T }[] = []
    for (const record of await installation.evidence.list({ type })) {
      if (record.recordedAt >= stretch.to) continue
      const parsed = type.schema.safeParse(record.fields)
      if (record.state === 'accepted') counts.notLogged++
      else if (record.state === 'erased' || !parsed.success) counts.erased++
      else kept.push({ record, fields: parsed.data })
    }
    counts.counted += kept.length
    return kept
  }
  const timeline: Timeline = {
    policies: await policiesOver(installation, await read(policyEvidence)),
    profiles: spansOf(
      (await read(profileEvidence)).map(({ record, fields: { person, by: _, ...value } }) => ({
        at: record.recordedAt,
        key: person,
        value,
      })),
    ),
    roles: spansOf(
      (await read(accessEvidence))
        .filter(({ fields }) => ['invited', 'roles-set', 'disabled'].includes(fields.change))
        .map(({ record, fields }) => ({ at: record.recordedAt, key: fields.person, value: fields.granted })),
    ),
  }
  const ends = new Map(
    (await read(leaseEndEvidence)).map(({ fields: { lease, at } }) => [lease, new Date(at)]),
  )
  const leases = (await read(leaseEvidence))
    .filter(({ fields }) => fields.release === model)
    .map(({ fields }) => {
      const to = new Date(fields.end)
      const ended = ends.get(fields.lease)
      return { fields, from: new Date(fields.start), to: ended && ended < to ? ended : to }
    })
    .filter((lease) => meet(lease, stretch))
  const people = new Set([...timeline.profiles.keys(), ...leases.map(({ fields }) => fields.holder)])
  const could = [...people].sort().map((person): Could => {
    const byAction = (action: AccessAction): string[] =>
      environmentsOf(timeline, person, model, stretch, action)
    return {
      person,
      leases: leases
        .filter(({ fields }) => fields.holder === person)
        .map(({ fields: { lease, object, segments, environment, basis }, from, to }) => ({
          ...{ lease, object, segments, environment, basis, from, to },
        })),
      alone: byAction('break-glass'),
      byAsking: byAction('request'),
    }
  })
  return {
    model,
    ...stretch,
    policies: timeline.policies.filter((span) => meet(span, stretch)).map(({ value }) => value.digest),
    people: could.filter(
      ({ leases: held, alone, byAsking }) => held.length + alone.length + byAsking.length > 0,
    ),
    evidence: counts,
  }
}

/** The text of each set of policies is taken from the store, and counts only as what the log says was adopted. */
async function policiesOver(
  { db }: Pick<Needs, 'db'>,
  adopted: { record: EvidenceRecord; fields: { digest: string } }[],
): Promise<Span<Policies>[]> {
  if (adopted.length === 0) return []
  const { readPolicies } = await import('./policy/engine.ts')
  const texts = new Map((await listPolicies(db)).map(({ evidence, files }) => [evidence, files]))
  const changes = adopted.map(({ record, fields }) => {
    const files = texts.get(record.id)
    if (files === undefined || digestOf(files) !== fields.digest)
      throw new AvouchError('proof', 'the stored text of policies is not what was adopted', {
        where: `evidence ${record.id}`,
        fix: 'Restore the database from a backup; the text is attached to the evidence as well.',
      })
    return { at: record.recordedAt, key: '', value: readPolicies(files) }
  })
  return spansOf(changes).get('') ?? []
}

/** Where the policies that stood then would have let a person do this, for some purpose they know. */
function environmentsOf(
  { policies, profiles, roles }: Timeline,
  person: string,
  model: string,
  stretch: { from: Date; to: Date },
  action: AccessAction,
): string[] {
  const found = new Set<string>()
  // somebody whose roles the log does not tell is taken to have had none, which is not to have left
  for (const profile of profiles.get(person) ?? [])
    for (const policy of policies)
      for (const held of roles.get(person) ?? [{ ...stretch, value: [''] }]) {
        const all = [profile, policy, held, stretch]
        const from = new Date(Math.max(...all.map((one) => one.from.getTime())))
        const to = new Date(Math.min(...all.map((one) => one.to.getTime())))
        // a person who was disabled holds no role
        if (from >= to || held.value.length === 0) continue
        const purposes = action === 'break-glass' ? ['emergency'] : policy.value.words
        for (const environment of profile.value.environments)
          for (const purpose of purposes.length > 0 ? purposes : ['evaluation']) {
            if (found.has(environment)) break
            const subject = { id: person, ...profile.value, roles: held.value.filter((role) => role !== '') }
            const question = { subject, action, model, environment, purpose, seconds: 60 }
            if (policy.value.decide(question).allowed) found.add(environment)
          }
      }
  return [...found].sort()
}
