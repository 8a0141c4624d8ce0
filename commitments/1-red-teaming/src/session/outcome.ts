import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Draft } from '@avouch/core/evidence'
import { findingEvidence } from '@avouch/core/gate'
import type { Installation } from '@avouch/core/installation'
import { endOf, findInvitation, type Invitation } from '../expert/store.ts'
import { actedIn } from './acted.ts'
import type { SessionResult } from './evidence.ts'
import { type FindingView, viewFinding } from './finding.ts'
import { treeOf } from './leaves.ts'
import { openBoxOf } from './sealed.ts'
import { activeHours, branchesIn, hoursOf, noSuchSession } from './session.ts'
import { attachmentsOf, findingsOf, lockSession, turnLines } from './store.ts'

/** What a session that has ended comes to, whoever says so. */
export type Outcome = {
  invitation: Invitation
  fields: Pick<
    SessionResult,
    | 'session'
    | 'plan'
    | 'expert'
    | 'domains'
    | 'startedAt'
    | 'endedAt'
    | 'endedBy'
    | 'turns'
    | 'world'
    | 'findingCounts'
    | 'findings'
    | 'found'
    | 'withdrawnFindings'
    | 'attachments'
    | 'transcript'
  >
  hours: { agreed: number; open: number; active: number }
  bulk: Pick<Draft<Record<string, unknown>>, 'bulk' | 'attachments'>
}

/** Adds up a session that has ended. Throws `conflict` where it is open or was concluded. */
export async function outcomeOf(installation: Installation, tx: Tx, id: string): Promise<Outcome> {
  const session = await lockSession(tx, id)
  const invitation = session && (await findInvitation(tx, session.invitation))
  if (!session || !invitation) throw noSuchSession(id)
  const { endedAt, endedBy, startedAt } = session
  if (session.state !== 'ended' || !endedAt || !endedBy)
    throw new AvouchError(
      'conflict',
      session.state === 'open' ? 'This session has not ended' : `This session is ${session.state} already`,
      { where: `session ${id}`, ...(session.state === 'open' && { fix: 'End it first.' }) },
    )
  const box = await openBoxOf(installation, session)
  const [turns, stored, files] = [
    await turnLines(tx, id),
    await findingsOf(tx, id),
    await attachmentsOf(tx, id),
  ]
  if (turns.some(({ state }) => state === 'pending'))
    throw new AvouchError('conflict', 'An answer is still under way in this session', {
      where: `session ${id}`,
      fix: 'Wait a moment and try again.',
    })
  const tree = await treeOf(tx, id, box)
  const world = session.setting && (await actedIn(tx, id, box, box.openSetting(session.setting)))
  const findings = stored.map((one) => viewFinding(one, box))
  const counted = (state: string) => turns.filter((turn) => turn.state === state).length
  const acts = [
    startedAt,
    ...turns.flatMap((turn) => [turn.askedAt, ...(turn.answeredAt ? [turn.answeredAt] : [])]),
    ...stored.map(({ markedAt }) => markedAt),
    ...files.map(({ attachedAt }) => attachedAt),
    ...(endedBy === 'expert' ? [endedAt] : []),
  ]
  const standing = findings.filter(({ withdrawn }) => !withdrawn)
  return {
    invitation,
    fields: {
      session: id,
      plan: session.plan,
      expert: invitation.expert,
      domains: session.domains,
      startedAt: startedAt.toISOString(),
      endedAt: endedAt.toISOString(),
      endedBy,
      turns: {
        asked: turns.length,
        answered: counted('answered'),
        errored: counted('errored'),
        refusedByProvider: counted('refused-by-provider'),
        branches: branchesIn(turns),
      },
      ...(world && { world }),
      findingCounts: countsOf(standing),
      findings: standing.map(({ finding, turn, title, domain, severity, verdict, minutes, states }) => ({
        id: findingName(id, finding),
        turn,
        title,
        domain,
        severity,
        verdict,
        minutes,
        ...(states && { states }),
      })),
      found: standing.length,
      withdrawnFindings: findings.length - standing.length,
      attachments: files.length,
      transcript: tree.root,
    },
    hours: {
      agreed: invitation.hoursAgreed,
      open: hoursOf(
        Math.max(0, Math.min(endedAt.getTime(), endOf(invitation).getTime()) - startedAt.getTime()),
      ),
      active: activeHours(acts),
    },
    bulk: {
      ...(tree.leaves > 0 && { bulk: { root: tree.root, leaves: tree.leaves, records: `session/${id}` } }),
      attachments: files.map(({ attachment, blob, sealedSize, sealedDigest }) => ({
        name: `attachment-${attachment}.sealed`,
        mediaType: 'application/octet-stream',
        size: sealedSize,
        sha256: sealedDigest,
        blob,
      })),
    },
  }
}

/**
 * What was broken stands open at the gate until someone closes it, whoever signed. `trials` are the answers the expert
 * got: one person's search, and no rate.
 */
export function openFindings(
  { fields, invitation }: Pick<Outcome, 'fields' | 'invitation'>,
  source: string,
): Draft<Record<string, unknown>>[] {
  return fields.findings
    .filter(({ verdict }) => verdict === 'breach' || verdict === 'partial')
    .map(({ id, title, severity, domain }) => ({
      type: findingEvidence,
      about: invitation.about,
      fields: {
        finding: id,
        title,
        severity,
        domain,
        source,
        state: 'open',
        events: 1,
        trials: Math.max(1, fields.turns.answered),
      },
    }))
}

function findingName(session: string, finding: number): string {
  return `red-teaming/session/${session}/${finding}`
}

function countsOf(findings: readonly FindingView[]): SessionResult['findingCounts'] {
  const counts: SessionResult['findingCounts'] = {}
  for (const { domain, severity } of findings) {
    const own = counts[domain] ?? {}
    counts[domain] = own
    own[severity] = (own[severity] ?? 0) + 1
  }
  return counts
}
