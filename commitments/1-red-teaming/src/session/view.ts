import { getPerson } from '@avouch/core/auth'
import { AvouchError } from '@avouch/core/errors'
import type { About } from '@avouch/core/evidence'
import type { Installation } from '@avouch/core/installation'
import type { Domain } from '../domain.ts'
import { endOf, findExpert, findInvitation, type Invitation } from '../expert/store.ts'
import { type AttachmentView, viewAttachment } from './attachment.ts'
import { openThread, openTurn } from './branch.ts'
import { closeAllByClock } from './clock.ts'
import { type FindingView, viewFinding } from './finding.ts'
import { openBoxOf, type SessionBox } from './sealed.ts'
import { activeHours, hoursOf, IDLE_MS, LIMITS, noSuchSession, type Session, type Turn } from './session.ts'
import { stepsOf } from './step-store.ts'
import {
  attachmentsOf,
  findingsOf,
  findSession,
  listSessions,
  type StoredSession,
  turnLines,
  turnsOf,
} from './store.ts'
import { type TurnView, viewThread } from './turn-view.ts'
import { type SessionWorld, viewWorld } from './world-view.ts'

/** A session in a list. */
export type SessionSummary = {
  id: string
  about: Required<About>
  domains: Domain[]
  /** World and scenario that the model acts in; null for a conversation. */
  world: string | null
  state: Session['state']
  startedAt: string
  endedAt: string | null
  endedBy: Session['endedBy'] | null
  /** The last moment to sign. */
  endsAt: string
  turns: number
  findings: number
  evidence: string | null
}

/** A turn in the tree: no words but, for the expert, how their message begins. */
export type TurnLine = {
  turn: number
  parent: number | null
  state: Turn['state']
  askedAt: string
  begins: string | null
  /** In a world: the step of its parent that it goes on from, and the steps taken in it so far. */
  fromStep: number | null
  steps: number
  /** What must never be reached and was, on its branch, by the last of its steps. */
  reached: string[]
  /** Whether the agent was stopped before it was done, and can be let go on without a word. */
  stopped: boolean
}

/** A session as its expert works in it, or as the company reads it: without the words of messages and answers. */
export type SessionView = Omit<SessionSummary, 'world'> & {
  plan: string
  /** What the model acts in; null for a conversation. */
  world: SessionWorld | null
  systemPrompt: boolean
  hours: { agreed: number; open: number; active: number }
  /** When it ends by itself if nothing more is done. */
  idleAt: string
  limits: typeof LIMITS
  tree: TurnLine[]
  found: FindingView[]
  files: AttachmentView[]
}

const BEGINS = 80

/** Sessions of an expert, or all, newest first, as they stand this moment. */
export async function viewSessions(
  installation: Installation,
  of: { expert?: string } = {},
): Promise<(SessionSummary & { expert: string; name: string })[]> {
  await closeAllByClock(installation)
  const sessions = await listSessions(installation.db, of)
  return Promise.all(
    sessions.map(async (session) => {
      const invitation = await invitationOf(installation, session)
      const expert = await findExpert(installation.db, { id: invitation.expert })
      const person = expert && (await getPerson(installation, expert.person))
      return {
        ...(await summaryOf(installation, session, invitation)),
        expert: invitation.expert,
        name: person?.name ?? '',
      }
    }),
  )
}

