import { queryOptions } from '@tanstack/react-query'
import { ask } from './api.ts'

/** What the API says of weights. Moments are RFC 3339, digests SHA-256 in hex, shares from 0 to 1. */
export type WeightObject = {
  id: string
  model: string
  name: string
  digest: string
  bytes: number
  segments: number
  segmentBytes: number
  kek: string
  format: { name: string; tensors: number; parameters: number | null; dtypes: Record<string, number> } | null
  evidence: string
  sealedAt: string
}
export type Objects = {
  objects: WeightObject[]
  unfinished: { id: string; model: string; name: string; bytes: number; begunAt: string }[]
}
/** What somebody read of a model; the share at least and at most, as far as logs tell. */
export type Covered = {
  person: string | null
  share: { low: number; high: number } | null
  reads: number
  /** Of these: of a part that the log does not tell, and of which nothing is told. */
  part: number
  untold: number
  /** Uses of a key that opens the model. */
  keys: number
  bytes: number
  to: string
}
export type ReadCoverage = {
  days: number
  models: {
    model: string
    segments: number | null
    /** It stands sealed, and a mapping tells of other objects: where logs' reads of it lie, nobody knows. */
    unplaced: boolean
    all: Covered
    people: Covered[]
  }[]
}
/** Somebody read alone in an emergency, and nobody has reviewed it yet. */
export type BrokenGlass = {
  id: string
  person: string
  model: string
  environment: string
  emergency: string
  evidence: string
  at: string
  reviewDue: string
  overdue: boolean
}

export type AlertState = 'open' | 'acknowledged' | 'escalated' | 'closed'
export type AlertOutcome = 'true-positive' | 'benign' | 'duplicate' | 'exercise'
export type Alert = {
  id: string
  time: string
  person: string
  people: string[]
  model: string | null
  score: number
  reasons: string[]
  window: { from: string; to: string }
  state: AlertState
  outcome: AlertOutcome | null
  acknowledgedAt: string | null
  closedAt: string | null
  evidence: string | null
  runEvidence: string
}
export type Rate = { value: number; low: number; high: number; level: number; n: number; clusters: number }
export type Alerts = {
  alerts: Alert[]
  outcomes: {
    truePositive: number
    benign: number
    duplicate: number
    exercise: number
    unclosed: number
  }
  precision: Rate | null
}
export type AlertStep = {
  from: string
  to: string
  person: string
  action: string
  model?: string
  host?: string
  sink?: string
  environment?: string
  outcome?: string
  acts: number
  bytes: number
  segments?: [number, number]
  when: 'before' | 'within' | 'after'
}
export type AlertPage = Alert & {
  acts: { act: string; by: string; words: string | null; at: string }[]
  timeline: AlertStep[]
  /** Of the people it is about, those whom nobody linked to anybody enrolled here. */
  unlinked: string[]
}

export type Portion = { object: string; digest: string; segments: [number, number] }
export type AccessRequest = {
  id: string
  holder: string
  askedBy: string | null
  model: string
  objects: Portion[]
  environment: string
  seconds: number
  purpose: string
  reason: string
  endsWithSession: boolean
  approval: string | null
  state: 'asked' | 'granted' | 'refused' | 'withdrawn'
  why: string | null
  askedAt: string
  decidedAt: string | null
  signed: string[]
  /** Why the reader may not approve it; null where they may, or where it is decided. */
  refusal: string | null
}
export type Lease = {
  id: string
  model: string
  object: string
  segments: [number, number]
  holder: string
  environment: string
  start: string
  end: string
  basis: 'grant' | 'break-glass'
  evidence: string
  purpose: string
  state: string
  endedAt: string | null
  bytesRead: number
}
export type Reviews = {
  reviews: {
    id: string
    openedAt: string
    dueAt: string
    closedAt: string | null
    overdue: boolean
    people: number
    decided: number
  }[]
  next: string | null
  /** Ids of those who may decide. */
  reviewers: string[]
}
export type Egress = {
  budgets: {
    id: string
    per: string[]
    only: { environments?: string[]; models?: string[] }
    bytesPerHour?: number
    share?: { of: number; days: number }
  }[]
  evidence: string | null
  lastHour: { model: string; environment: string; bytes: number; people: number }[]
  theft: {
    model: string
    modelBytes: number
    environments: string[]
    alone: number | null
    together: { people: number; seconds: number | null }[]
  } | null
}

const part = encodeURIComponent
const get = <T>(key: readonly unknown[], path: string) =>
  queryOptions({ queryKey: ['weights', ...key], queryFn: () => ask<T>(`/weight-security${path}`) })

export const weightQuestions = {
  objects: (model?: string) =>
    get<Objects>(['objects', model ?? ''], `/objects${model ? `?model=${part(model)}` : ''}`),
  coverage: (model?: string) =>
    get<ReadCoverage>(['coverage', model ?? ''], `/read-coverage${model ? `?model=${part(model)}` : ''}`),
  alerts: (state?: AlertState) =>
    get<Alerts>(['alerts', state ?? ''], `/alerts?limit=500${state ? `&state=${state}` : ''}`),
  brokenGlass: {
    ...get<{ cases: BrokenGlass[] }>(['broken-glass'], '/break-glass?unreviewed=true'),
    refetchInterval: 60_000,
  },
  requests: get<{ requests: AccessRequest[] }>(['requests'], '/requests?limit=200'),
  leases: get<{ leases: Lease[] }>(['leases'], '/leases?limit=500'),
  reviews: get<Reviews>(['reviews'], '/reviews'),
  egress: (model?: string) =>
    get<Egress>(['egress', model ?? ''], `/egress${model ? `?model=${part(model)}` : ''}`),
  alert: (id: string) => get<AlertPage>(['alert', id], `/alerts/${id}`),
}

export function actOnAlert(
  id: string,
  act: { act: 'acknowledge' | 'explain' | 'escalate' | 'close'; words?: string; outcome?: string },
): Promise<AlertPage> {
  return ask(`/weight-security/alerts/${id}/acts`, { body: act })
}

export function refuse(id: string, why: string): Promise<unknown> {
  return ask(`/weight-security/requests/${id}/refuse`, { body: { why } })
}

export function endLease(id: string): Promise<unknown> {
  return ask(`/weight-security/leases/${id}/end`, { method: 'POST', body: {} })
}

/** `45 minutes`, `8 hours`, `12.0 days`. */
export function spanInWords(seconds: number): string {
  const of = (n: number, unit: string): string => `${n} ${unit}${n === 1 ? '' : 's'}`
  if (seconds < 7200) return of(Math.round(seconds / 60), 'minute')
  if (seconds < 172_800) return of(Math.round(seconds / 3600), 'hour')
  return seconds >= 31_536_000_000 ? 'more than a thousand years' : `${(seconds / 86_400).toFixed(1)} days`
}

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']

/** `3.0 GiB`; below a KiB exact. */
export function bytesInWords(bytes: number): string {
  let [value, unit] = [bytes, 0]
  // what would be written as 1024.0 is 1.0 of the next
  while (value >= (unit === 0 ? 1024 : 1023.95) && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`
}

/** `0.4 %`, `37 %`: two figures, for shares of a model. */
export function shareInWords(share: number): string {
  const percent = share * 100
  return `${percent === 0 || percent >= 10 ? Math.round(percent) : percent >= 0.1 ? percent.toFixed(1) : '< 0.1'} %`
}
