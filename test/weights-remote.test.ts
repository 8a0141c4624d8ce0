import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createApiKey, recordAccess } from '@avouch/core/auth'
import type { TestPerson } from '@avouch/core/auth/testing'
import { loadConfig } from '@avouch/core/config'
import { type OpenInstallation, openInstallation } from '@avouch/core/open'
import { testDatabase } from '@avouch/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findRequest } from '../commitments/3-weight-security/src/access/request-store.ts'
import { listLeases } from '../commitments/3-weight-security/src/access/store.ts'
import weightSecurity from '../commitments/3-weight-security/src/index.ts'
import { openKek } from '../commitments/3-weight-security/src/kek/open.ts'
import { sealWeights } from '../commitments/3-weight-security/src/object/seal-weights.ts'
import { type RemoteServer, remoteServer } from '../commitments/3-weight-security/src/remote/server.ts'
import { fetchToFile } from '../commitments/3-weight-security/src/remote/to-file.ts'
import { listReads } from '../commitments/3-weight-security/src/serve/store.ts'
import { adoptDefaults, employee, grant, sign } from '../commitments/3-weight-security/test/granted.ts'
import { type CommandLine, commandLine } from './house/command-line.ts'
import { ROOT } from './house/repository.ts'

const MODEL = 'example-model@1'
const plain = randomBytes(2_500_000)
const sha256 = createHash('sha256').update(plain).digest('hex')

let folder: string
let settings: Record<string, string>
let installation: OpenInstallation
let database: Awaited<ReturnType<typeof testDatabase>>
let holder: TestPerson
let approvers: [TestPerson, TestPerson]
let avouch: CommandLine
let server: ChildProcess
let url: string
let secret: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'avouch-remote-'))
  database = await testDatabase()
  const home = join(folder, 'home')
  await mkdir(home, { mode: 0o700 })
  settings = { AVOUCH_DATABASE_URL: database.url, AVOUCH_LOG: 'silent' }
  installation = await openInstallation(loadConfig({ AVOUCH_HOME: home, ...settings }), {
    commitments: [weightSecurity],
  })
  avouch = commandLine(home, settings)
  await adoptDefaults(installation, 'example-model')
  await writeFile(join(folder, 'weights.bin'), plain)
  const kek = await openKek(installation.config)
  await sealWeights(installation, kek, join(folder, 'weights.bin'), { model: MODEL, segmentBytes: 65_536 })
  await kek.close()
  holder = await employee(installation, 'red')
  approvers = [await employee(installation, 'blue'), await employee(installation, 'green')]
  const draft = { name: 'evaluation job', scopes: ['weight-security:use'] }
  secret = (
    await createApiKey(installation, holder.person.id, draft, recordAccess(installation, { kind: 'local' }))
  ).secret
})
afterAll(async () => {
  server?.kill('SIGTERM')
  if (server && server.exitCode === null) await new Promise((done) => server.once('exit', done))
  await installation.close()
  await database.close()
  await rm(folder, { recursive: true, force: true })
})

