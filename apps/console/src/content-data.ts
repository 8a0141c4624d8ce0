import { queryOptions } from '@tanstack/react-query'
import { ask } from './api.ts'

/** What the API says of marks on generated content. Moments are RFC 3339, days UTC. */
export type MarkingService = {
  number: number
  service: string
  model: string
  since: string
  latest: string | null
  evidence: string | null
  marked: number
  watermark: number
  manifest: number
  uncounted: number
}
export type MarkedDays = {
  from: string
  to: string
  days: {
    service: number
    day: string
    marked: number
    withoutWatermark: number
    withoutManifest: number
  }[]
  /** What came in these days and was not marked. */
  losses: { service: number; refused: number; failed: number }[]
}
export type Layers = {
  /** What cannot be read, in words. */
  problems: string[]
  /** Null where that cannot be told. */
  watermarkKey: boolean | null
  /** Whose certificate signs manifests; null where there is none. */
  signer: { subject: string; until: string; daysLeft: number } | null
  /** Authorities on the trust list. */
  trustList: number
  timeStamped: boolean
  feedback: string | null
}
type Rate = { value: number; low: number; high: number; clusters: number }
export type Robustness = {
  medium: string
  many: string
  state: 'measured' | 'partial' | 'never'
  evidence: string | null
  at: string | null
  expected: (Rate & { size: string }) | null
  unmarked: { executed: number; accepted: number } | null
  worst: (Rate & { change: string; expected: string; planned: number; executed: number; errored: number })[]
  notRun: { change: string; why: string }[]
  unresolved: number
}
/** The newest trial of the public check from outside; `found` is null where it was erased. */
export type Trial = {
  evidence: string
  at: string
  release: string | null
  found: {
    url: string
    marked: { tried: number; found: number }
    unmarked: { tried: number; found: number }
    errors: number
  } | null
}
export type Exemption = {
  class: string
  release: string | null
  state: 'in-force' | 'waiting' | 'withdrawn' | 'unsigned'
  description: string | null
  reason: string | null
  at: string
  evidence: string | null
  approval: { id: string; summary: string; signed: number; needed: number } | null
}

const get = <T>(name: string) =>
  queryOptions({
    queryKey: ['content', name],
    queryFn: () => ask<T>(`/content-provenance/${name}`),
  })

export const contentQuestions = {
  services: get<{ services: MarkingService[] }>('services'),
  days: get<MarkedDays>('days'),
  layers: get<Layers>('layers'),
  robustness: get<{ media: Robustness[]; trial: Trial | null }>('robustness'),
  exemptions: get<{ exemptions: Exemption[] }>('exemptions'),
}