/** `words`: whether to tell how messages begin and what findings' notes say, as the expert sees them. Throws `not-found`. */
export async function viewSession(
  installation: Installation,
  id: string,
  { words }: { words: boolean },
): Promise<SessionView> {
  const session = await findSession(installation.db, id)
  if (!session) throw noSuchSession(id)
  const invitation = await invitationOf(installation, session)
  const box = await openBoxOf(installation, session)
  const [summary, lines, findings, files] = await Promise.all([
    summaryOf(installation, session, invitation),
    turnLines(installation.db, id),
    findingsOf(installation.db, id),
    attachmentsOf(installation.db, id),
  ])
  const beginnings = words ? await beginningsOf(installation, id, box) : new Map<number, string>()
  const { startedAt, actedAt } = session
  const setting = session.setting && box.openSetting(session.setting)
  const acted = setting ? await actedLines(installation, id, box) : new Map<number, ActedLine>()
  const until = session.endedAt ?? installation.now()
  const acts = [
    startedAt,
    ...lines.flatMap(({ askedAt, answeredAt }) => [askedAt, ...(answeredAt ? [answeredAt] : [])]),
    ...findings.map(({ markedAt }) => markedAt),
    ...files.map(({ attachedAt }) => attachedAt),
  ]
  return {
    ...summary,
    plan: session.plan,
    world: setting ? await viewWorld(setting, { words }) : null,
    systemPrompt: invitation.systemPrompt,
    hours: {
      agreed: invitation.hoursAgreed,
      open: hoursOf(until.getTime() - startedAt.getTime()),
      active: activeHours(acts),
    },
    idleAt: new Date(actedAt.getTime() + IDLE_MS).toISOString(),
    limits: LIMITS,
    tree: lines.map(({ turn, parent, fromStep, state, askedAt }) => ({
      turn,
      parent: parent ?? null,
      state,
      askedAt: askedAt.toISOString(),
      begins: beginnings.get(turn) ?? null,
      fromStep: fromStep ?? null,
      steps: acted.get(turn)?.steps ?? 0,
      reached: acted.get(turn)?.reached ?? [],
      stopped: acted.get(turn)?.stopped ?? false,
    })),
    found: findings.map((one) => ({ ...viewFinding(one, box), ...(!words && { note: '' }) })),
    files: files.map((one) => viewAttachment(one, box)),
  }
}

/** A turn and those before it, with their words. They may be harmful: shown to who asks for them only. Throws `not-found`. */
export async function readThread(installation: Installation, id: string, turn: number): Promise<TurnView[]> {
  const session = await findSession(installation.db, id)
  if (!session) throw noSuchSession(id)
  const box = await openBoxOf(installation, session)
  const thread = await openThread(installation.db, session, box, turn)
  if (thread.length === 0)
    throw new AvouchError('not-found', 'There is no such turn', { where: `turn ${turn} of session ${id}` })
  return viewThread(thread, session.setting && box.openSetting(session.setting))
}

/** What an expert wrote of one finding, likewise. Throws `not-found`. */
export async function readFinding(installation: Installation, id: string, n: number): Promise<FindingView> {
  const session = await findSession(installation.db, id)
  const stored = (await findingsOf(installation.db, id)).find(({ finding }) => finding === n)
  if (!session || !stored)
    throw new AvouchError('not-found', 'There is no such finding', { where: `finding ${n} of session ${id}` })
  return viewFinding(stored, await openBoxOf(installation, session))
}

async function beginningsOf(
  installation: Installation,
  id: string,
  box: SessionBox,
): Promise<Map<number, string>> {
  const turns = await turnsOf(installation.db, id)
  return new Map(
    turns.map(({ turn, asked }) => [
      turn,
      box.openSaid(turn, asked).message.replace(/\s+/g, ' ').trim().slice(0, BEGINS),
    ]),
  )
}

type ActedLine = { steps: number; reached: string[]; stopped: boolean }

/** What was done in each turn of a session in a world, by the turn's number. */
async function actedLines(
  { db }: Installation,
  id: string,
  box: SessionBox,
): Promise<Map<number, ActedLine>> {
  const lines = new Map<number, ActedLine>()
  for (const stored of await stepsOf(db, id)) {
    const { reached } = box.openStep(stored).record.state
    lines.set(stored.turn, { steps: stored.step, reached, stopped: false })
  }
  for (const stored of await turnsOf(db, id)) {
    const line = lines.get(stored.turn)
    if (line && openTurn(stored, [], box).record?.stopped) line.stopped = true
  }
  return lines
}

async function invitationOf(installation: Installation, session: StoredSession): Promise<Invitation> {
  const invitation = await findInvitation(installation.db, session.invitation)
  if (!invitation) throw noSuchSession(session.id)
  return invitation
}

async function summaryOf(
  { db }: Installation,
  session: StoredSession,
  invitation: Invitation,
): Promise<SessionSummary> {
  const [turns, findings] = await Promise.all([turnLines(db, session.id), findingsOf(db, session.id)])
  return {
    id: session.id,
    about: invitation.about,
    domains: session.domains,
    world: session.world ?? null,
    state: session.state,
    startedAt: session.startedAt.toISOString(),
    endedAt: session.endedAt?.toISOString() ?? null,
    endedBy: session.endedBy ?? null,
    endsAt: endOf(invitation).toISOString(),
    turns: turns.length,
    findings: findings.filter(({ withdrawn }) => !withdrawn).length,
    evidence: session.result ?? null,
  }
}
