import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineCommitment } from '@avouch/core/commitment'
import { keyEvidence } from '@avouch/core/log'
import type { OpenInstallation } from '@avouch/core/open'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer } from './server.ts'
import { openTestInstallation, signedIn } from './testing.ts'

let installation: OpenInstallation
let ran: unknown[]
const rooms = defineCommitment({
  number: 99,
  name: 'rooms',
  title: 'Rooms',
  promise: 'x',
  obligations: [],
  jobs: async () => ({ 'rooms/ring': async (_installation, payload) => void ran.push(payload) }),
})

beforeAll(async () => {
  installation = await openTestInstallation({ AVOUCH_URL: 'http://localhost:4600' })
})
afterAll(() => installation.close())

describe('the server', () => {
  it('listens on a free port, does the work of the queue, and closes by a signal', async () => {
    ran = []
    const stop = new AbortController()
    const server = await startServer(installation, { commitments: [rooms], signal: stop.signal })
    expect(await (await fetch(`${server.url}/healthz`)).json()).toEqual({ status: 'ok' })
    await installation.work.add('rooms/ring', { bell: 1 })
    await expect.poll(() => ran, { timeout: 10_000 }).toEqual([{ bell: 1 }])
    stop.abort()
    await server.close()
    await expect(fetch(`${server.url}/healthz`)).rejects.toThrow()
  })

  it('lets a request under way end when it closes, and cuts one that never would', async () => {
    const begun: string[] = []
    const finish = Promise.withResolvers<void>()
    const slow = defineCommitment({
      ...rooms,
      routes: async () => () => async (app) => {
        app.get('/soon', { config: { permission: 'public' } }, async () => {
          begun.push('soon')
          await finish.promise
          return { ended: true }
        })
        app.get('/never', { config: { permission: 'public' } }, () => {
          begun.push('never')
          return new Promise(() => {})
        })
      },
    })
    const server = await startServer(installation, { commitments: [slow], only: ['portal'], grace: 500 })
    const soon = fetch(`${server.url}/api/rooms/soon`).then((answer) => answer.json())
    const never = fetch(`${server.url}/api/rooms/never`).then(
      () => 'answered',
      () => 'cut',
    )
    await expect.poll(() => begun.length).toBe(2)
    const closed = server.close()
    finish.resolve()
    expect(await soon).toEqual({ ended: true })
    expect(await never).toBe('cut')
    await closed
  })

  it('says which port is taken, and which parts there are', async () => {
    const first = await startServer(installation, { commitments: [], only: ['portal'] })
    const port = Number(new URL(first.url ?? '').port)
    const taken = { ...installation, config: { ...installation.config, port } }
    await expect(startServer(taken, { commitments: [], only: ['portal'] })).rejects.toMatchObject({
      code: 'conflict',
      where: 'AVOUCH_PORT',
    })
    await expect(startServer(installation, { commitments: [], only: [] })).rejects.toMatchObject({
      code: 'usage',
    })
    await first.close()
    const worker = await startServer(installation, { commitments: [], only: ['worker'] })
    expect(worker.url).toBeUndefined()
    await worker.close()
  })

  it('streams what changes to those who may see it, and ends the stream when it closes', async () => {
    const server = await startServer(installation, { commitments: [], only: ['console'] })
    const person = await signedIn(installation, ['auditor'])
    expect((await fetch(`${server.url}/api/events`)).status).toBe(401)
    const answer = await fetch(`${server.url}/api/events`, { headers: { cookie: person.headers.cookie } })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
    let text = ''
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) text += Buffer.from(chunk).toString()
    })()
    await expect
      .poll(() => text, { timeout: 10_000 })
      .toMatch(/event: log\ndata: \{"origin":"example.com\/log"/)
    const campaign = crypto.randomUUID()
    await installation.db.pool.query(
      `insert into campaign.campaign (id, purpose, about, target, items, plan_digest, plan, wrapped_key, state, plan_evidence, created_at, started_at)
       values ($1, 'red-teaming', '{"release":"example@1"}', '{}', 3, 'x', '', '', 'running', $1, now(), now())`,
      [campaign],
    )
    await expect.poll(() => text, { timeout: 10_000 }).toContain(`"id":"${campaign}"`)
    expect(text).toMatch(/"planned":3,"done":0,"counts":\{\}/)
    await installation.db.pool.query(
      `insert into campaign.attempt (campaign, item, round, batch, position, probe, strategy, status, verdict, calls, latency, leaf)
       values ($1, 0, 0, $1, 0, 0, 0, 'executed', 'breach', 1, 1, '')`,
      [campaign],
    )
    await expect.poll(() => text, { timeout: 10_000 }).toContain('"done":1,"counts":{"breach":1}')
    expect((await installation.evidence.list({ type: keyEvidence })).length).toBeGreaterThan(0)
    await server.close()
    await reading
  })
})

describe('the console’s files', () => {
  it('are served with a start page for its own addresses; without them a page says how to build', async () => {
    const unbuilt = await startServer(installation, {
      commitments: [],
      only: ['console'],
      consoleFiles: '/nonexistent',
    })
    const missing = await fetch(`${unbuilt.url}/console/`)
    expect(missing.status).toBe(503)
    expect(await missing.text()).toContain('npm run build')
    await unbuilt.close()

    const files = await mkdtemp(join(tmpdir(), 'avouch-console-'))
    await mkdir(join(files, 'assets'))
    await writeFile(join(files, 'index.html'), '<!doctype html><title>Console</title>')
    await writeFile(join(files, 'assets', 'app-1.js'), 'void 0')
    await writeFile(join(files, '.secret.txt'), 'hidden')
    const server = await startServer(installation, {
      commitments: [],
      only: ['console'],
      consoleFiles: files,
    })
    for (const path of ['/console', '/console/', '/console/releases/example@1.0/', '/console/enrol'])
      expect(await (await fetch(server.url + path)).text()).toContain('<title>Console</title>')
    const script = await fetch(`${server.url}/console/assets/app-1.js`)
    expect(script.headers.get('content-type')).toContain('javascript')
    expect(script.headers.get('cache-control')).toContain('immutable')
    for (const path of [
      '/console/none.js',
      '/console/.secret.txt',
      '/console/..%2f..%2fpackage.json',
      '/console/%2e%2e/package.json',
    ])
      expect(`${path} ${(await fetch(server.url + path)).status}`).toMatch(/ 40[34]$/)
    await server.close()
    await rm(files, { recursive: true })
  })
})
