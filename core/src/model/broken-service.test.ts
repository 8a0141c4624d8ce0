import { afterEach, describe, expect, it } from 'vitest'
import { HELLO, http, OK, Opened } from './test-service.ts'

const opened = new Opened()
afterEach(() => opened.close())

describe('against broken services', () => {
  it('tries again when the connection is reset before an answer', async () => {
    const url = await opened.service((socket, count) => {
      if (count < 3) socket.resetAndDestroy()
      else socket.write(http('200 OK', OK))
    })
    expect(await opened.target({ url }).ask(HELLO)).toMatchObject({
      outcome: 'answered',
      text: 'fine',
      tries: 3,
    })
  })

  it('says where nobody listens', async () => {
    const url = await opened.service(() => {})
    await opened.close()
    const answer = await opened.target({ url, maxTries: 2 }).ask(HELLO)
    expect(answer).toMatchObject({
      outcome: 'errored',
      tries: 2,
      error: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('does not follow redirects', async () => {
    const url = await opened.service((socket) =>
      socket.write(http('302 Found', '', 'location: http://169.254.169.254/\r\n')),
    )
    expect(await opened.target({ url }).ask(HELLO)).toMatchObject({
      outcome: 'errored',
      tries: 1,
      error: expect.stringContaining('redirect'),
    })
  })

  it('takes names from it that are names, and no text that goes where answers may not', async () => {
    const say = (model: unknown, finish: unknown) =>
      http(
        '200 OK',
        JSON.stringify({ model, choices: [{ message: { content: 'fine' }, finish_reason: finish }] }),
      )
    const given: [model: unknown, finish: unknown][] = [
      ['accounts/example/models/example-7b:free', 'tool_calls'],
      ['Example 3.1 8B Instruct', 'stop'],
      ['x'.repeat(300_000), 'x'.repeat(300_000)],
      ['m\u001b[2J', 'stop\n'],
      ['What was asked for is this: first take one, then take two, and then go on.', 'as I was saying'],
    ]
    const url = await opened.service((socket, count) => socket.write(say(...given[count - 1]!)))
    const target = opened.target({ url })
    const seen = []
    for (const _ of given) {
      const { outcome, servedBy, finish } = await target.ask(HELLO)
      expect(outcome).toBe('answered')
      seen.push([servedBy, finish])
    }
    expect(seen).toEqual([...given.slice(0, 2), ...Array(3).fill([undefined, undefined])])
  })

  it('does not unpack what it did not ask for', async () => {
    let seen = ''
    const url = await opened.service((socket, _, request) => {
      seen = request
      socket.write(http('200 OK', 'xxxx', 'content-encoding: gzip\r\n'))
    })
    expect(await opened.target({ url }).ask(HELLO)).toMatchObject({
      outcome: 'errored',
      error: expect.stringContaining('compressed'),
    })
    expect(seen).toContain('accept-encoding: identity')
  })

  it('does not take bytes that are not UTF-8 for text', async () => {
    const url = await opened.service((socket) =>
      socket.write(http('200 OK', Buffer.from('{"a":"\xff\xfe"}', 'latin1'))),
    )
    expect(await opened.target({ url }).ask(HELLO)).toMatchObject({
      outcome: 'errored',
      error: expect.stringContaining('UTF-8'),
    })
  })

  it('does not repeat what is no HTTP', async () => {
    const url = await opened.service((socket) => socket.end('220 mail.example ESMTP\r\n'))
    expect(await opened.target({ url }).ask(HELLO)).toMatchObject({ outcome: 'errored', tries: 1 })
  })

  it('reads an answer that arrives byte by byte', async () => {
    const url = await opened.service((socket) => {
      const bytes = http('200 OK', OK)
      let at = 0
      const next = (): void => {
        if (at >= bytes.length) return
        socket.write(bytes.subarray(at, at + 1))
        at += 1
        setImmediate(next)
      }
      next()
    })
    expect(await opened.target({ url }).ask(HELLO)).toMatchObject({ outcome: 'answered', text: 'fine' })
  })

  it('calls a stream that ends early cut', async () => {
    const event = `data: ${JSON.stringify({ choices: [{ delta: { content: 'ha' } }] })}\n\n`
    const url = await opened.service((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n${event}`),
    )
    const answer = await opened.target({ url, stream: true }).ask(HELLO)
    expect(answer).toMatchObject({
      outcome: 'errored',
      tries: 1,
      text: '',
      error: expect.stringContaining('cut'),
    })
    expect(String(Buffer.from(answer.raw.response))).toBe(event)
  })

  it('survives JSON nested a million deep', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    const body = `{"choices":[{"message":{"tool_calls":[{"function":{"arguments":${deep}}}]}}]}`
    const url = await opened.service((socket) => socket.write(http('200 OK', body)))
    const target = opened.target({ url, concurrency: 1 })
    for (let i = 0; i < 2; i += 1)
      expect(await target.ask(HELLO)).toMatchObject({
        outcome: 'errored',
        error: expect.stringContaining('deep'),
      })
  })

  it('tells the filter of a service from an error', async () => {
    const filtered = JSON.stringify({ error: { code: 'content_filter', message: 'filtered' } })
    const url = await opened.service((socket) => socket.write(http('400 Bad Request', filtered)))
    expect(await opened.target({ url }).ask(HELLO)).toMatchObject({
      outcome: 'refused-by-provider',
      text: '',
      tries: 1,
    })
  })
})

describe('other wire formats', () => {
  const ask = { messages: [{ role: 'system' as const, content: 'Be brief.' }, ...HELLO.messages] }

  it('asks Anthropic streamed, with its own headers', async () => {
    const key = 'sk-practice-0123456789'
    let sent = ''
    const events = [
      { type: 'message_start', message: { model: 'm-1', usage: { input_tokens: 5 } } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Grüße' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ]
    const stream = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
    const url = await opened.service((socket, _, request) => {
      sent = request
      socket.end(`HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n\r\n${stream}`)
    })
    const target = opened.target(
      { adapter: 'anthropic', url, stream: true, keyVariable: 'EXAMPLE_KEY' },
      { env: { EXAMPLE_KEY: key } },
    )
    expect(await target.ask(ask)).toMatchObject({
      outcome: 'answered',
      text: 'Grüße',
      finish: 'end_turn',
      usage: { inputTokens: 5, outputTokens: 2 },
      servedBy: 'm-1',
    })
    expect(sent).toContain('POST /v1/messages HTTP/1.1')
    expect(sent).toContain(`x-api-key: ${key}`)
    expect(sent).toContain('anthropic-version: 2023-06-01')
    expect(sent).toContain('"system":"Be brief."')
  })

  it('asks any service by a template, by POST and by GET', async () => {
    let sent = ''
    const url = await opened.service((socket, _, request) => {
      sent = request.split('\r\n')[0] ?? ''
      socket.write(http('200 OK', '{"out":["fine"]}'))
    })
    const template = { body: { q: '{{prompt}}' }, textPointer: '/out/0' }
    const post = opened.target({ adapter: 'http', url: `${url}/ask?version=2`, template })
    expect(await post.ask(ask)).toMatchObject({ outcome: 'answered', text: 'fine' })
    expect(sent).toBe('POST /v1/ask?version=2 HTTP/1.1')
    const get = opened.target({ adapter: 'http', url, template: { ...template, method: 'GET' } })
    const answer = await get.ask(ask)
    expect(answer).toMatchObject({ outcome: 'answered', text: 'fine' })
    expect(sent).toBe('GET /v1?q=How+do+I+bake+bread%3F HTTP/1.1')
    expect(String(answer.raw.request)).toBe('/v1?q=How+do+I+bake+bread%3F')
  })
})
