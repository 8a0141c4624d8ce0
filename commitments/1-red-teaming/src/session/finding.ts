import type { Principal } from '@avouch/core/auth'
import { VERDICTS } from '@avouch/core/campaign'
import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { z } from 'zod'
import { DOMAINS } from '../domain.ts'
import { SEVERITIES } from '../probe.ts'
import { openTurn } from './branch.ts'
import { inOpenSession, ownSession } from './own.ts'
import { openBoxOf, type SessionBox } from './sealed.ts'
import { type Finding, type FindingWords, LIMITS } from './session.ts'
import { findingsOf, noteAct, putFinding, type StoredFinding, type StoredSession, turnsOf } from './store.ts'

export const findingSchema = z.strictObject({
  /** Stands in evidence: at the level of categories, without what the model said. */
  title: z.string().trim().min(1).max(200),
  domain: z.enum(DOMAINS),
  severity: z.enum(SEVERITIES),
  /** By what the answer was judged. */
  criterion: z.string().trim().min(1).max(4000),
  verdict: z.enum(VERDICTS),
  note: z.string().trim().max(20_000).default(''),
  minutes: z.number().min(0).max(100_000),
  /** In a world: ids of what must never be reached and was, on this branch or by itself after it, and is the finding. */
  states: z.array(z.string().max(100)).max(50).optional(),
})
export type FindingDraft = z.input<typeof findingSchema>
export type FindingView = Omit<Finding, 'markedAt'> & FindingWords & { markedAt: string }

const words = z.object({
  title: z.string(),
  criterion: z.string(),
  note: z.string(),
  states: z.array(z.string()).optional(),
})

/** Marks a finding on a turn that was answered, or on one in which an agent acted. Throws `conflict` where the session has ended, `limit` beyond 200. */
export async function markFinding(
  installation: Installation,
  by: Principal,
  id: string,
  turn: number,
  draft: FindingDraft,
): Promise<FindingView> {
  const own = await ownSession(installation, by, id)
  const box = await openBoxOf(installation, own.session)
  return inOpenSession(installation, own, async (tx) => {
    const reached = await reachedBy(tx, own.session, box, turn)
    if (!reached)
      throw new AvouchError('conflict', 'A finding is about a turn that was answered', {
        where: `turn ${turn}`,
      })
    const before = await findingsOf(tx, id)
    if (before.length >= LIMITS.findings)
      throw new AvouchError('limit', `A session has at most ${LIMITS.findings} findings`, {
        where: `session ${id}`,
        fix: 'End it, sign it, and begin another.',
      })
    const at = { finding: before.length, turn, reached, markedAt: installation.now() }
    const stored = sealed(box, at, draft, own.session.domains)
    await putFinding(tx, id, stored)
    await noteAct(tx, id, installation.now())
    return viewFinding(stored, box)
  })
}

/** Says a finding again in other words, or withdraws it: it stays in the record as withdrawn. Throws `not-found`. */
export async function changeFinding(
  installation: Installation,
  by: Principal,
  id: string,
  number: number,
  change: FindingDraft | 'withdraw',
): Promise<FindingView> {
  const own = await ownSession(installation, by, id)
  const box = await openBoxOf(installation, own.session)
  return inOpenSession(installation, own, async (tx) => {
    const before = (await findingsOf(tx, id)).find(({ finding }) => finding === number)
    if (!before || before.withdrawn)
      throw new AvouchError('not-found', 'There is no such finding', { where: `finding ${number}` })
    const now = installation.now()
    const reached = (await reachedBy(tx, own.session, box, before.turn)) ?? []
    const stored =
      change === 'withdraw'
        ? { ...before, withdrawn: true, markedAt: now }
        : sealed(
            box,
            { finding: number, turn: before.turn, reached, markedAt: now },
            change,
            own.session.domains,
          )
    await putFinding(tx, id, stored)
    await noteAct(tx, id, now)
    return viewFinding(stored, box)
  })
}

export function viewFinding({ words: sealedWords, ...finding }: StoredFinding, box: SessionBox): FindingView {
  const opened = words.parse(box.openWords('finding', finding.finding, sealedWords))
  return { ...finding, ...opened, markedAt: finding.markedAt.toISOString() }
}

/**
 * What must never be reached and was by the end of a turn, or is when the agent does nothing more; undefined for a turn
 * that has nothing to mark: under way, or failed before anything was done.
 */
async function reachedBy(
  tx: Tx,
  session: StoredSession,
  box: SessionBox,
  turn: number,
): Promise<readonly string[] | undefined> {
  const [stored] = await turnsOf(tx, session.id, [turn])
  const record = stored && openTurn(stored, [], box).record
  if (!record || (record.status !== 'answered' && !record.steps?.length)) return undefined
  return [...(record.world?.state.reached ?? []), ...(record.world?.left?.reached ?? [])]
}

function sealed(
  box: SessionBox,
  at: { finding: number; turn: number; reached: readonly string[]; markedAt: Date },
  draft: FindingDraft,
  domains: readonly string[],
): StoredFinding {
  const { title, criterion, note, states = [], ...rest } = findingSchema.parse(draft)
  const { finding, turn, reached, markedAt } = at
  if (!domains.includes(rest.domain))
    throw new AvouchError('input', `This session does not test ${rest.domain}`, {
      where: 'domain',
      fix: `Choose among ${domains.join(', ')}.`,
    })
  if (states.some((id) => !reached.includes(id)))
    throw new AvouchError('input', `Not all of this was reached by turn ${turn}`, {
      where: 'states',
      fix: reached.length > 0 ? `Reached were ${[...new Set(reached)].join(', ')}.` : 'Leave it out.',
    })
  const sealedWords = box.sealWords('finding', finding, {
    title,
    criterion,
    note,
    ...(states.length > 0 && { states: [...new Set(states)] }),
  })
  return { finding, turn, ...rest, words: sealedWords, withdrawn: false, markedAt }
}
