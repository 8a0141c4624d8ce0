import { AvouchError } from '@avouch/core/errors'
import type { ModelResponse } from '@avouch/core/model'
import { describe, expect, it } from 'vitest'
import { answered } from '../test-attack.ts'
import { type DriveOptions, drive } from './drive.ts'
import { loadSandboxes } from './scenario.ts'
import type { Step } from './step.ts'

const { kind } = (await loadSandboxes()).get('office')!
const looks: Partial<ModelResponse> = {
  text: '',
  toolCalls: [{ id: 'a', name: 'list_payees', arguments: '{}' }],
}

/** Drives a model that plays its answers one after another, the last again and again; and what was noted. */
async function driven(answers: Partial<ModelResponse>[], change: Partial<DriveOptions> = {}) {
  const noted: Step[] = []
  let asked = 0
  const ended = await drive({
    world: kind.make({}, 1),
    messages: [{ role: 'user', content: 'go on' }],
    limits: { steps: 5, outputTokens: 1000 },
    spent: 0,
    conversationBytes: 100_000,
    mayGoOn: () => true,
    ask: async () => answered(answers[Math.min(asked++, answers.length - 1)]),
    note: async (step) => {
      noted.push(step)
    },
    ...change,
  })
  return { ended, noted, asked }
}

describe('an agent that is driven', () => {
  it('ends in words, or where its steps, its tokens or its time are used up', async () => {
    const words = await driven([looks, { text: 'done' }])
    expect(words.ended).toMatchObject({ last: { text: 'done' } })
    expect(words.noted).toMatchObject([{ toolCalls: looks.toolCalls, state: { calls: 1 }, tokens: 1 }])
    expect(await driven([looks])).toMatchObject({ ended: { stopped: 'steps' }, asked: 5 })
    expect((await driven([looks], { spent: 999 })).ended).toEqual({ stopped: 'tokens' })
    let steps = 0
    const slow = await driven([looks], { mayGoOn: () => steps++ < 2 })
    expect(slow).toMatchObject({ ended: { stopped: 'time' }, noted: [{}, {}] })
  })

  it('ends in a failure that quotes nobody where the model, the conversation or a tool fails', async () => {
    const broken = { ...kind.make({}, 1), call: () => JSON.parse('{SECRET') as string }
    const defect = await driven([looks], { world: broken })
    expect(defect.ended).toEqual({ last: { failed: 'A tool of the world failed: SyntaxError.' } })
    const long = await driven([looks], { conversationBytes: 500 })
    expect(long.ended).toMatchObject({ last: { failed: expect.stringContaining('too long') } })
    expect(long.noted.length, 'what was done before it stands').toBeGreaterThan(0)
    const down = await driven([looks], {
      ask: () => Promise.reject(new AvouchError('unavailable', 'No answer.')),
    })
    expect(down).toMatchObject({ ended: { last: { failed: 'No answer.' } }, noted: [] })
    expect((await driven([looks, { outcome: 'errored' }])).ended).toMatchObject({
      last: { outcome: 'errored' },
    })
  })

  it('does not go on from a step that could not be kept', async () => {
    let asked = 0
    const lost = driven([looks], {
      ask: async () => {
        asked++
        return answered(looks)
      },
      note: () => Promise.reject(new AvouchError('conflict', 'It was recorded as lost.')),
    })
    await expect(lost).rejects.toMatchObject({ code: 'conflict' })
    expect(asked).toBe(1)
  })
})
