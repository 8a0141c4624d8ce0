import { defineEvidence } from '@avouch/core/evidence'
import { z } from 'zod'

const person = z.uuid()
const release = z.string().max(200)
const digest = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER)
const segments = z.tuple([count, count])
const name = z.string().min(1).max(100)
const names = z.array(name).max(200)
const at = z.iso.datetime()
/** A person's id, or `local` for the command line. */
const by = z.string().min(1).max(200)
const words = z.string().min(1).max(2000)

/** An object, or a range of its segments. */
export const portion = z.object({ object: z.uuid(), digest, segments })
export type Portion = z.infer<typeof portion>
const portions = z.array(portion).min(1).max(2000)

/** What a person does here, as someone who may has said. */
export const profileEvidence = defineEvidence('weight-security/profile/v1', {
  title: 'Job function set',
  schema: z.object({ person, team: name, functions: names, projects: names, environments: names, by }),
})

/** Somebody asked to read weights; `refused` where the policy in force did not even let them ask. */
export const requestEvidence = defineEvidence('weight-security/request/v1', {
  title: 'Request to read weights',
  schema: z.object({
    request: z.uuid(),
    release,
    objects: portions,
    holder: person,
    by,
    environment: name,
    seconds: count,
    purpose: name,
    reason: words,
    outcome: z.enum(['asked', 'refused']),
    why: z.string().max(2000).nullable(),
    /** Digest of the policy that decided. */
    policy: digest.nullable(),
  }),
  open: ['request', 'outcome'],
})

/** Two people let somebody read weights. The clock starts with the second signature, which the leases record. */
export const grantEvidence = defineEvidence('weight-security/grant/v1', {
  title: 'Leave to read weights',
  schema: z.object({
    request: z.uuid(),
    release,
    objects: portions,
    holder: person,
    environment: name,
    seconds: count,
    purpose: name,
    policy: digest.nullable(),
  }),
  open: ['request'],
})

/** What a grant or a broken glass came to for one object: who may read which segments, where, and until when. */
export const leaseEvidence = defineEvidence('weight-security/lease/v1', {
  title: 'Lease on weights',
  schema: z.object({
    lease: z.uuid(),
    basis: z.enum(['grant', 'break-glass']),
    /** Id of the evidence of that. */
    grant: z.uuid(),
    release,
    object: z.uuid(),
    digest,
    segments,
    holder: person,
    approvers: z.array(person).max(10),
    environment: name,
    start: at,
    end: at,
  }),
  open: ['lease', 'basis', 'grant', 'object', 'start', 'end'],
})

export const END_REASONS = ['revoked', 'returned', 'role-change', 'session-end', 'left', 'review'] as const
export type EndReason = (typeof END_REASONS)[number]

/** A lease ended before its time. */
export const leaseEndEvidence = defineEvidence('weight-security/lease-end/v1', {
  title: 'Lease ended',
  schema: z.object({
    lease: z.uuid(),
    reason: z.enum(END_REASONS),
    at,
    /** Who ended it; null where it ended by itself. */
    by: by.nullable(),
  }),
  open: ['lease', 'reason', 'at'],
})

/** Somebody said at the command line that the clock is right, and that leases were judged at a moment yet to come. */
export const clockEvidence = defineEvidence('weight-security/clock/v1', {
  title: 'Clock of leases set back',
  schema: z.object({ latest: at, now: at, reason: words }),
  open: ['latest', 'now'],
})
