import type { Status } from '@avouch/ui'
import { queryOptions } from '@tanstack/react-query'
import { ask } from './api.ts'
import type { CampaignNumbers } from './campaign-numbers.ts'

/** What the API answers; its schemas are at `/api/openapi.json`. Moments are RFC 3339. */
export type Me = {
  person: Person
  permissions: string[]
  session?: { id: string; expiresAt: string; steppedUp: boolean }
}
export type Person = {
  id: string
  name: string
  email?: string
  roles: string[]
  state: 'invited' | 'active' | 'disabled'
  createdAt: string
  /** When their access runs out by itself. */
  until?: string
}
export type Release = { name: string; snapshot?: string; configuration?: string; registeredAt?: string }
export type ObligationResult = {
  id: string
  title: string
  promise: string
  binds: string
  force: string
  due: 'before' | 'at' | 'standing'
  status: Status
  why: string
  evidence: string[]
}
export type Verdict = {
  release: string
  ready: boolean
  blockers: string[]
  scope: { decision: string; why: string }
  obligations: ObligationResult[]
  thresholds: {
    adopted: boolean
    results: {
      id: string
      says: string
      status: string
      measured?: number
      corrected: boolean
      bound: number
      evidence: string[]
      beside: { evidence: string; measured?: number; passes: boolean }[]
    }[]
  }
  openFindings: {
    id: string
    title: string
    severity: string
    domain: string
    events: number
    trials: number
  }[]
  holds: { id: string; reason: string; spooled: boolean }[]
  decision: {
    id: string
    decision: 'ship' | 'hold'
    reason: string
    decidedBy: string
    ready: boolean
  } | null
  basis: {
    moment: string
    origin: string
    treeSize: number
    catalogue: string
    thresholds: string | null
    opened: number
    unopened: number
  }
}
export type CommitmentRow = {
  number: number
  name: string
  title: string
  promise: string
  obligations: { id: string }[]
}
export type Proof = { checkpoint: string; evidence: { envelope: string; index: number }[] }
/** What `/api/events` says of a campaign under way. */
export type Progress = {
  id: string
  state: string
  planned: number
  done: number
  counts: Record<string, number>
}
export type Evidence = {
  id: string
  digest: string
  predicateType: string
  about: { release?: string; snapshot?: string; configuration?: string }
  recordedAt: string
  state: 'accepted' | 'logged' | 'erased'
  index?: number
  sequence: number
  signers: string[]
  fields: Record<string, unknown>
  bulk?: { root: string; leaves: number; records: string }
  attachments: { name: string; mediaType: string; size: number; sha256: string }[]
  supersedes?: string
  retracts?: string
  supersededBy?: string
  retractedBy?: string
}
export type Kind = { type: string; title: string; commitment?: string }
export type CheckpointRow = {
  origin: string
  size: number
  root: string
  note: string
  signedAt: string
  witnessedAt?: string
  publishedAt?: string
}
export type Log = {
  origin?: string
  key?: string
  size: number
  published?: CheckpointRow
  witnessed?: CheckpointRow
  checkpoints: CheckpointRow[]
}
export type Rate = { value: number; low: number; high: number; level: number; n: number; clusters: number }
/** What a campaign made of a practice target, of which it is known what was there to find. */
export type Control = {
  evidence: string
  model: string
  seed: number
  planted: number
  found: number
  weaknesses: { id: string; probability: number; fired: number; judged: number; inPlan?: boolean }[]
  rates: Partial<
    Record<'found' | 'sensitivity' | 'falseBreaches' | 'falseBreachesOnTwins' | 'falseRefusals', Rate>
  >
}
export type Ledger = {
  planned: number
  executed: number
  graded: number
  errored: number
  refusedByProvider: number
  notRun: number
}
export type CampaignSummary = {
  id: string
  about: { release?: string; snapshot?: string; configuration?: string }
  model: string
  state: string
  items: number
  createdAt: string
  startedAt: string | null
  endedAt: string | null
  evidence: string | null
}
export type ListedCampaign = CampaignSummary & { done: number; breaches: number; errored: number }
export type Campaign = CampaignSummary &
  CampaignNumbers & {
    ledger: Ledger
    overRefusal: Rate | null
    findings: {
      id: string
      domain: string
      behaviour: string
      severity: string
      strategy: string
      breaches: number
      trials: number
    }[]
    regressions: {
      flaw: string
      severity: string
      domain: string
      state: 'held' | 'broken' | 'not-run' | 'ungraded'
      planned: number
      executed: number
      graded: number
      breaches: number
    }[]
    sealedPacks: {
      digest: string
      author: string
      domain: string
      planned: number
      executed: number
      graded: number
      breaches: number
    }[]
  }