/** `avouch start --only weights` in a process of its own; its address, once it listens. */
async function started(): Promise<string> {
  const env = { ...process.env, ...settings, AVOUCH_HOME: installation.config.home, AVOUCH_PORT: '0' }
  server = spawn(
    process.execPath,
    [join(ROOT, 'apps/cli/src/main.ts'), 'start', '--only', 'weights', '--json'],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let said = ''
  for await (const chunk of server.stdout!) {
    said += String(chunk)
    if (said.includes('\n}')) break
  }
  // the address that is listened on, whatever name the installation gives itself
  return `http://127.0.0.1:${new URL(JSON.parse(said).url).port}`
}

const partials = async (): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.partial'))

describe('weights at the command line', () => {
  it('are asked for, granted by two people, read under the lease here and from elsewhere, until it ends', async () => {
    const asked = await avouch.json<{ id: string; approval: string }>([
      ...['weights', 'request', MODEL, '--for', holder.person.id, '--environment', 'evaluation'],
      ...['--duration', '1h', '--purpose', 'evaluation', '--reason', 'to run the planned evaluation'],
    ])
    expect(asked.status).toBe(0)
    const request = (await findRequest(installation.db, { id: asked.document.id }))!
    for (const approver of approvers) await sign(installation, approver, request)
    const [lease] = await listLeases(installation.db, { holder: holder.person.id })
    await installation.evidence.logged([lease!.evidence])

    const here = join(folder, 'here.bin')
    const opened = await avouch.json(['weights', 'open', MODEL, '--lease', lease!.id, '--out', here])
    expect(opened).toMatchObject({ status: 0, document: { digest: sha256, lease: lease!.id } })
    expect((await readFile(here)).equals(plain)).toBe(true)

    url = await started()
    const address = `${url}/api/weight-security/objects/${lease!.object}/plaintext?lease=${lease!.id}`
    const range = { range: 'bytes=70000-70099' }
    const part = await fetch(address, { headers: { ...range, authorization: `Bearer ${secret}` } })
    expect([part.status, part.headers.get('content-range')]).toEqual([
      206,
      `bytes 70000-70099/${plain.length}`,
    ])
    expect(Buffer.from(await part.arrayBuffer()).equals(plain.subarray(70_000, 70_100))).toBe(true)
    expect((await fetch(address, { headers: range })).status).toBe(401)
    // the console is not there at all
    const console_ = await fetch(`${url}/api/approvals`, { headers: { authorization: `Bearer ${secret}` } })
    expect(console_.status).toBe(404)

    // another machine has neither database nor keys
    const elsewhere = join(folder, 'elsewhere')
    await mkdir(elsewhere)
    const remote = commandLine(elsewhere, { AVOUCH_API_KEY: secret })
    const there = join(folder, 'there.bin')
    const words = ['weights', 'open', MODEL, '--server', url, '--lease', lease!.id, '--digest', sha256]
    const fetched = await remote.json([...words, '--out', there])
    expect(fetched).toMatchObject({
      ...{ status: 0, document: { sha256, verified: 'given', kept: 0, model: MODEL } },
    })
    expect((await readFile(there)).equals(plain)).toBe(true)
    expect((await stat(there)).mode & 0o777).toBe(0o600)
    expect(await readdir(elsewhere)).toEqual([])
    const [read] = await listReads(installation.db, { lease: lease!.id, limit: 1 })
    expect(JSON.parse(read!.entry)).toMatchObject({ by: 'key', sink: 'http', person: holder.person.id })

    expect((await avouch.run(['weights', 'revoke', lease!.id])).status).toBe(0)
    const after = await remote.json<{ error: { message: string } }>([...words, '--out', `${there}-2`])
    expect([after.status, after.document.error.message]).toEqual([2, 'this lease has ended: revoked'])
    expect(await partials()).toEqual([])
  })
})

describe('reading weights from a server', () => {
  let proxy: Server
  let cutAfter: number
  /** The lease is asked for on one, kept alive; then each piece on another. */
  let connections = 0
  let leaseId: string
  let remote: RemoteServer
  const signal = new AbortController().signal

  beforeAll(async () => {
    // whatever passes is cut after so many bytes
    proxy = createServer((client) => {
      connections++
      let left = cutAfter
      const upstream = connect(Number(new URL(url).port), '127.0.0.1')
      client.pipe(upstream)
      upstream.on('data', (chunk: Buffer) => {
        client.write(chunk.subarray(0, left))
        left -= chunk.length
        if (left <= 0) client.destroy()
      })
      for (const one of [client, upstream])
        one
          .on('error', () => {})
          .on('close', () => {
            client.destroy()
            upstream.destroy()
          })
    })
    await new Promise<void>((done) => void proxy.listen(0, '127.0.0.1', done))
    leaseId = (await grant(installation, { holder, approvers }, { model: MODEL }))[0]!
    const { port } = proxy.address() as AddressInfo
    remote = remoteServer(`http://127.0.0.1:${port}`, secret, undefined)
  })
  afterAll(() => void proxy.close())

  it('goes on where a connection broke, and where a process was killed', async () => {
    cutAfter = 900_000
    const lease = await remote.lease(leaseId, signal)
    const read = { lease, start: 0, end: plain.length - 1, signal }
    const path = join(folder, 'cut.bin')
    const whole = await fetchToFile(remote, read, path, { digest: sha256 })
    expect(whole).toEqual({ bytes: plain.length, kept: 0, sha256 })
    expect(connections).toBeGreaterThanOrEqual(3)
    expect((await readFile(path)).equals(plain)).toBe(true)
    await expect(fetchToFile(remote, read, path)).rejects.toMatchObject({ code: 'conflict' })

    // what a process left that has ended since
    const stopped = new AbortController()
    const second = join(folder, 'killed.bin')
    const onProgress = (done: number): void => {
      if (done > 1_000_000) stopped.abort()
    }
    await expect(
      fetchToFile(remote, { ...read, signal: stopped.signal }, second, { onProgress }),
    ).rejects.toThrow()
    const [left] = await partials()
    const dead = spawnSync(process.execPath, ['--version']).pid
    await rename(join(folder, left!), join(folder, left!.replace(/\.\d+\.partial$/, `.${dead}.partial`)))
    const resumed = await fetchToFile(remote, read, second, { digest: sha256 })
    expect(resumed.kept).toBeGreaterThan(1_000_000)
    expect((await readFile(second)).equals(plain)).toBe(true)
    expect(await partials()).toEqual([])
  })

  it('keeps nothing that is not what was sealed, nor what the lease does not allow', async () => {
    cutAfter = Number.POSITIVE_INFINITY
    const lease = await remote.lease(leaseId, signal)
    const read = { lease, start: 0, end: plain.length - 1, signal }
    const path = join(folder, 'wrong.bin')
    const other = createHash('sha256').update('another').digest('hex')
    await expect(fetchToFile(remote, read, path, { digest: other })).rejects.toMatchObject({ code: 'proof' })
    const lies = { ...read, lease: { ...lease, objectDigest: other } }
    await expect(fetchToFile(remote, lies, path)).rejects.toMatchObject({ code: 'proof' })
    const beyond = { ...read, end: plain.length + 9 }
    await expect(fetchToFile(remote, beyond, path)).rejects.toMatchObject({ code: 'proof' })
    const stranger = await createApiKey(installation, approvers[0].person.id, {
      ...{ name: 'other', scopes: ['weight-security:use'] },
    })
    const theirs = remoteServer(remote.url.origin, stranger.secret, undefined)
    await expect(theirs.lease(leaseId, signal)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(fetchToFile(theirs, read, path)).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('somebody else'),
    })
    expect(await partials()).toEqual([])
    for (const address of ['http://weights.example.com', 'https://me:secret@weights.example.com', 'ftp://x'])
      expect(() => remoteServer(address, secret, undefined)).toThrow(/address|server is named/)
  })
})
