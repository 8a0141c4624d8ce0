import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { limitAtOnce } from './at-once.ts'

it('one address has so many requests worked on at once, and its place comes back however a request ends', async () => {
  const app = Fastify()
  limitAtOnce(app)
  let go = (): void => {}
  let gone = new Promise<void>((resolve) => {
    go = resolve
  })
  let working = 0
  app.post('/check', { config: { permission: 'public', atOnce: 2 } }, async () => {
    working++
    await gone
    working--
    return 'done'
  })
  app.get('/other', async () => 'yes')
  const until = async (holds: () => boolean) => {
    while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const ask = async (remoteAddress: string) =>
    (await app.inject({ method: 'POST', url: '/check', remoteAddress })).statusCode
  try {
    const asked = [ask('203.0.113.7'), ask('::ffff:203.0.113.7')]
    await until(() => working === 2)
    expect(await ask('203.0.113.7')).toBe(429)
    const others = ask('203.0.113.8')
    expect((await app.inject({ url: '/other', remoteAddress: '203.0.113.7' })).statusCode).toBe(200)
    go()
    expect(await Promise.all([...asked, others])).toEqual([200, 200, 200])

    await app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = app.server.address() as AddressInfo
    // who leaves while its body is coming gives its place back; who leaves while it is worked on has it still
    const left = async (length: number, body: string) => {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.write(
        `POST /check HTTP/1.1\r\nhost: x\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\n\r\n${body}`,
      )
      return socket
    }
    for (let one = 0; one < 3; one++) {
      const socket = await left(1_000, 'a part')
      await new Promise((resolve) => setTimeout(resolve, 20))
      socket.destroy()
    }
    gone = new Promise<void>((resolve) => {
      go = resolve
    })
    await until(() => working === 0)
    for (let one = 0; one < 2; one++) {
      const socket = await left(3, 'all')
      await until(() => working === one + 1)
      socket.destroy()
    }
    expect(await ask('127.0.0.1')).toBe(429)
    go()
    await until(() => working === 0)
    expect(await ask('127.0.0.1')).toBe(200)
  } finally {
    go()
    await app.close()
  }
})
