import { canonicalJson, sha256Hex } from '@avouch/core/campaign'
import { AvouchError } from '@avouch/core/errors'
import type { Installation } from '@avouch/core/installation'
import { exchangeDigest } from '@avouch/core/model'
import { settingDigest } from '../driving/setting.ts'
import { stepDigest } from '../driving/step.ts'
import { treeOf } from './leaves.ts'
import { playedAgain } from './played-again.ts'
import { openBoxOf, type SessionBox, type TurnRecord } from './sealed.ts'
import { type StoredStep, stepsOf } from './step-store.ts'
import { findSession, type StoredTurn, turnsOf } from './store.ts'

/**
 * Derives the root of a session again from its sealed bytes, and holds every byte against what is committed to. Where an
 * agent acted, every branch is played again: each answer of a tool and each state must be what was recorded. `note` says
 * where that could not be done.
 */
export async function auditSession(
  installation: Installation,
  id: string,
): Promise<{ root: string; problems: string[]; note?: string }> {
  const session = await findSession(installation.db, id)
  if (!session) return { root: '', problems: ['there is no such session'] }
  try {
    const box = await openBoxOf(installation, session)
    const { root, problems } = await treeOf(installation.db, id, box)
    const [turns, steps] = [await turnsOf(installation.db, id), await stepsOf(installation.db, id)]
    for (const turn of turns) {
      problems.push(...differences(id, turn, box))
      problems.push(
        ...stepDifferences(
          turn,
          steps.filter((step) => step.turn === turn.turn),
          box,
        ),
      )
    }
    if (!session.setting) return { root, problems }
    const setting = box.openSetting(session.setting)
    // Left out where it was erased: what cannot be told is no problem.
    const planned = (await installation.evidence.get(session.plan))?.fields.settingDigest
    if (planned !== undefined && planned !== settingDigest(setting))
      problems.push('what its world is made from is not what its plan commits to')
    const played = await playedAgain(setting, turns, steps, box)
    return {
      root,
      problems: [...problems, ...played.problems],
      ...(played.note !== undefined && { note: played.note }),
    }
  } catch (error) {
    if (!(error instanceof AvouchError) || error.code !== 'proof') throw error
    return { root: '', problems: [error.message] }
  }
}

function* differences(session: string, stored: StoredTurn, box: SessionBox): Generator<string> {
  const { turn, parent, state, asked, answered } = stored
  if (answered === undefined) return
  const frame = box.openAnswer(turn, answered)
  const record = JSON.parse(frame.record) as TurnRecord
  const place = [record.session, record.turn, record.parent, record.fromStep]
  if (canonicalJson(place) !== canonicalJson([session, turn, parent ?? null, stored.fromStep]))
    yield `turn ${turn}: its record is of another place`
  if (record.status !== state) yield `turn ${turn}: its row is not what its record says`
  if (record.said !== sha256Hex(canonicalJson(box.openSaid(turn, asked))))
    yield `turn ${turn}: what was said is not what its record commits to`
  const [exchange] = frame.exchanges
  if (record.exchange !== (exchange && exchangeDigest(exchange)))
    yield `turn ${turn}: the bytes of its call are not what its record commits to`
  if ((record.answer ?? '') !== (frame.answer === '' ? '' : sha256Hex(frame.answer)))
    yield `turn ${turn}: its answer is not what its record commits to`
}

function* stepDifferences(
  { turn, answered }: StoredTurn,
  steps: readonly StoredStep[],
  box: SessionBox,
): Generator<string> {
  if (answered === undefined) return
  const { steps: committed = [] } = JSON.parse(box.openAnswer(turn, answered).record) as TurnRecord
  if (committed.length !== steps.length) yield `turn ${turn}: its steps are not as many as were committed to`
  for (const [n, stored] of steps.entries()) {
    const { record, exchange } = box.openStep(stored)
    if (stored.step !== n + 1 || stepDigest(record) !== committed[n])
      yield `turn ${turn}: step ${stored.step} is not what its record commits to`
    if (record.exchange !== exchangeDigest(exchange))
      yield `turn ${turn}: the bytes of step ${stored.step} are not what it commits to`
  }
}
