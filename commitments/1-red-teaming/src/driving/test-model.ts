import { createServer, type ServerResponse } from 'node:http'

type Sent = { role: string; content: string | null; tool_calls?: { id: string }[]; tool_call_id?: string }

/** A service that plays what it is told to, so that tests know each step; `asked` is how often it was asked. */
export type ScriptedModel = {
  url: string
  asked: { messages: Sent[]; max_tokens?: number; seed?: number }[]
  /** Answers that are held back, to be let go or never. */
  held: ServerResponse[]
  close(): Promise<void>
}

/**
 * The newest message of the user is its script, a line a step: `TOOL {JSON}` calls a tool, several with ` && ` between
 * them, `hold` never answers, `break` answers with a broken status, and anything after `say ` ends in words. Its place
 * follows from the conversation alone, as with a real model. What lies beyond the script is "Done.".
 */
export async function scriptedModel(): Promise<ScriptedModel> {
  const asked: ScriptedModel['asked'] = []
  const held: ServerResponse[] = []
  const server = createServer((request, reply) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as ScriptedModel['asked'][number]
      asked.push(body)
      const at = body.messages.findLastIndex(({ role }) => role === 'user')
      const line = (body.messages[at]?.content ?? '').split('\n')[
        body.messages.slice(at + 1).filter(({ role }) => role === 'assistant').length
      ]
      if (line === 'hold') held.push(reply)
      else if (line === 'break') reply.writeHead(418).end('no')
      else
        reply
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify(completion(line, asked.length)))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('the scripted model has no address')
  return {
    url: `http://127.0.0.1:${address.port}/v1`,
    asked,
    held,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function completion(line: string | undefined, n: number): object {
  const words = line === undefined ? 'Done.' : /^say (.*)/.exec(line)?.[1]
  const calls = (line ?? '').split(' && ').map((one, k) => {
    const [, name = '', given = '{}'] = /^(\S+)\s*(.*)$/s.exec(one) ?? []
    return { id: `c${n}-${k}`, type: 'function', function: { name, arguments: given } }
  })
  return {
    model: 'example-model-2.0',
    choices: [
      words === undefined
        ? { message: { role: 'assistant', content: null, tool_calls: calls }, finish_reason: 'tool_calls' }
        : { message: { role: 'assistant', content: words }, finish_reason: 'stop' },
    ],
    usage: { prompt_tokens: 10, completion_tokens: 20 },
  }
}
