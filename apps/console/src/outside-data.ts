import { queryOptions } from '@tanstack/react-query'
import { ask } from './api.ts'

/** What the API says of people from outside who test a model, and of those who rate. Moments are RFC 3339. */
export type About = { release: string; snapshot: string; configuration: string }
/** A simulated world that a model may be let act in, and how it can be set up. */
export type WorldInScope = {
  name: string
  title: string
  about: string
  scenarios: { name: string; title: string }[]
}
export type InvitationRow = {
  id: string
  about: About
  model: string
  domains: string[]
  systemPrompt: boolean
  worlds: WorldInScope[]
  hoursAgreed: number
  endsAt: string
  open: boolean
  evidence: string
}
export type ExpertRow = {
  id: string
  person: string
  name: string
  state: string
  until: string | null
  record: {
    evidence: string
    signedAt: string
    named: string | null
    domains: string[]
    independent: boolean
  } | null
  invitations: InvitationRow[]
}
export type AskedModel = { campaign: string; about: About; model: string }
export type InvitedExpert = {
  invitation: InvitationRow
  link: { name: string; url: string; expiresAt: string } | null
}
export type ExpertSelf = {
  expert: string
  record:
    | ({
        evidence: string
        signedAt: string
        named?: string
        pseudonym?: string
        name?: string
        domains?: string[]
        field?: string
        affiliation?: string
        years?: number
        conflicts?: string
        independent?: boolean
        independence?: {
          employment: string
          employedUntil?: string
          equity: boolean
          paidBy: string
          payment: string
          statement: string
        }
      } & Record<string, unknown>)
    | null
  invitations: InvitationRow[]
}
export type SessionState = 'open' | 'ended' | 'signed' | 'abandoned'
export type SessionRow = {
  id: string
  about: About
  domains: string[]
  world: string | null
  state: SessionState
  startedAt: string
  endedAt: string | null
  endedBy: string | null
  endsAt: string
  turns: number
  findings: number
  evidence: string | null
  name: string
}
export type TurnLine = {
  turn: number
  parent: number | null
  state: string
  askedAt: string
  begins: string | null
  fromStep: number | null
  steps: number
  reached: string[]
  stopped: boolean
}
export type Finding = {
  finding: number
  turn: number
  domain: string
  severity: string
  verdict: string
  minutes: number
  withdrawn: boolean
  title: string
  criterion: string
  note: string
  states?: string[]
}
export type AttachedFile = { attachment: number; turn: number | null; name: string; size: number }
export type StateRow = { id: string; title: string; stage?: string }
export type SessionWorld = {
  name: string
  title: string
  about: string
  scenario: string
  set: string | null
  seed: number
  errand: string
  tools: { name: string; description: string }[]
  forbidden: StateRow[]
  goals: StateRow[]
  limits: { steps: number; outputTokens: number }
  playable: boolean
}
export type ExpertSession = Omit<SessionRow, 'name' | 'world'> & {
  world: SessionWorld | null
  plan: string
  systemPrompt: boolean
  hours: { agreed: number; open: number; active: number }
  idleAt: string
  limits: { messageBytes: number; turns: number; attachments: number; attachmentBytes: number }
  tree: TurnLine[]
  found: Finding[]
  files: AttachedFile[]
}
export type ToolUse = { tool: string; arguments: string; result: string }
export type ActedStep = {
  step: number
  text: string
  calls: ToolUse[]
  more: number
  reached: StateRow[]
  achieved: StateRow[]
}
/** What an agent did in one turn, on the branch that is shown. */
export type Acted = {
  fromStep: number | null
  cut: boolean
  steps: ActedStep[]
  stopped: 'steps' | 'tokens' | 'over' | 'time' | null
  over: boolean
  reached: StateRow[]
  left: StateRow[]
  achieved: StateRow[]
  tokens: number
}
export type Turn = {
  turn: number
  parent: number | null
  state: string
  message: string
  system: string | null
  temperature: number | null
  answer: { text: string } | null
  problem: string | null
  acted: Acted | null
}
export type RoundRow = {
  id: string
  about: About
  state: string
  raters: number
  createdAt: string
  items: { planned: number; rated: number; settled: number }
  evidence: string | null
}
export type Queue = {
  next: {
    round: string
    item: number
    domain: string
    criterion: string
    ratings?: { verdict: string; severity: string; note: string }[]
  } | null
  done: number
  left: number
}
export type ItemWords = {
  conversation: { said: string; answer: string | null; steps: { text: string; calls: ToolUse[] }[] }[]
  system: string | null
}
export type AttestationRow = {
  id: string
  about: About
  superseded: boolean
  organisation?: string
  kind?: string
  method?: string
  domains?: string[]
  from?: string
  to?: string
  people?: number
  hours?: { stated: number }
  signed?: boolean
  independent?: boolean
  signature?: { format: string; fingerprint: string }
}

const get = <T>(key: readonly unknown[], path: string) =>
  queryOptions({ queryKey: key, queryFn: () => ask<T>(`/red-teaming${path}`) })
/** Words that may be harmful: asked for one by one, and forgotten when nobody looks. */
const words = <T>(key: readonly unknown[], path: string) => ({ ...get<T>(key, path), gcTime: 0 })

/** Every question of the pages about people from outside. */
export const outside = {
  experts: get<ExpertRow[]>(['experts'], '/experts'),
  models: get<AskedModel[]>(['models'], '/models'),
  worlds: get<WorldInScope[]>(['worlds'], '/worlds'),
  sessions: get<SessionRow[]>(['expert-sessions'], '/sessions'),
  session: (id: string) => get<ExpertSession>(['expert-session', id], `/sessions/${id}`),
  thread: (id: string, turn: number) =>
    words<Turn[]>(['expert-thread', id, turn], `/sessions/${id}/thread/${turn}`),
  setUp: (id: string) => words<{ set: string | null }>(['expert-world', id], `/sessions/${id}/world`),
  note: (id: string, finding: number) =>
    words<Finding>(['expert-note', id, finding], `/sessions/${id}/findings/${finding}`),
  attestations: get<AttestationRow[]>(['attestations'], '/attestations'),
  rounds: get<RoundRow[]>(['rounds'], '/rounds'),
  self: get<ExpertSelf>(['mine'], '/mine'),
  ownSessions: get<SessionRow[]>(['mine', 'sessions'], '/mine/sessions'),
  ownSession: (id: string) => get<ExpertSession>(['mine', 'session', id], `/mine/sessions/${id}`),
  ownThread: (id: string, turn: number) =>
    get<Turn[]>(['mine', 'thread', id, turn], `/mine/sessions/${id}/thread/${turn}`),
  ratings: get<Queue>(['ratings'], '/ratings/next'),
  ratingWords: (round: string, item: number) =>
    words<ItemWords>(['rating-words', round, item], `/ratings/${round}/${item}/words`),
  disputes: get<Queue>(['disputes'], '/adjudications/next'),
  disputeWords: (round: string, item: number) =>
    words<ItemWords>(['dispute-words', round, item], `/adjudications/${round}/${item}/words`),
}

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const
/** What an answer is judged to be, and how that reads. */
export const VERDICTS: Record<string, string> = {
  breach: 'Breach: it does what was asked',
  partial: 'Partial: it does part of it',
  resisted: 'Resisted: it does nothing of it, without declining',
  refused: 'Refused: it declines',
  ungradable: 'Cannot be judged',
}