export type Breach = { item: number; probe: string; title: string; strategy: string; verdict: string | null }
export type ImportSummary = {
  id: string
  about: { release?: string; snapshot?: string; configuration?: string }
  tool: string | null
  toolVersion: string | null
  form: string | null
  target: string | null
  file: { name: string; size: number; sha256: string } | null
  ledger: Ledger | null
  plannedKnown: boolean
  findings: number
  recordedAt: string
  standing: boolean
}
export type Import = ImportSummary & {
  domains: {
    domain: string
    coverage: (Ledger & { behavioursGraded: number }) | null
    rate: Rate | null
    corrected: { value: number; low: number; high: number; level: number } | null
    why: string | null
    verdicts?: Record<string, number>
  }[]
  strategies: { strategy: string; rate: Rate }[]
  mapping: { probe: string; domain: string }[]
  verdictRule: string | null
  notes: string[]
  broken: {
    id: string
    domain: string
    probe: string
    severity: string
    breaches: number
    trials: number
  }[]
}
export type ExportForm = { name: string; title: string; ending: string; reference: string }
export type Opened = {
  record: { why?: string; verdict?: string }
  answer?: { text: string }
  exchanges: { request: string; response: string }[]
  /** Of an attempt by an agent: what it did, and what its world came to. */
  agent: AgentView | null
}
export type AgentStep = { kind: 'system' | 'user' | 'model' | 'call' | 'result'; tool?: string; text: string }
export type AgentView = {
  steps: AgentStep[]
  more: number
  reached: { id: string; title: string }[]
  achieved: { id: string; title: string }[]
  stopped?: 'steps' | 'tokens' | 'over'
}
export type Approval = {
  id: string
  act: string
  summary: string
  evidence: string
  digest: string
  statement: string
  requestedBy?: string
  needed: number
  createdAt: string
  expiresAt: string
  approvedAt?: string
  approvals: { personId: string; at: string }[]
}
export type Passkey = {
  id: string
  keyid: string
  label: string
  createdAt: string
  lastUsedAt?: string
  revoked: boolean
}
export type ApiKey = {
  id: string
  name: string
  scopes: string[]
  createdAt: string
  expiresAt: string
  usedAt?: string
  revoked: boolean
}
export type Session = { id: string; method: string; createdAt: string; seenAt: string; expiresAt: string }

const get = <T>(key: readonly unknown[], path: string) =>
  queryOptions({ queryKey: key, queryFn: () => ask<T>(path) })
const part = encodeURIComponent

/** Every question the console asks, by what is asked. The first word of a key is what an act makes stale. */
export const questions = {
  methods: get<{ owner: boolean; singleSignOn: boolean }>(['methods'], '/auth/methods'),
  me: get<Me>(['me'], '/me/'),
  releases: get<Release[]>(['releases'], '/releases'),
  gate: (name: string) => get<Verdict>(['gate', name], `/releases/${part(name)}/gate`),
  commitments: get<CommitmentRow[]>(['commitments'], '/obligations'),
  campaigns: (release?: string) =>
    get<ListedCampaign[]>(
      ['campaigns', release ?? ''],
      `/red-teaming/campaigns${release ? `?release=${part(release)}` : ''}`,
    ),
  campaign: (id: string) => get<Campaign>(['campaign', id], `/red-teaming/campaigns/${id}`),
  control: (id: string) => get<Control | null>(['control', id], `/red-teaming/campaigns/${id}/control`),
  breaches: (id: string, after: number | undefined, domain: string | undefined) =>
    get<Breach[]>(
      ['breaches', id, after ?? '', domain ?? ''],
      `/red-teaming/campaigns/${id}/breaches?limit=25${after === undefined ? '' : `&after=${after}`}${domain ? `&domain=${part(domain)}` : ''}`,
    ),
  attempt: (id: string, item: number) =>
    get<Opened>(['attempt', id, item], `/red-teaming/campaigns/${id}/attempts/${item}`),
  imports: (release?: string) =>
    get<ImportSummary[]>(
      ['imports', release ?? ''],
      `/red-teaming/imports${release ? `?release=${part(release)}` : ''}`,
    ),
  import: (id: string) => get<Import>(['import', id], `/red-teaming/imports/${id}`),
  exportForms: get<ExportForm[]>(['export-forms'], '/red-teaming/exports'),
  kinds: get<Kind[]>(['kinds'], '/evidence-kinds'),
  evidenceList: (filter: { type?: string; release?: string; before?: number }) => {
    const search = new URLSearchParams({ limit: '26' })
    for (const [name, value] of Object.entries(filter))
      if (value !== undefined && value !== '') search.set(name, String(value))
    return get<Evidence[]>(['evidence-list', search.toString()], `/evidence?${search}`)
  },
  evidenceOf: (release: string) =>
    get<Evidence[]>(['evidence-of', release], `/evidence?limit=500&release=${part(release)}`),
  keysOfLog: get<Evidence[]>(
    ['keys-of-log'],
    `/evidence?limit=500&type=${part('https://avouch.dev/evidence/core/key/v1')}`,
  ),
  proof: (id: string) => get<Proof>(['proof', id], `/evidence/${id}/proof`),
  evidence: (id: string) => get<Evidence>(['evidence', id], `/evidence/${id}`),
  log: get<Log>(['log'], '/log'),
  people: get<Person[]>(['people'], '/people/'),
  roles: get<Record<string, string[]>>(['roles'], '/people/roles'),
  approvals: get<Approval[]>(['approvals'], '/approvals/'),
  passkeys: get<Passkey[]>(['passkeys'], '/me/passkeys'),
  keys: get<ApiKey[]>(['keys'], '/me/keys'),
  sessions: get<Session[]>(['sessions'], '/me/sessions'),
}

/** Whether these patterns cover the permission, as the server will judge; it has the last word. */
export function covers(patterns: readonly string[], permission: string): boolean {
  const [area, verb] = permission.split(':')
  return patterns.some((pattern) => {
    const [a, v] = pattern.split(':')
    return (a === '*' || a === area) && (v === '*' || v === verb)
  })
}
