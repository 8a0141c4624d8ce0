import { queryOptions } from '@tanstack/react-query'
import { ask } from './api.ts'
import type { AccessRequest, BrokenGlass, Lease, Reviews } from './weights-data.ts'

/** What the API says of people's access to weights. Moments are RFC 3339; people are opaque ids. */
export type Known = { id: string; name: string; state: 'invited' | 'active' | 'disabled' }
/** What somebody does here, in the words that policies speak of. */
export type Job = { team: string; functions: string[]; projects: string[]; environments: string[] }
export type Profile = Job & { person: string; evidence: string; changedAt: string }
export type Policies = {
  inForce: boolean
  why: string | null
  since: string | null
  /** What each of them says, by its name. */
  policies: Record<string, string>
  words: string[]
}
export type ReviewItem = {
  person: string
  access: Job & { leases: number }
  decision: 'keep' | 'remove' | null
  decidedBy: string | null
  decidedAt: string | null
  /** Null where nobody decided, or where the reason was erased. */
  words: string | null
  evidence: string | null
}
export type Review = Omit<Reviews['reviews'][number], 'people' | 'decided'> & {
  reviewers: string[]
  items: ReviewItem[]
}
export type GlassOutcome = 'justified' | 'not-justified'
export type GlassCase = BrokenGlass & {
  reviewedAt: string | null
  reviewEvidence: string | null
  outcome: GlassOutcome | null
}
export type WholeCase = GlassCase & {
  leases: Lease[]
  reviewedBy: string | null
  words: string | null
  /** Why the reader may not review it; null where they may, or where it is reviewed. */
  refusal: string | null
}

/** Something the reader is to be told of; `about` is the id of the case, the review or the request. */
export type Told = {
  id: string
  kind: 'break-glass' | 'review-due' | 'request'
  about: string
  madeAt: string
  seenAt: string | null
}
/** What somebody wants to read: files and segments left away stand for all. */
export type Wanted = {
  model: string
  object?: string
  segments?: [number, number]
  environment: string
  seconds: number
}

/** Who could have read a model on a day. */
export type WhoCould = {
  people: {
    person: string
    leases: { lease: string; segments: [number, number]; environment: string }[]
    alone: string[]
    byAsking: string[]
  }[]
  evidence: { counted: number; notLogged: number; erased: number }
}
/** Who did: by our own record, by the logs that are followed, and at the command line without a lease. */
export type WhoDid = {
  reads: {
    person: string
    lease: string
    object: string
    reads: number
    bytes: number
    refused: number
    first: string
    last: string
    unsealed: number
  }[]
  byLogs: {
    person: string
    source: string
    unmapped: boolean
    reads: number
    exports: number
    keys: number
    refused: number
    bytes: number
    last: string
  }[]
  withoutLease: { evidence: string; at: string; bytes: number }[]
}

const onDay = (model: string, on: string): string => `?${new URLSearchParams({ model, on })}`
const get = <T>(key: readonly unknown[], path: string) =>
  queryOptions({ queryKey: ['weights', ...key], queryFn: () => ask<T>(`/weight-security${path}`) })

export const accessQuestions = {
  people: get<{ people: Known[] }>(['people'], '/people'),
  profiles: get<{ profiles: Profile[] }>(['profiles'], '/profiles'),
  policies: get<Policies>(['policies'], '/policies'),
  whoCould: (model: string, on: string) =>
    get<WhoCould>(['who-could', model, on], `/who-could${onDay(model, on)}`),
  whoDid: (model: string, on: string) => get<WhoDid>(['who-did', model, on], `/who-did${onDay(model, on)}`),
  notices: { ...get<{ notices: Told[] }>(['notices'], '/notices'), refetchInterval: 60_000 },
  myRequests: get<{ requests: AccessRequest[] }>(['requests', 'mine'], '/requests/mine'),
  myLeases: get<{ leases: Omit<Lease, 'bytesRead'>[] }>(['leases', 'mine'], '/leases/mine'),
  review: (id: string) => get<Review>(['review', id], `/reviews/${id}`),
  glasses: get<{ cases: GlassCase[] }>(['glasses'], '/break-glass'),
  glass: (id: string) => get<WholeCase>(['glass', id], `/break-glass/${id}`),
}

export function openReview(): Promise<{ id: string }> {
  return ask('/weight-security/reviews', { method: 'POST', body: {} })
}

export function see(id: string): Promise<unknown> {
  return ask(`/weight-security/notices/${id}/seen`, { method: 'POST', body: {} })
}

export function askToRead(wanted: Wanted & { purpose: string; reason: string }): Promise<{ id: string }> {
  return ask('/weight-security/requests', { body: wanted })
}

export function withdraw(id: string, why: string): Promise<unknown> {
  return ask(`/weight-security/requests/${id}/withdraw`, { body: { why } })
}

export function setJob(person: string, job: Job): Promise<Profile> {
  return ask(`/weight-security/profiles/${person}`, { method: 'PUT', body: job })
}

/** What a reviewer found of a broken glass, in words. */
export const GLASS_OUTCOMES: Record<GlassOutcome, string> = {
  justified: 'Justified: there was no time to ask',
  'not-justified': 'Not justified: it should have been asked for',
}
