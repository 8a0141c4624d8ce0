import { createServer, type Socket } from 'node:net'
import { openTarget, type TargetOptions } from './open-target.ts'
import type { ModelRequest, Target, TargetSpec } from './target.ts'

export const HELLO: ModelRequest = { messages: [{ role: 'user', content: 'How do I bake bread?' }] }

/** The smallest chat completion. */
export const OK = JSON.stringify({
  model: 'm',
  choices: [{ message: { content: 'fine' }, finish_reason: 'stop' }],
})

/** What a test opens, so that all of it is closed again in the order it was opened. */
export class Opened {
  readonly #closing: (() => Promise<unknown>)[] = []

  /** A target at loopback, with no jitter. */
  target(spec: Partial<TargetSpec> & { url: string }, options: TargetOptions = {}): Target {
    const target = openTarget(
      { adapter: 'openai', model: 'example-model-2.0', allowPrivate: true, ...spec },
      { random: () => 0, ...options },
    )
    this.add(() => target.close())
    return target
  }

  /** A service that answers each request, by its number, with whatever it does to the socket; its base address. */
  async service(answer: (socket: Socket, count: number, request: string) => void): Promise<string> {
    const sockets = new Set<Socket>()
    let count = 0
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      socket.on('close', () => sockets.delete(socket))
      socket.on('data', (bytes) => {
        count += 1
        answer(socket, count, bytes.toString())
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.add(
      () =>
        new Promise((resolve) => {
          server.close(resolve)
          for (const socket of sockets) socket.destroy()
        }),
    )
    const address = server.address()
    if (typeof address !== 'object' || !address) throw new Error('the test service has no address')
    return `http://127.0.0.1:${address.port}/v1`
  }

  add(close: () => Promise<unknown>): void {
    this.#closing.push(close)
  }

  async close(): Promise<void> {
    for (const close of this.#closing.splice(0)) await close()
  }
}

/** An HTTP/1.1 answer's bytes; each of `headers` ends with CR LF. */
export function http(status: string, body: string | Uint8Array, headers = ''): Buffer {
  const bytes = Buffer.from(body)
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${headers}content-length: ${bytes.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), bytes])
}
