import { queryOptions } from '@tanstack/react-query'
import { ask } from './api.ts'

/** What the API says of marks on generated content. Moments are RFC 3339. */
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
export type Marking = {
  services: MarkingService[]
  /** Whose certificate signs manifests; null where there is none. */
  signer: { subject: string; until: string } | null
  /** Authorities on the trust list. */
  trustList: number
  timeStamped: boolean
  feedback: string | null
}

export const contentQuestions = {
  services: () =>
    queryOptions({
      queryKey: ['content', 'services'],
      queryFn: () => ask<Marking>('/content-provenance/services'),
    }),
}
