import { findingEvidence } from '@avouch/core/gate'
import { type PracticeTarget, startPracticeTarget } from '@avouch/core/model'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { endInvitationEarly } from '../expert/invite.ts'
import { type EnrolledExpert, enrolExpert, signRecord } from '../expert/testing.ts'
import { openTestInstallation, type TestInstallation } from '../testing.ts'
import { attach } from './attachment.ts'
import { auditSession } from './audit.ts'
import { closeAllByClock, closeByClock, closeSessionJob } from './clock.ts'
import { sessionAbandoned, sessionPlan, sessionResult } from './evidence.ts'
import { changeFinding, type FindingDraft, markFinding } from './finding.ts'
import { beginResult, endSession, finishResult } from './result.ts'
import { send } from './send.ts'
import { IDLE_MS } from './session.ts'
import { startSession } from './start.ts'
import { findSession, turnsOf } from './store.ts'
import { readThread, viewSession } from './view.ts'

const HOUR = 3_600_000
const SECRET = 'a message that must not be seen'

let installation: TestInstallation
let target: PracticeTarget
beforeAll(async () => {
  target = await startPracticeTarget()
  installation = await openTestInstallation()
})
afterAll(async () => {
  await installation.close()
  await target.close()
})

const finding: FindingDraft = {
  title: 'Gives what a category-level request asks for',
  domain: 'cyber',
  severity: 'high',
  criterion: 'It does what was asked.',
  verdict: 'breach',
  note: SECRET,
  minutes: 12,
}
const closing = { coverage: 'Two lines of argument.', hours: { cyber: 1.5 } }

async function begin(expert: EnrolledExpert) {
  const by = await expert.principal()
  const session = await startSession(installation, by, {
    invitation: expert.invitation.id,
    domains: ['cyber'],
    aim: 'To see how far authority goes.',
  })
  return { by, id: session.id, session }
}
async function ready(url = target.url) {
  const expert = await enrolExpert(installation, url)
  await signRecord(installation, expert)
  return expert
}

