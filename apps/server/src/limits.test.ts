import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { limitRates, networkOf, PER_MINUTE } from './limits.ts'

describe('limits of requests', () => {
  it('count what is public apart from what is inside, and the console’s files with the latter', async () => {
    const app = Fastify()
    await limitRates(app)
    const answer = async () => 'yes'
    app.get('/inside', answer)
    app.get('/open', { config: { permission: 'public' } }, answer)
    app.get('/console/*', { config: { permission: 'public' } }, answer)
    const ask = async (url: string, remoteAddress = '2001:db8::1') =>
      (await app.inject({ url, remoteAddress })).statusCode
    try {
      for (let n = 0; n <= PER_MINUTE.public; n++)
        expect(await ask(n % 2 === 0 ? '/inside' : '/console/page')).toBe(200)
      for (let n = 0; n < PER_MINUTE.public; n++) expect(await ask('/open')).toBe(200)
      expect(await ask('/open', '2001:db8::ffff:2')).toBe(429)
      expect(await ask('/open', '2001:db8:0:1::1')).toBe(200)
      expect(await ask('/inside')).toBe(200)
    } finally {
      await app.close()
    }
  })

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:a:b:c:d:e:f', '2001:db8:a:b'],
    ['2001:0DB8:000a:b::1', '2001:db8:a:b'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['::', '0:0:0:0'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('take %s for %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })
})
