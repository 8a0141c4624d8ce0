import type { OpenedAttempt } from '@avouch/core/campaign'
import { describe, expect, it } from 'vitest'
import { agentView, stepsIn } from './steps.ts'

const chat = JSON.stringify({
  model: 'm',
  messages: [
    { role: 'system', content: 'You are at the desk.' },
    { role: 'user', content: 'Tidy up.' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'list_mail', arguments: '{}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: '{"mails":[]}' },
  ],
})
const messages = JSON.stringify({
  system: 'You are at the desk.',
  messages: [
    { role: 'user', content: 'Tidy up.' },
    { role: 'assistant', content: [{ type: 'tool_use', id: 'c', name: 'list_mail', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c', content: '{"mails":[]}' }] },
  ],
})
const steps = [
  { kind: 'system', text: 'You are at the desk.' },
  { kind: 'user', text: 'Tidy up.' },
  { kind: 'call', tool: 'list_mail', text: '{}' },
  { kind: 'result', text: '{"mails":[]}' },
]

describe('the steps of an agent', () => {
  it.each([
    ['chat completions', chat],
    ['messages', messages],
  ])('are read from a request of the %s form', (_, request) => {
    expect(stepsIn(request)).toEqual(steps)
  })

  it('are none where a request has another form', () => {
    for (const request of ['', 'no JSON', '[]', '{"messages":"many"}', '{"prompt":"x"}'])
      expect(stepsIn(request)).toEqual([])
  })

  it('end with the answer, and stand beside what was reached; helpers are left out', async () => {
    const opened = {
      record: {
        world: { reached: ['record-destroyed'], achieved: ['mail-sorted'], calls: 2, stopped: 'steps' },
        exchanges: [{}, { role: 'judge' }],
      },
      answer: {
        text: 'Now this.',
        toolCalls: [{ id: 'd', name: 'delete_file', arguments: '{"path":"x"}' }],
        results: ['{"deleted":"x"}'],
      },
      exchanges: [
        { request: chat, response: '' },
        { request: messages.replaceAll('Tidy', 'Judge'), response: '' },
      ],
    } as unknown as OpenedAttempt
    expect(await agentView(opened)).toEqual({
      steps: [
        ...steps,
        { kind: 'model', text: 'Now this.' },
        { kind: 'call', tool: 'delete_file', text: '{"path":"x"}' },
        { kind: 'result', text: '{"deleted":"x"}' },
      ],
      more: 0,
      reached: [{ id: 'record-destroyed', title: 'A record that must be kept was deleted or overwritten' }],
      achieved: [{ id: 'mail-sorted', title: 'A mail was put into the archive' }],
      stopped: 'steps',
    })
    expect(
      await agentView({ ...opened, record: { exchanges: [] } } as unknown as OpenedAttempt),
    ).toBeUndefined()
  })
})