describe('a session', () => {
  let expert: EnrolledExpert
  beforeAll(async () => {
    expert = await ready()
  })

  it('logs its plan before the model is asked, and asks first who the expert is', async () => {
    const stranger = await enrolExpert(installation, target.url)
    await expect(begin(stranger)).rejects.toMatchObject({ code: 'conflict', where: 'record' })
    const { by, id, session } = await begin(expert)
    const plan = (await installation.evidence.get(session.plan))!
    expect(plan).toMatchObject({ state: 'logged', about: { snapshot: 'id:example-model-2.0' } })
    expect(installation.evidence.read(sessionPlan, plan)).toMatchObject({ session: id, domains: ['cyber'] })
    expect(JSON.stringify(plan)).not.toContain(target.url)
    await expect(begin(expert)).rejects.toMatchObject({ code: 'conflict' })
    await endSession(installation, by, id)
  })

  it('is one at a time under an invitation, also where two begin at once or the invitation ends meanwhile', async () => {
    const hasty = await ready()
    const by = await hasty.principal()
    const said = { invitation: hasty.invitation.id, domains: ['cyber' as const] }
    const begun = await Promise.allSettled(
      Array.from({ length: 4 }, () => startSession(installation, by, said)),
    )
    expect(begun.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const one of begun)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'conflict' })
    const late = await ready()
    const [ended, started] = await Promise.allSettled([
      endInvitationEarly(installation, late.invitation.id),
      begin(late),
    ])
    expect(ended.status).toBe('fulfilled')
    if (started.status === 'fulfilled') {
      await closeAllByClock(installation, late.invitation.id)
      expect((await findSession(installation.db, started.value.id))?.state).not.toBe('open')
    }
  })

  it('tests only what was agreed, and in no world that was not', async () => {
    const by = await expert.principal()
    const start = (change: object) =>
      startSession(installation, by, { invitation: expert.invitation.id, domains: ['cyber'], ...change })
    await expect(start({ domains: ['cbr'] })).rejects.toMatchObject({ code: 'input', where: 'domains' })
    await expect(start({ world: { name: 'office:standard' } })).rejects.toMatchObject({
      code: 'forbidden',
      where: 'world',
    })
    const other = await ready()
    await expect(start({ invitation: other.invitation.id })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('is a tree of turns, each recorded sealed before it is shown, and becomes evidence under the expert’s key', async () => {
    const { by, id, session } = await begin(expert)
    const say = (given: Parameters<typeof send>[3]) => send(installation, by, id, given)
    const first = await say({ message: 'Hello, who are you?', system: 'Be brief.', temperature: 0.5 })
    expect(first).toMatchObject({
      turn: 0,
      parent: null,
      state: 'answered',
      system: 'Be brief.',
      problem: null,
    })
    expect(first.answer?.text).not.toBe('')
    installation.clock.at += HOUR / 2
    const second = await say({ message: SECRET, parent: 0 })
    const branch = await say({ message: 'Another way on.', parent: 0 })
    expect([second.turn, branch.turn, branch.parent]).toEqual([1, 2, 0])
    await expect(say({ message: 'x', parent: 1, system: 'y' })).rejects.toMatchObject({ code: 'input' })
    await expect(say({ message: 'x', parent: 9 })).rejects.toMatchObject({ code: 'conflict' })

    const { rows } = await sql<{ text: string }>`
      select encode(asked, 'escape') || encode(answered, 'escape') as text from red_teaming.turn
      where session = ${id}`.execute(installation.db.kysely)
    expect(rows).toHaveLength(3)
    for (const { text } of rows)
      for (const words of ['Hello', SECRET, 'who']) expect(text).not.toContain(words)
    const [root, leaf] = await readThread(installation, id, 2)
    expect([root?.message, leaf?.message]).toEqual(['Hello, who are you?', 'Another way on.'])
    const [, raw] = await turnsOf(installation.db, id)
    expect(raw?.leaf).toHaveLength(32)

    const marked = await markFinding(installation, by, id, 1, finding)
    await changeFinding(installation, by, id, marked.finding, { ...finding, severity: 'critical' })
    const withdrawn = await markFinding(installation, by, id, 2, { ...finding, title: 'A mistake' })
    await changeFinding(installation, by, id, withdrawn.finding, 'withdraw')
    await expect(markFinding(installation, by, id, 1, { ...finding, domain: 'cbr' })).rejects.toMatchObject({
      code: 'input',
    })
    const bytes = Buffer.from(SECRET)
    await attach(installation, by, id, { name: 'notes.txt', mediaType: 'text/plain', turn: 1 }, bytes)

    installation.clock.at += 2 * HOUR
    await endSession(installation, by, id)
    await expect(say({ message: 'x' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(markFinding(installation, by, id, 0, finding)).rejects.toMatchObject({ code: 'conflict' })
    const too = { ...closing, hours: { cyber: 2.6 } }
    await expect(beginResult(installation, by, id, too)).rejects.toMatchObject({ code: 'input' })
    const begun = await beginResult(installation, by, id, closing)
    const { id: evidence } = await finishResult(installation, by, id, expert.answer(begun))
    await installation.evidence.logged([evidence])

    const record = (await installation.evidence.get(evidence))!
    expect(record.signers).toContain(expert.credential.keyid)
    const result = installation.evidence.read(sessionResult, record)
    expect(result).toMatchObject({
      plan: session.plan,
      signer: 'Example Expert 7',
      independent: true,
      expertOf: ['cyber'],
      turns: { asked: 3, answered: 3, errored: 0, refusedByProvider: 0, branches: 1 },
      findingCounts: { cyber: { critical: 1 } },
      withdrawnFindings: 1,
      attachments: 1,
      hours: { agreed: 8, open: 2.5, stated: 1.5, active: 0.33, elsewhere: 0 },
      endedBy: 'expert',
    })
    expect(record.bulk).toEqual({ root: result.transcript, leaves: 6, records: `session/${id}` })
    expect(JSON.stringify(record)).not.toContain(SECRET)
    expect(await auditSession(installation, id)).toEqual({ root: result.transcript, problems: [] })
    const open = (await installation.evidence.list({ type: findingEvidence })).filter(
      ({ fields }) => fields.source === evidence,
    )
    expect(open).toMatchObject([
      { fields: { severity: 'critical', state: 'open', events: 1, trials: 3, title: finding.title } },
    ])
    await expect(finishResult(installation, by, id, expert.answer(begun))).rejects.toThrow()
    await expect(beginResult(installation, by, id, closing)).rejects.toMatchObject({ code: 'conflict' })
  })

  it('shows in an audit when any of its bytes was changed', async () => {
    const { by, id } = await begin(expert)
    await send(installation, by, id, { message: 'One.' })
    await send(installation, by, id, { message: 'Two.', parent: 0 })
    await attach(installation, by, id, { name: 'x' }, Buffer.from('x'))
    await endSession(installation, by, id)
    const sound = await auditSession(installation, id)
    expect(sound.problems).toEqual([])
    const swap = (a: number, b: number) =>
      sql`update red_teaming.turn t set asked = o.asked, answered = o.answered, leaf = o.leaf
          from red_teaming.turn o where t.session = ${id} and o.session = ${id} and t.turn = ${a} and o.turn = ${b}`.execute(
        installation.db.kysely,
      )
    await swap(0, 1)
    expect((await auditSession(installation, id)).problems).not.toEqual([])
  })

  it('ends nowhere but in its own result: another of the expert’s cannot be signed in its place', async () => {
    const [one, two] = [await begin(expert), undefined]
    await endSession(installation, one.by, one.id)
    const other = two ?? (await begin(expert))
    await endSession(installation, other.by, other.id)
    const none = { coverage: 'Nothing.', hours: {} }
    const begun = await beginResult(installation, one.by, one.id, none)
    await expect(finishResult(installation, one.by, other.id, expert.answer(begun))).rejects.toMatchObject({
      code: 'conflict',
    })
    expect((await findSession(installation.db, one.id))?.state).toBe('ended')
    const again = await beginResult(installation, one.by, one.id, none)
    const { id } = await finishResult(installation, one.by, one.id, expert.answer(again))
    expect((await installation.evidence.get(id))?.bulk).toBeUndefined()
  })
})

describe('the clock', () => {
  it('ends a session in which nothing was done for a day; the expert can still sign', async () => {
    const expert = await ready()
    const { by, id } = await begin(expert)
    await send(installation, by, id, { message: 'Hello.' })
    installation.clock.at += IDLE_MS
    await closeByClock(installation, id)
    expect(await viewSession(installation, id, { words: false })).toMatchObject({
      state: 'ended',
      endedBy: 'idle',
      tree: [{ begins: null }],
    })
    const back = await expert.principal()
    const begun = await beginResult(installation, back, id, closing)
    await finishResult(installation, back, id, expert.answer(begun))
    expect((await findSession(installation.db, id))?.state).toBe('signed')
  })

  it('records what nobody signed in time as abandoned, findings and all, once', async () => {
    const expert = await ready()
    const { by, id } = await begin(expert)
    await send(installation, by, id, { message: 'Hello.' })
    await markFinding(installation, by, id, 0, finding)
    installation.clock.at = expert.invitation.endsAt.getTime()
    await closeAllByClock(installation)
    await closeAllByClock(installation)
    const abandoned = (await installation.evidence.list({ type: sessionAbandoned })).filter(
      ({ fields }) => fields.session === id,
    )
    expect(abandoned).toHaveLength(1)
    expect(installation.evidence.read(sessionAbandoned, abandoned[0]!)).toMatchObject({
      endedBy: 'idle',
      turns: { answered: 1 },
      findingCounts: { cyber: { high: 1 } },
    })
    expect(
      (await installation.evidence.list({ type: findingEvidence })).some(
        ({ fields }) => fields.source === abandoned[0]!.id,
      ),
    ).toBe(true)
    await expect(expert.principal()).rejects.toMatchObject({ code: 'unauthenticated' })
    await expect(send(installation, by, id, { message: 'x' })).rejects.toMatchObject({ code: 'conflict' })
  })

  it('looks again by a job, so that a session of which nobody asks is not lost either', async () => {
    const expert = await ready()
    const { id } = await begin(expert)
    const planned = async () =>
      (
        await sql<{ at: Date }>`select run_at as at from graphile_worker._private_jobs
          where key like ${`%/${id}%`} order by run_at`.execute(installation.db.kysely)
      ).rows.map(({ at }) => at.getTime())
    const end = expert.invitation.endsAt.getTime()
    expect(await planned()).toEqual([end])
    installation.clock.at = end - 1
    await closeSessionJob(installation, { session: id })
    expect(await planned()).toEqual([end, end - 1 + 60_000])
    installation.clock.at = end
    await closeSessionJob(installation, { session: id })
    expect((await findSession(installation.db, id))?.state).toBe('abandoned')
    await closeSessionJob(installation, { session: id })
    expect(await planned()).toHaveLength(2)
  })

  it('abandons what was not signed when the invitation is ended early', async () => {
    const expert = await ready()
    const { id } = await begin(expert)
    await endInvitationEarly(installation, expert.invitation.id)
    expect(await findSession(installation.db, id)).toMatchObject({ state: 'abandoned', endedBy: 'end-date' })
  })

  it('records a turn whose process died as lost, and lets the expert go on', async () => {
    const expert = await ready()
    const { by, id } = await begin(expert)
    await send(installation, by, id, { message: 'Hello.' })
    await sql`update red_teaming.turn set state = 'pending', answered = null, leaf = null, answered_at = null
              where session = ${id}`.execute(installation.db.kysely)
    await expect(send(installation, by, id, { message: 'x' })).rejects.toMatchObject({ code: 'conflict' })
    await expect(endSession(installation, by, id)).rejects.toMatchObject({ code: 'conflict' })
    installation.clock.at += 200_000
    expect((await send(installation, by, id, { message: 'x' })).state).toBe('answered')
    const [lost] = await readThread(installation, id, 0)
    expect(lost).toMatchObject({ state: 'errored', answer: null, message: 'Hello.' })
    expect(lost?.problem).toContain('stopped before')
  })
})
