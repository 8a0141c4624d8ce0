import type { Tx } from '@avouch/core/db'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { METHOD } from '../detection/method.ts'
import { addressesOf, identitiesOf } from '../identity/store.ts'
import type { AlertOutcome, KeptAlert } from './alert.ts'
import { alertClosed } from './evidence.ts'
import { insertAct, lockAlert, updateAlert } from './store.ts'

/** What somebody wants done about an alert. `by` is a person's id, or `command-line`. */
export type AlertMove = { by: string } & (
  | { act: 'acknowledge'; words?: string | undefined }
  | { act: 'explain' | 'escalate'; words: string }
  | { act: 'close'; outcome: AlertOutcome; words: string }
)

const DONE = {
  acknowledge: 'acknowledged',
  explain: 'explained',
  escalate: 'escalated',
  close: 'closed',
} as const

/**
 * Acts on an alert: `acknowledge` says that somebody looks at it, `explain` adds words, `escalate` hands it on, `close`
 * says what it was and records that as evidence; closing again with another outcome corrects the first. Whom an alert is
 * about, under whatever name that is linked to them or is their e-mail address, may explain and nothing else. Throws `not-found`, `conflict` where its state does not allow it, `forbidden`.
 */
export async function actOnAlert(
  installation: Installation,
  id: string,
  move: AlertMove,
): Promise<{ alert: KeptAlert; evidence: string | undefined }> {
  const done = await installation.db.kysely.transaction().execute(async (tx) => {
    const alert = await lockAlert(tx, id)
    if (!alert)
      throw new AvouchError('not-found', 'there is no such alert', {
        where: id,
        fix: '`avouch weights alerts` lists them.',
      })
    const links = await identitiesOf(tx, alert.people)
    const unlinked = alert.people.filter((name) => !links.has(name))
    const own = (await addressesOf(tx, move.by, unlinked)).length > 0 ? [move.by] : []
    checkMove({ ...alert, people: [...alert.people, ...links.values(), ...own] }, move)
    const at = installation.now()
    await insertAct(tx, id, { act: DONE[move.act], by: move.by, words: move.words, at })
    if (move.act === 'acknowledge') await updateAlert(tx, id, { state: 'acknowledged', acknowledgedAt: at })
    // whoever hands it on has looked at it
    if (move.act === 'escalate') await updateAlert(tx, id, { state: 'escalated', acknowledgedAt: at })
    const evidence = move.act === 'close' ? await close(installation, tx, alert, move, at) : undefined
    return { alert: (await lockAlert(tx, id))!, evidence }
  })
  if (done.evidence !== undefined) await installation.evidence.logged([done.evidence])
  return done
}

function checkMove({ state, outcome, people }: KeptAlert, move: AlertMove): void {
  if (move.act !== 'explain' && people.includes(move.by))
    throw new AvouchError('forbidden', 'this alert is about you', {
      fix: 'You may explain it; somebody else has to decide on it.',
    })
  const refuse = (why: string, fix: string): never => {
    throw new AvouchError('conflict', `this alert ${why}`, { fix })
  }
  if (move.act === 'acknowledge' && state !== 'open')
    refuse(`is ${state} already`, 'Explain, escalate or close it.')
  if (move.act === 'escalate' && state === 'closed')
    refuse('is closed', 'Close it with another outcome where the first was wrong.')
  if (move.act === 'close' && state === 'closed' && outcome === move.outcome)
    refuse(`is closed as ${outcome} already`, 'Give another outcome where that was wrong.')
}

async function close(
  installation: Installation,
  tx: Tx,
  alert: KeptAlert,
  { outcome, words, by }: Extract<AlertMove, { act: 'close' }>,
  at: Date,
): Promise<string> {
  const { id, runEvidence, score, groups, people, model, reasons, evidence: before } = alert
  const acknowledgedAt = alert.acknowledgedAt ?? at
  const { id: evidence } = await installation.evidence.accept(tx, {
    type: alertClosed,
    about: {},
    fields: {
      ...{ alert: id, run: runEvidence, method: METHOD, outcome, score, groups, model, why: words, by },
      raisedAt: alert.time,
      acknowledgedAt: acknowledgedAt.toISOString(),
      closedAt: at.toISOString(),
      people: people.slice(0, 100),
      reasons: reasons.map((reason) => reason.slice(0, 4000)),
    },
    ...(before !== undefined && { supersedes: before }),
  })
  await updateAlert(tx, id, { state: 'closed', outcome, acknowledgedAt, closedAt: at, evidence })
  return evidence
}
